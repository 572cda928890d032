// SPDX-License-Identifier: Apache-2.0
import Facility
import Intercom
import Testing

struct StreamCountTests {
    static func head(_ number: Int, source: UInt32 = 5) -> RTPPacket {
        RTPPacket(
            payloadType: 0, sequence: UInt16(truncatingIfNeeded: number), timestamp: UInt32(80 * number),
            source: source)
    }

    static func at(_ ms: Int) -> Uptime { Uptime(nanoseconds: UInt64(1_000 + ms) * 1_000_000) }

    @Test func losses_areCounted_acrossTheTurnOfTheNumbers() {
        var stream = StreamCount()
        for number in 65_500..<65_600 where number % 10 != 3 {
            let isTaken = stream.take(Self.head(number), at: Self.at(number * 10), clockRate: 8_000)
            #expect(isTaken)
        }
        #expect(stream.expected == 100 && stream.packets == 90)
    }

    @Test func otherSource_isTaken_onlyAfterSeveralInOrder() {
        var stream = StreamCount()
        for number in 0..<10 {
            _ = stream.take(Self.head(number), at: Self.at(number * 10), clockRate: 8_000)
        }
        let taken = (100..<106).map {
            stream.take(Self.head($0, source: 9), at: Self.at($0 * 10), clockRate: 8_000)
        }
        #expect(taken == [false, false, false, true, true, true])
        #expect(stream.source == 9)
    }

    @Test func otherSource_isNeverTaken_whileTheFirstOneSpeaks() {
        var stream = StreamCount()
        for number in 0..<200 {
            _ = stream.take(Self.head(number), at: Self.at(number * 10), clockRate: 8_000)
            let isTaken = stream.take(
                Self.head(number, source: 9), at: Self.at(number * 10 + 5), clockRate: 8_000)
            #expect(!isTaken)
        }
        #expect(stream.source == 5)
    }

    @Test func jitter_isNone_whenFramesComeEvenly() {
        var stream = StreamCount()
        for number in 0..<100 {
            _ = stream.take(Self.head(number), at: Self.at(number * 10), clockRate: 8_000)
        }
        #expect(stream.jitter < 0.01)
        _ = stream.take(Self.head(100), at: Self.at(1_016), clockRate: 8_000)
        #expect(stream.jitter > 2)
    }
}
