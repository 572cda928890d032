// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct TimetableMachineTests {
    private func bench(_ routines: Routine..., at time: String = "07:59") -> Bench {
        Bench(Samples.plan(routines), Samples.monday, time)
    }

    @Test func unit_isPlayedOnTime_andOnce() {
        var bench = bench(Samples.routine("a", "08:00"))
        bench.run(seconds: 600)
        #expect(bench.outcomes("a") == [.began(lateMs: 0, offsetMs: 0), .played])
        #expect(bench.effects.count == 5, "clock known, began, play, stop, played: \(bench.effects)")
    }

    @Test(arguments: [(Int64(40_000), true), (61_500, false)])
    func unit_isPlayedLate_asLateAsItMay(stepMs: Int64, isPlayed: Bool) {
        var bench = bench(Samples.routine("a", "08:00", late: 30))
        bench.run(seconds: 30)
        bench.step(ms: stepMs)
        bench.tick()
        bench.run(seconds: 120)
        #expect(
            bench.outcomes("a")
                == (isPlayed
                    ? [.began(lateMs: 10_000, offsetMs: 0), .played] : [.skipped(.clockStepped)]))
    }

    @Test(arguments: [
        (ResumePolicy.onward, [PlayOutcome.resumed(offsetMs: 17_000), .played]),
        (.again, [.resumed(offsetMs: 0), .played]), (.inStep, [.resumed(offsetMs: 37_000), .played]),
        (.never, [.cut(.notRunning, atMs: 17_000)]),
    ])
    func restart_goesOnAsThePolicySays(policy: ResumePolicy, then: [PlayOutcome]) throws {
        var bench = bench(Samples.routine("a", "08:00", resume: policy))
        bench.run(seconds: 77)
        try bench.restart(afterSeconds: 20)
        bench.run(seconds: 300)
        #expect(bench.outcomes("a") == [.began(lateMs: 0, offsetMs: 0)] + then)
    }

    @Test(arguments: [
        (
            ResumePolicy.onward,
            [PlayOutcome.interrupted(.yielded, atMs: 15_000), .resumed(offsetMs: 15_000), .played]
        ),
        (.inStep, [.interrupted(.yielded, atMs: 15_000), .resumed(offsetMs: 35_000), .played]),
        (.never, [.cut(.yielded, atMs: 15_000)]),
    ])
    func alarm_interrupts_andThePolicyGoesOn(policy: ResumePolicy, then: [PlayOutcome]) {
        var bench = bench(Samples.routine("a", "08:00", resume: policy))
        bench.run(seconds: 75)
        bench.yield(true)
        bench.run(seconds: 20)
        bench.yield(false)
        bench.run(seconds: 300)
        #expect(bench.outcomes("a") == [.began(lateMs: 0, offsetMs: 0)] + then)
    }

    @Test func hardEnd_cuts_whateverIsLeft() {
        var bench = bench(Samples.routine("a", "08:00", lasts: 300, ends: "08:02"))
        bench.run(seconds: 600)
        #expect(bench.outcomes("a") == [.began(lateMs: 0, offsetMs: 0), .cut(.hardEnd, atMs: 120_000)])
    }

    @Test func clockBack_playsNothingTwice_andWhatItSkippedAfterAll() {
        var bench = bench(Samples.routine("a", "08:00"), Samples.routine("b", "08:30"))
        bench.run(seconds: 120)
        bench.step(ms: 3_600_000)
        bench.tick()
        #expect(bench.outcomes("b") == [.skipped(.clockStepped)])
        bench.step(ms: -3_600_000 - 90_000)
        bench.run(seconds: 3_600)
        #expect(bench.plays == ["a+0", "b+0"])
        #expect(bench.outcomes("b") == [.skipped(.clockStepped), .began(lateMs: 0, offsetMs: 0), .played])
    }

    @Test func tenYears_areOneSpan_andTheDayGoesOnAfterwards() {
        var bench = bench(Samples.routine("a", "08:00"))
        bench.run(seconds: 30)
        bench.step(ms: 3_652 * 86_400_000)
        bench.tick()
        let spans = bench.effects.count { if case .skippedSpan = $0 { true } else { false } }
        #expect(spans == 1 && bench.effects.count < 10)
        bench.step(ms: -3_652 * 86_400_000)
        bench.run(seconds: 600)
        #expect(bench.plays == ["a+0"])
    }

    @Test func clock1970_beginsNothing_andSaysWhatWasMissed() throws {
        var bench = bench(Samples.routine("a", "08:00"), Samples.routine("b", "09:00"))
        let wall = bench.wallMs
        bench.wallMs = 30_000
        bench.isKnown = false
        try bench.restart(afterSeconds: 0)
        bench.run(seconds: 600)
        #expect(bench.plays == [])
        bench.wallMs = wall + 660_000
        bench.isKnown = true
        bench.tick()
        bench.run(seconds: 3_600)
        #expect(bench.outcomes("a") == [.skipped(.clockUnknown)] && bench.plays == ["b+0"])
        #expect(bench.effects.filter { $0 == .clockKnown(true) }.count == 2)
    }

    @Test func newPlan_letsFinishWhatBegan_andDropsTheRest() {
        var bench = bench(
            Samples.routine("a", "08:00", lasts: 120), Samples.routine("b", "08:00", late: 300))
        bench.run(seconds: 75)
        let new = Timetable(Samples.plan([Samples.routine("c", "08:05")]))
        bench.effects += bench.machine.replace(new, bench.now)
        bench.run(seconds: 600)
        #expect(bench.outcomes("b") == [.skipped(.planChanged)] && bench.outcomes("a").last == .played)
        #expect(bench.plays == ["a+0", "c+0"])
    }

    @Test func background_stepsAside_andComesBack() {
        var bench = bench(
            Samples.routine("music", "08:00", lasts: 600, rank: .background, resume: .inStep),
            Samples.routine("call", "08:02", lasts: 30))
        bench.run(seconds: 1_200)
        #expect(bench.plays == ["music+0", "call+0", "music+150000"])
        #expect(bench.outcomes("music").last == .played)
    }

    @Test func unit_isSkipped_whenItsClipIsMissing_andTheDayGoesOn() {
        var bench = Bench(
            Samples.plan([Samples.routine("a", "08:00"), Samples.routine("b", "08:05")]), Samples.monday,
            "07:59")
        bench.effects += bench.machine.lacks(["a"], bench.now)
        bench.run(seconds: 600)
        #expect(bench.outcomes("a") == [.skipped(.clipMissing)])
        #expect(bench.outcomes("b").last == .played && bench.plays == ["b+0"])
    }

    @Test func unit_isCut_whenItsClipIsFoundBad_andTheLedgerIsWorthKeepingThen() {
        var bench = Bench(Samples.plan([Samples.routine("a", "08:00")]), Samples.monday, "07:59")
        bench.run(seconds: 70)
        let kept = bench.machine.ledger
        bench.effects += bench.machine.lacks(["a"], bench.now)
        #expect(bench.outcomes("a").last == .cut(.clipMissing, atMs: 10_000))
        #expect(bench.machine.ledger.isWorthKeeping(over: kept))
        let quiet = bench.machine.ledger
        bench.run(seconds: 60)
        #expect(!bench.machine.ledger.isWorthKeeping(over: quiet))
        bench.run(seconds: 3_600)
        #expect(bench.machine.ledger.isWorthKeeping(over: quiet))
    }
}
