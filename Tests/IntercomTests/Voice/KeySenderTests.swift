// SPDX-License-Identifier: Apache-2.0
import Intercom
import Testing

struct KeySenderTests {
    @Test func key_growsAndEnds_threeTimes() {
        var sender = KeySender()
        sender.begin(5, timestamp: 900)
        var events: [TelephoneEvent] = []
        for _ in 0..<20 { if let event = sender.next(ticks: 480) { events.append(event) } }
        #expect(events.count == 11)
        #expect(events.filter(\.isEnd).count == 3)
        #expect(events.first?.duration == 480 && events.last?.duration == 8 * 480)
        let isIdle = sender.isIdle
        #expect(isIdle && sender.timestamp == 900)
    }
}
