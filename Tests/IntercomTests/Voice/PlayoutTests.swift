// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Glibc
import Intercom
import Testing

/// In a time of its own: frames of G.711, pulled in steps of 2.5 ms.
struct PlayoutTests {
    /// What comes out of `seconds` of a tone; `late` and `isLost` say how each frame comes, `drift` how much
    /// quicker the other side's clock is.
    static func played(
        seconds: Double, drift: Double = 0, late: (Int) -> Double = { _ in 0 },
        isLost: (Int) -> Bool = { _ in false }
    ) -> (playout: Playout, out: [Int16], waitUs: [Int]) {
        let codec = G711Codec(.u)
        let playout = Playout(codec: codec, choice: .pcmu(payloadType: 0), frameMs: 10, rateHz: 8_000)
        let (frame, out) = (SampleBlock(80), SampleBlock(20))
        var (bytes, heard, waits) = ([UInt8](repeating: 0, count: 200), [Int16](), [Int]())
        var arrivals: [(ms: Double, number: Int)] = []
        for number in 0..<Int((seconds + 1) * 100) where !isLost(number) {
            arrivals.append((Double(number) * 10 * (1 - drift) + late(number), number))
        }
        arrivals.sort { $0.ms < $1.ms }
        var next = 0
        for step in 0..<Int(seconds * 400) {
            let now = Double(step) * 2.5
            while next < arrivals.count, arrivals[next].ms <= now {
                let number = arrivals[next].number
                for index in 0..<80 { frame[index] = Int16(6_000 * sin(Double(number * 80 + index) * 0.35)) }
                let count = codec.encode(frame, count: 80, into: &bytes)
                _ = playout.put(
                    bytes, start: 0, count: count, sequence: UInt16(truncatingIfNeeded: number),
                    timestamp: UInt32(number * 80),
                    at: Uptime(nanoseconds: UInt64(1e9 + arrivals[next].ms * 1e6)))
                next += 1
            }
            let at = Uptime(nanoseconds: UInt64(1e9 + now * 1e6))
            playout.pull(out, count: 20, at: at)
            waits.append(playout.waitUs(at: at))
            for index in 0..<20 { heard.append(out[index]) }
        }
        return (playout, heard, waits)
    }

    @Test func evenFrames_areNeverConcealed_andWaitLittle() {
        let (playout, out, waits) = Self.played(seconds: 10)
        #expect(playout.concealedCount == 0 && playout.lostCount == 0)
        #expect(waits.suffix(400).allSatisfy { $0 < 10_000 }, "\(waits.suffix(5))")
        #expect(out.suffix(400).contains { $0 > 5_000 })
    }

    @Test(arguments: [-300e-6, 300e-6])
    func drift_isFollowed_withoutAGap(drift: Double) {
        let (playout, _, waits) = Self.played(seconds: 60, drift: drift)
        #expect(playout.concealedCount == 0)
        #expect(waits.suffix(400).allSatisfy { $0 < 14_000 }, "\(waits.suffix(5))")
    }

    @Test func wait_grows_withUnevenFrames() {
        let (playout, _, waits) = Self.played(seconds: 20, late: { $0 % 7 == 0 ? 30 : 0 })
        #expect(playout.concealedCount < 40, "\(playout.concealedCount)")
        #expect(waits.suffix(100).allSatisfy { $0 > 25_000 && $0 < 60_000 })
    }

    @Test func lostFrames_areConcealed_oneForOne() {
        let (playout, _, _) = Self.played(seconds: 20, isLost: { $0 % 20 == 3 })
        #expect((95...110).contains(playout.concealedCount), "\(playout.concealedCount)")
    }
}
