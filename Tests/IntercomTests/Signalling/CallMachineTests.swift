// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import Intercom

struct CallMachineTests {
    private typealias S = CallSamples

    /// A cell whose call was answered by post A.
    private func talkingCell(_ urgency: CallClass = .cellCall) -> CallMachine {
        var cell = CallMachine(role: .cell)
        _ = cell.offer(S.press(1, urgency), to: [S.postA, S.postB], now: S.at(0))
        _ = cell.ringing(CallLeg(S.id(1), S.postA), now: S.at(1))
        _ = cell.ringing(CallLeg(S.id(1), S.postB), now: S.at(1))
        _ = cell.answered(CallLeg(S.id(1), S.postA), officer: S.officer, now: S.at(100))
        return cell
    }

    @Test func press_ringsEveryPost_andTheFirstAnswerWins() {
        var cell = CallMachine(role: .cell)
        let (accepted, effects) = cell.offer(S.press(), to: [S.postA, S.postB], now: S.at(0))
        #expect(accepted && effects.invited == [S.postA, S.postB] && !effects.gateOpens)
        _ = cell.ringing(CallLeg(S.id(1), S.postA), now: S.at(1))
        _ = cell.ringing(CallLeg(S.id(1), S.postB), now: S.at(1))
        let won = cell.answered(CallLeg(S.id(1), S.postB), officer: S.officer, now: S.at(900))
        #expect(
            won.contains(.end(CallLeg(S.id(1), S.postA), .answeredElsewhere, answeredBy: S.postB)))
        #expect(won.gateOpens && cell.gate == S.id(1) && cell.talking == S.id(1))
        // The other one answered at the same instant: it hears who has it.
        let late = cell.answered(CallLeg(S.id(1), S.postA), officer: S.second, now: S.at(900))
        #expect(
            late == [.end(CallLeg(S.id(1), S.postA), .answeredElsewhere, answeredBy: S.postB)])
        #expect(cell.talk(S.id(1))?.far == S.postB)
    }

    @Test func gate_opensAfterEntryAndSign_always() throws {
        var cell = CallMachine(role: .cell)
        _ = cell.offer(S.press(), to: [S.postA], now: S.at(0))
        let effects = cell.answered(CallLeg(S.id(1), S.postA), officer: nil, now: S.at(1))
        let audit = try #require(effects.place { if case .audit = $0 { true } else { false } })
        let sign = try #require(effects.place { $0 == .sign(true) })
        let gate = try #require(effects.place { if case .openGate = $0 { true } else { false } })
        #expect(audit < sign && sign < gate)
    }

    @Test func call_ringsElsewhere_whenTheAnsweringPostIsLost() {
        var cell = talkingCell()
        #expect(cell.deadline == S.at(3_100))
        _ = cell.heard(S.id(1), isAlive: true, twoWayMs: 500, now: S.at(600))
        let lost = cell.elapsed(now: S.at(3_600))
        #expect(lost.contains(.end(CallLeg(S.id(1), S.postA), .farLost, answeredBy: nil)))
        #expect(lost.contains(.closeGate) && lost.contains(.sign(false)))
        #expect(lost.invited == [S.postB] && lost.contains(.say(.failed)) && cell.gate == nil)
    }

    @Test func onlyPost_isAskedAgain_whenItIsLost() {
        var cell = CallMachine(role: .cell)
        _ = cell.offer(S.press(), to: [S.postA], now: S.at(0))
        _ = cell.answered(CallLeg(S.id(1), S.postA), officer: nil, now: S.at(100))
        #expect(cell.elapsed(now: S.at(3_100)).invited == [S.postA])
        let gone = cell.elapsed(now: S.at(5_100))
        #expect(gone.contains(.end(CallLeg(S.id(1), S.postA), .unreachable, answeredBy: nil)))
        #expect(cell.elapsed(now: S.at(7_100)).invited == [S.postA])
    }

    @Test func unreachable_isSaidInTheCell_andTriedAgain() {
        var cell = CallMachine(role: .cell)
        _ = cell.offer(S.press(), to: [S.postA], now: S.at(0))
        let failed = cell.ended(CallLeg(S.id(1), S.postA), .busy, now: S.at(5))
        #expect(failed.contains(.say(.busy)))
        #expect(failed.contains(.record(S.id(1), .unreachable, nil, .busy)))
        // Another reason is said at once, the same one not so soon.
        _ = cell.elapsed(now: S.at(2_005))
        #expect(
            cell.ended(CallLeg(S.id(1), S.postA), .unreachable, now: S.at(2_009)).contains(.say(.unreachable))
        )
        _ = cell.elapsed(now: S.at(4_009))
        #expect(
            !cell.ended(CallLeg(S.id(1), S.postA), .unreachable, now: S.at(4_012)).contains(
                .say(.unreachable)))
        #expect(cell.elapsed(now: S.at(6_012)).invited == [S.postA])
    }

    @Test func busyPost_isAskedAgain_whileTheOtherRings() {
        var cell = CallMachine(role: .cell)
        _ = cell.offer(S.press(), to: [S.postA, S.postB], now: S.at(0))
        _ = cell.ringing(CallLeg(S.id(1), S.postB), now: S.at(1))
        #expect(cell.ended(CallLeg(S.id(1), S.postA), .busy, now: S.at(5)).isEmpty)
        #expect(cell.elapsed(now: S.at(2_005)).invited == [S.postA])
    }

    @Test func opening_needsAReason_andListeningASecondOfficer() {
        var cell = CallMachine(role: .cell)
        let post = S.postA
        #expect(cell.invited(S.opening(1, reason: ""), from: post, now: S.at(0)).refusal == .reasonMissing)
        #expect(
            cell.invited(S.opening(2, .listen), from: post, now: S.at(0)).refusal == .secondPersonMissing)
        let same = S.opening(3, .listen, second: S.officer)
        #expect(cell.invited(same, from: post, now: S.at(0)).refusal == .secondPersonMissing)
        let both = S.opening(4, .listen, second: S.second)
        #expect(cell.invited(both, from: post, now: S.at(0)).refusal == nil)
        #expect(cell.gate == nil)
    }

    @Test func opening_waitsForItsEntry_andIsRefusedWithout() {
        var cell = CallMachine(role: .cell)
        let asked = cell.invited(S.opening(), from: S.postA, now: S.at(0)).effects
        #expect(!asked.gateOpens && !asked.contains(.sign(true)))
        var stalled = cell
        let opened = cell.audited(S.opening().id, now: S.at(4))
        #expect(opened.gateOpens && opened.contains(.say(.opened)) && opened.contains(.sign(true)))
        let refused = stalled.elapsed(now: S.at(2_000))
        #expect(
            refused.contains(.end(CallLeg(S.opening().id, S.postA), .notRecorded, answeredBy: nil)))
        #expect(stalled.audited(S.opening().id, now: S.at(2_001)).isEmpty)
    }

    @Test func listening_keepsTheOfficersMicrophoneShut_always() {
        var post = CallMachine(role: .post)
        let offer = S.opening(9, .listen, second: S.second)
        _ = post.offer(offer, to: [.terminal(S.cell)], now: S.at(0))
        let answered = post.answered(CallLeg(offer.id, .terminal(S.cell)), officer: nil, now: S.at(5))
        #expect(!answered.gateOpens && post.gate == nil && post.talking == offer.id)
    }

    @Test func callFromTheRungPost_isTheAnswer_whenACellWaits() {
        var cell = CallMachine(role: .cell)
        _ = cell.offer(S.press(), to: [S.postA, S.postB], now: S.at(0))
        let back = cell.invited(S.opening(), from: S.postA, now: S.at(300))
        #expect(back.refusal == nil)
        #expect(
            back.effects.contains(
                .end(CallLeg(S.id(1), S.postB), .answeredElsewhere, answeredBy: S.postA)))
        _ = cell.audited(S.opening().id, now: S.at(301))
        #expect(cell.calls[S.opening().id]?.offer.alarm == S.alarm(1))
    }

    @Test func emergency_cutsARoutineCall_atOnce() {
        var post = CallMachine(role: .post)
        let routine = CallOffer(id: S.id(70), urgency: .routine)
        _ = post.invited(routine, from: S.postB, now: S.at(0))
        #expect(throws: Never.self) { _ = try post.answer(nil, officer: S.officer, now: S.at(10)) }
        let cut = post.invited(S.press(1, .emergency), from: .terminal(S.cell), now: S.at(50)).effects
        #expect(cut.contains(.end(CallLeg(S.id(70), S.postB), .preempted, answeredBy: nil)))
        #expect(cut.contains(.closeGate) && cut.contains(.bell(.emergency)) && post.gate == nil)
    }

    @Test func cellCall_isHeld_whenAnEmergencyComes() throws {
        var post = CallMachine(role: .post)
        _ = post.invited(S.press(1), from: .terminal(S.cell), now: S.at(0))
        _ = try post.answer(nil, officer: S.officer, now: S.at(10))
        let other = CallOffer(id: S.id(2), urgency: .emergency, alarm: S.alarm(2))
        let held = post.invited(other, from: .phone("gate"), now: S.at(20)).effects
        #expect(held.contains(.hold(CallLeg(S.id(1), .terminal(S.cell)), true)))
        _ = try post.answer(nil, officer: S.officer, now: S.at(30))
        _ = try post.hangUp(nil, now: S.at(40))
        let back = try post.hold(false, call: nil, now: S.at(50))
        #expect(back.contains(.hold(CallLeg(S.id(1), .terminal(S.cell)), false)) && back.gateOpens)
    }

    @Test func speech_isTold_afterThreeSecondsBothWays() {
        var cell = talkingCell()
        #expect(cell.heard(S.id(1), isAlive: true, twoWayMs: 2_999, now: S.at(3_099)).isEmpty)
        let told = cell.heard(S.id(1), isAlive: true, twoWayMs: 3_000, now: S.at(3_100))
        #expect(told == [.spoken(alarm: S.alarm(1), ms: 3_000, with: S.postA, officer: S.officer)])
        _ = cell.heard(S.id(1), isAlive: true, twoWayMs: 8_000, now: S.at(8_100))
        let ended = cell.ended(CallLeg(S.id(1), S.postA), .farHungUp, now: S.at(8_200))
        #expect(
            ended.contains(.spoken(alarm: S.alarm(1), ms: 8_000, with: S.postA, officer: S.officer)))
        #expect(cell.calls.isEmpty && cell.deadline == nil)
    }

    @Test func soundFailure_endsEverything_andNothingIsTaken() {
        var post = CallMachine(role: .post)
        _ = post.invited(S.press(), from: .terminal(S.cell), now: S.at(0))
        let failed = post.soundFailed(now: S.at(5))
        #expect(
            failed.contains(.end(CallLeg(S.id(1), .terminal(S.cell)), .soundFailed, answeredBy: nil)))
        #expect(failed.contains(.bell(nil)))
        #expect(
            post.invited(S.press(2), from: .terminal(S.cell), now: S.at(9)).refusal == .soundDown)
    }

    @Test func mute_shutsTheGate_andOpensItWithANewEntry() throws {
        var cell = talkingCell()
        #expect(try cell.mute(true, now: S.at(200)) == [.closeGate, .sign(false)])
        let again = try cell.mute(false, now: S.at(300))
        #expect(again.gateOpens && again.contains(.sign(true)))
        #expect(again.contains { if case .audit = $0 { true } else { false } })
    }
}
