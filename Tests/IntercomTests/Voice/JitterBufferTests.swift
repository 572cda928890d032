// SPDX-License-Identifier: Apache-2.0
import Facility
import Intercom
import Testing

struct JitterBufferTests {
    static func at(_ ms: Double) -> Uptime { Uptime(nanoseconds: UInt64(1e9 + ms * 1e6)) }

    /// Frame n is made at 10 n ms; its one byte is n.
    static func put(_ number: Int, at ms: Double, to buffer: inout JitterBuffer, isCopy: Bool = false)
        -> JitterBuffer.Arrival
    {
        buffer.put(
            sequence: UInt16(truncatingIfNeeded: 65_530 + number), timestamp: UInt32(480 * number),
            packet: [UInt8(truncatingIfNeeded: number)], start: 0, count: 1, at: at(ms), isCopy: isCopy)
    }

    static func next(_ buffer: inout JitterBuffer, at ms: Double) -> Int? {
        if case .play(let slot) = buffer.next(at: at(ms), pendingUs: 0) {
            return Int(buffer.bytes[slot * buffer.slotBytes])
        }
        return nil
    }

    @Test func frames_arePlayedInOrder_howeverTheyCame() {
        var buffer = JitterBuffer(clockRate: 48_000, frameMs: 10)
        for (number, ms) in [(0, 0.0), (2, 20), (1, 21), (3, 30)] {
            let arrival = Self.put(number, at: ms, to: &buffer)
            #expect(arrival == .kept)
        }
        let played = (0..<4).map { Self.next(&buffer, at: 40 + Double($0) * 10) }
        #expect(played == [0, 1, 2, 3])
    }

    @Test func duplicates_areRefused_lateOnesToo() {
        var buffer = JitterBuffer(clockRate: 48_000, frameMs: 10)
        _ = Self.put(0, at: 0, to: &buffer)
        let twice = Self.put(0, at: 1, to: &buffer)
        #expect(twice == .duplicate)
        _ = Self.next(&buffer, at: 20)
        let late = Self.put(0, at: 30, to: &buffer)
        #expect(late == .late)
    }

    @Test func lostFrame_isConcealedOnce_thenTheNextIsPlayed() {
        var buffer = JitterBuffer(clockRate: 48_000, frameMs: 10)
        _ = Self.put(0, at: 0, to: &buffer)
        #expect(Self.next(&buffer, at: 10) == 0)
        let missing = buffer.next(at: Self.at(20), pendingUs: 0)
        #expect(missing == .conceal)
        _ = Self.put(2, at: 22, to: &buffer)
        #expect(Self.next(&buffer, at: 30) == 2)
        #expect(buffer.lostCount == 1)
    }

    @Test func copy_fillsTheGap_beforeItIsPlayed() {
        var buffer = JitterBuffer(clockRate: 48_000, frameMs: 10)
        _ = Self.put(0, at: 0, to: &buffer)
        #expect(Self.next(&buffer, at: 10) == 0)
        _ = Self.put(2, at: 20, to: &buffer)
        _ = Self.put(1, at: 20, to: &buffer, isCopy: true)
        let played = (0..<2).map { Self.next(&buffer, at: 20 + Double($0) * 10) }
        #expect(played == [1, 2])
        #expect(buffer.copyCount == 1)
    }

    @Test func lostFrame_isTakenFromTheNext_whenTheCodecCarriesIt() {
        var buffer = JitterBuffer(clockRate: 48_000, frameMs: 10)
        buffer.hasInbandCopies = true
        _ = Self.put(0, at: 0, to: &buffer)
        #expect(Self.next(&buffer, at: 10) == 0)
        _ = Self.put(2, at: 20, to: &buffer)
        let recovered = buffer.next(at: Self.at(20), pendingUs: 0)
        if case .recover = recovered {} else { Issue.record("\(recovered)") }
        #expect(Self.next(&buffer, at: 30) == 2)
    }

    @Test func newStream_isTaken_afterSeveralFrames() {
        var buffer = JitterBuffer(clockRate: 48_000, frameMs: 10)
        for number in 0..<5 { _ = Self.put(number, at: Double(number) * 10, to: &buffer) }
        let arrivals = (0..<5).map { Self.put(20_000 + $0, at: 60 + Double($0) * 10, to: &buffer) }
        #expect(arrivals.prefix(3).allSatisfy { $0 == .late })
        #expect(arrivals[3] == .restarted && arrivals[4] == .kept)
    }

    @Test func longFrame_isRefused() {
        var buffer = JitterBuffer(clockRate: 48_000, frameMs: 10)
        let arrival = buffer.put(
            sequence: 1, timestamp: 1, packet: [UInt8](repeating: 0, count: 1_400), start: 0, count: 1_400,
            at: Self.at(0))
        #expect(arrival == .tooLong)
    }

    /// Property: whatever is lost, doubled and out of order, each frame is played at most once and in order.
    @Test(arguments: 0..<20)
    func frames_arePlayedOnceAndInOrder_whateverTheWire(seed: Int) {
        var state = UInt64(seed &* 7_919 &+ 17)
        func chance(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var buffer = JitterBuffer(clockRate: 48_000, frameMs: 10)
        var events: [(ms: Double, number: Int)] = []
        for number in 0..<200 where chance(10) > 0 {
            events.append((Double(number * 10 + chance(25)), number))
            if chance(20) == 0 { events.append((Double(number * 10 + chance(60)), number)) }
        }
        events.sort { $0.ms < $1.ms }
        var played: [Int] = []
        var next = 0
        for ms in stride(from: 0.0, to: 2_200, by: 10) {
            while next < events.count, events[next].ms <= ms {
                _ = Self.put(events[next].number, at: events[next].ms, to: &buffer)
                next += 1
            }
            if let number = Self.next(&buffer, at: ms) { played.append(number) }
        }
        #expect(played == Array(Set(played)).sorted())
        #expect(played.count > 140)
    }
}
