// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import PanelLink
import TestBoard
import Testing

@testable import SoundAgent

struct PageDispatchTests {
    private static let page = EventID(terminal: .postA, stream: .page, run: 1, sequence: 1)

    private static func dispatch(unicast: Set<TerminalID> = []) -> PageDispatch {
        let notice = PageNotice(
            page: page, isEmergency: false, waits: true, officer: nil, zones: [],
            group: PageGroup(address: 0xefc0_0001, port: 5_004, codec: .opus), source: 1,
            key: [UInt8](repeating: 1, count: 30))
        return PageDispatch(
            Page(id: page, zones: [], voice: .unit("a"), isEmergency: false), notice,
            to: [.cell, .postB], tokens: [.cell: 5], unicast: unicast, now: at(0))
    }

    private static func at(_ ms: Int) -> Uptime { Uptime(nanoseconds: 0).advanced(ms: ms) }

    private static func answer(_ state: PageState, token: UInt64 = 5, heardMs: UInt32 = 0) -> PageAnswer {
        PageAnswer(page: page, state: state, token: token, port: state.isFinal ? 0 : 7, heardMs: heardMs)
    }

    private static func told(_ effects: [PageDispatch.Effect]) -> [TerminalID] {
        effects.compactMap { if case .send(let id, _) = $0 { id } else { nil } }
    }

    @Test func voice_beginsWhenAllAnswered_orWithoutThemSoon() {
        var all = Self.dispatch()
        #expect(Self.told(all.elapsed(Self.at(0))) == [.cell, .postB])
        #expect(!all.answered(Self.answer(.joined), from: .cell, Self.at(1)).contains(.sound))
        // Without a token it is told again at once.
        #expect(
            Self.told(all.answered(Self.answer(.askAgain, token: 8), from: .postB, Self.at(1))) == [.postB])
        #expect(all.answered(Self.answer(.joined, token: 8), from: .postB, Self.at(2)).contains(.sound))
        var some = Self.dispatch()
        _ = some.elapsed(Self.at(0))
        #expect(some.elapsed(Self.at(Limits.pagingLeadMs)).contains(.sound))
    }

    @Test func silentOnes_areToldAgain_forEver() {
        var one = Self.dispatch()
        var times = 0
        for ms in 0..<3_000 where one.deadline.map({ $0 <= Self.at(ms) }) ?? false {
            times += Self.told(one.elapsed(Self.at(ms))).count
        }
        #expect((20...40).contains(times), "\(times)")
        #expect(!one.isOver)
    }

    @Test func copies_goWhereTheGroupIsNotHeard_andEndWhenItIs() {
        var one = Self.dispatch()
        _ = one.elapsed(Self.at(0))
        for id in [TerminalID.cell, .postB] { _ = one.answered(Self.answer(.joined), from: id, Self.at(1)) }
        _ = one.answered(Self.answer(.hears), from: .postB, Self.at(20))
        #expect(one.deadline.map { $0 <= Self.at(1 + Limits.pagingGroupPatienceMs) } == true)
        let late = one.elapsed(Self.at(1 + Limits.pagingGroupPatienceMs))
        #expect(late.contains(.copy(.cell, port: 7)) && !late.contains(.copy(.postB, port: 7)))
        #expect(
            one.answered(Self.answer(.hears), from: .cell, Self.at(400)).contains(.uncopy(.cell, port: 7)))
    }

    @Test func copies_goAtOnce_whereTheSiteSaysSo() {
        var one = Self.dispatch(unicast: [.cell])
        _ = one.elapsed(Self.at(0))
        _ = one.answered(Self.answer(.joined), from: .cell, Self.at(1))
        _ = one.answered(Self.answer(.joined), from: .postB, Self.at(2))
        #expect(one.elapsed(Self.at(3)).contains(.copy(.cell, port: 7)))
    }

    @Test func end_isTold_untilAllSaidSo_orForAWhile() {
        for isSilent in [false, true] {
            var one = Self.dispatch()
            _ = one.elapsed(Self.at(0))
            #expect(Self.told(one.end(Self.at(500))) == [.cell, .postB])
            _ = one.answered(Self.answer(.over, heardMs: 400), from: .cell, Self.at(501))
            if !isSilent {
                #expect(one.answered(Self.answer(.refused), from: .postB, Self.at(502)) == [.over])
            }
            let effects = one.elapsed(Self.at(500 + Limits.pagingEndMs))
            #expect(one.isOver && effects == (isSilent ? [.over] : []))
            #expect(one.targets[.cell]?.heardMs == 400 && one.deadline == nil)
        }
    }
}
