// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import PanelLink
import Synchronization
import TestBoard
import Testing

@testable import SoundAgent

struct PageReceptionTests {
    private static func notice(
        _ number: UInt64, from: TerminalID = .postA, token: UInt64, isEmergency: Bool = false,
        waits: Bool = false
    ) -> PageNotice {
        PageNotice(
            page: EventID(terminal: from, stream: .page, run: 1, sequence: number), token: token,
            isEmergency: isEmergency, waits: waits, officer: nil, zones: [],
            group: PageGroup(address: 0xefc0_0001, port: 5_004, codec: .opus), source: 1,
            key: [UInt8](repeating: 1, count: 30))
    }

    /// Tokens 1, 2, 3 …
    private static func reception() -> PageReception {
        let last = Counter()
        return PageReception(random: { last.next() })
    }

    private final class Counter: Sendable {
        private let value = Mutex<UInt64>(0)
        func next() -> UInt64 {
            value.withLock { value in
                value += 1
                return value
            }
        }
    }

    private static func states(_ effects: [PageReception.Effect]) -> [PageState] {
        effects.compactMap { if case .answer(_, let answer) = $0 { answer.state } else { nil } }
    }

    private static func at(_ ms: Int) -> Uptime { Uptime(nanoseconds: 0).advanced(ms: ms) }

    @Test func page_isTaken_withTheTokenAlone() {
        var desk = Self.reception()
        let first = desk.take(.announce(Self.notice(1, token: 9)), from: .postA, Self.at(0))
        #expect(Self.states(first) == [.askAgain] && desk.pages.isEmpty)
        let notice = Self.notice(1, token: 1)
        #expect(
            desk.take(.announce(notice), from: .postA, Self.at(1)) == [.begin(notice, from: .postA)])
        #expect(Self.states(desk.opened(notice.page, port: 7, Self.at(1))) == [.joined])
        // Repeated: answered, not begun again.
        #expect(Self.states(desk.take(.announce(notice), from: .postA, Self.at(2))) == [.joined])
        #expect(Self.states(desk.heard(notice.page, byGroup: 1, alone: 0, Self.at(20))) == [.hears])
        let end = desk.take(.end(page: notice.page, token: 1), from: .postA, Self.at(500))
        #expect(end.first == .end(notice.page, at: Self.at(500 + Limits.pagingDrainMs)))
        #expect(Self.states(end) == [.over])
        // Replayed: nothing begins; the end is said again, with the token of the next.
        #expect(Self.states(desk.take(.announce(notice), from: .postA, Self.at(600))) == [.over])
        #expect(
            Self.states(desk.take(.announce(Self.notice(2, token: 1)), from: .postA, Self.at(600))) == [
                .askAgain
            ])
        #expect(desk.take(.announce(Self.notice(2, token: 2)), from: .postA, Self.at(600)).count == 1)
    }

    @Test func equal_isRefused_andMoreUrgentCuts() {
        var desk = Self.reception()
        for post in [TerminalID.postA, .postB] {
            _ = desk.take(.announce(Self.notice(1, from: post, token: 0)), from: post, Self.at(0))
        }
        let (a, b) = (Self.notice(1, token: 1), Self.notice(1, from: .postB, token: 2))
        _ = desk.take(.announce(a), from: .postA, Self.at(0))
        _ = desk.opened(a.page, port: 7, Self.at(0))
        #expect(Self.states(desk.take(.announce(b), from: .postB, Self.at(1))) == [.refused])
        // Its token was for that page; the next is an emergency.
        let urgent = Self.notice(2, from: .postB, token: 3, isEmergency: true)
        let effects = desk.take(.announce(urgent), from: .postB, Self.at(2))
        #expect(Self.states(effects) == [.cut] && effects.last == .begin(urgent, from: .postB))
        #expect(desk.pages == [urgent.page])
    }

    @Test func unit_waitsAndGoesOn_liveIsCut() {
        for waits in [true, false] {
            var desk = Self.reception()
            _ = desk.take(.announce(Self.notice(1, token: 0)), from: .postA, Self.at(0))
            let notice = Self.notice(1, token: 1, waits: waits)
            _ = desk.take(.announce(notice), from: .postA, Self.at(0))
            _ = desk.opened(notice.page, port: 7, Self.at(0))
            #expect(Self.states(desk.occupied(.alarmTone, Self.at(5))) == [waits ? .waits : .cut])
            _ = desk.heard(notice.page, byGroup: 3, alone: 0, Self.at(10))
            #expect(Self.states(desk.occupied(nil, Self.at(20))) == (waits ? [.hears] : []))
        }
    }

    @Test func silence_endsIt_whenItsSenderIsGone() {
        var desk = Self.reception()
        _ = desk.take(.announce(Self.notice(1, token: 0)), from: .postA, Self.at(0))
        let notice = Self.notice(1, token: 1)
        _ = desk.take(.announce(notice), from: .postA, Self.at(0))
        _ = desk.opened(notice.page, port: 7, Self.at(0))
        #expect(Self.states(desk.heard(notice.page, byGroup: 0, alone: 2, Self.at(100))) == [.hearsAlone])
        #expect(Self.states(desk.heard(notice.page, byGroup: 9, alone: 2, Self.at(200))) == [.hears])
        // The group falls silent: it says so, and gets copies.
        #expect(Self.states(desk.heard(notice.page, byGroup: 9, alone: 2, Self.at(700))) == [.joined])
        let end = desk.heard(notice.page, byGroup: 9, alone: 2, Self.at(200 + Limits.pagingSilenceMs))
        #expect(Self.states(end) == [.over] && desk.pages.isEmpty)
        #expect(end.contains { if case .record(let entry) = $0 { entry.step == .pageHeard } else { false } })
    }

    @Test func socketThatFails_isSaid() {
        var desk = Self.reception()
        _ = desk.take(.announce(Self.notice(1, token: 0)), from: .postA, Self.at(0))
        let notice = Self.notice(1, token: 1)
        _ = desk.take(.announce(notice), from: .postA, Self.at(0))
        #expect(Self.states(desk.opened(notice.page, port: nil, Self.at(0))) == [.unable])
    }
}
