// SPDX-License-Identifier: Apache-2.0
import Facility
import TestBoard
import Testing

@testable import PanelLink

struct PageMessageTests {
    static let page = EventID(terminal: .postA, stream: .page, run: 7, sequence: 3)

    static func notice(zones: Int = 2) -> PageNotice {
        PageNotice(
            page: page, token: 5, isEmergency: true, waits: false, officer: OfficerID("P1042"),
            zones: (0..<zones).compactMap { ZoneID("ward-\($0)") },
            group: PageGroup(address: 0xefc0_4701, port: 5_004, codec: .g722), source: 9,
            key: Array(1...30))
    }

    static let messages: [PageMessage] = [
        .announce(notice()), .announce(notice(zones: Limits.pagingZonesMaxCount)),
        .end(page: page, token: 8),
        .state(PageAnswer(page: page, state: .cut, token: 4, port: 9, by: .emergencyPage, heardMs: 70)),
        .state(PageAnswer(page: page, state: .askAgain, token: 4)),
    ]

    @Test(arguments: messages) func message_isTheSame_whenReadBack(_ message: PageMessage) throws {
        let bytes = message.encode()
        #expect(bytes.count <= Limits.pagingDatagramMaxBytes - 100)
        #expect(try PageMessage(decoding: bytes) == message)
        for count in bytes.indices {
            #expect(throws: WireRefusal.self) { try PageMessage(decoding: Array(bytes[..<count])) }
        }
        #expect(throws: WireRefusal.trailingBytes) { try PageMessage(decoding: bytes + [0]) }
    }

    @Test func groups_areMulticast_orNothing() {
        var notice = Self.notice()
        notice.group.address = 0x0a00_0001
        #expect(throws: WireRefusal.unknownValue) {
            try PageMessage(decoding: PageMessage.announce(notice).encode())
        }
    }
}
