// SPDX-License-Identifier: Apache-2.0
import Intercom
import Testing

struct TelephoneEventTests {
    @Test func event_isReadBack_asItWasWritten() {
        var bytes = [UInt8](repeating: 0, count: 8)
        let made = TelephoneEvent(key: 11, isEnd: true, duration: 1_600)
        made.write(to: &bytes, at: 4)
        #expect(TelephoneEvent(bytes, payload: 4..<8) == made)
        #expect(made.symbol == UInt8(ascii: "#"))
    }

    @Test func keys_haveNumbers_othersNone() {
        #expect("0123456789*#ABCD".map { TelephoneEvent.key(of: $0) } == (0..<16).map { UInt8($0) })
        #expect(TelephoneEvent.key(of: "d") == 15)
        #expect(TelephoneEvent.key(of: "é") == nil && TelephoneEvent.key(of: " ") == nil)
    }

    @Test func event_isNone_whenShortOrNoKey() {
        #expect(TelephoneEvent([1, 2, 3], payload: 0..<3) == nil)
        #expect(TelephoneEvent([16, 0, 0, 0], payload: 0..<4) == nil)
    }
}
