// SPDX-License-Identifier: Apache-2.0
import Facility
import TestBoard
import Testing

@testable import PanelLink

struct PageOrderTests {
    @Test func orders_areTheSame_whenReadBack() throws {
        let orders: [PageOrder.Voice] = [.live, .file("/dev/shm/a.wav"), .unit("wake-up")]
        for voice in orders {
            let order = PageOrder(zones: PageMessageTests.notice().zones, voice: voice, isEmergency: true)
            let message = SoundMessage.command(
                SoundCommand(token: 1, officer: OfficerID("P1042"), deed: .page(order)))
            #expect(try SoundMessage(decoding: message.encode()) == message)
        }
        let others: [SoundMessage] = [
            .command(SoundCommand(token: 1, officer: nil, deed: .endPage)), .pageQuery(token: 3),
            .page(
                token: 3,
                PageReport(
                    page: PageMessageTests.page, isOver: false, soundMs: -1, toneMs: 720,
                    trouble: "no card")),
            .paged(token: 3, PagedLine(terminal: .cell, state: .waits, by: .alarmTone, heardMs: 9)),
            .paged(token: 3, PagedLine(terminal: .cell, state: nil, by: nil, heardMs: 0)),
        ]
        for message in others { #expect(try SoundMessage(decoding: message.encode()) == message) }
    }
}
