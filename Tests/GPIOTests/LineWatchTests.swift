// SPDX-License-Identifier: Apache-2.0
import Facility
import GPIO
import Testing

/// A watch and the levels of its board, moved by hand.
private struct Bench {
    var watch = LineWatch(lines: TestLines.all, partners: [TestLines.button: TestLines.closedOne])
    var levels: [LineLevel] = [.inactive, .active, .inactive, .inactive, .inactive]
    var events: [LineEvent] = []

    init() { look(at: 0) }

    mutating func move(_ line: Int, _ active: Bool, at time: Int) {
        levels[line] = LineLevel(active)
        watch.edges([EdgeEvent(line: line, active: active, at: ms(time))], now: ms(time), into: &events)
    }

    mutating func look(at time: Int, faults: [Int: Fault] = [:]) {
        watch.levels(levels, faults: faults, now: ms(time), into: &events)
        watch.elapsed(now: ms(time), into: &events)
    }

    /// Follows the watch's own deadlines and the level poll until `time`; returns what it told.
    mutating func wait(from start: Int, until time: Int) -> [LineEvent] {
        events.removeAll()
        var now = ms(start)
        while now < ms(time) {
            look(at: Int(now.nanoseconds / 1_000_000))
            let next = [watch.deadline, watch.lookAgainAt].compactMap { $0 }.min()
            let wanted = max(next ?? ms(time), now.advanced(ms: 1))
            now = min(now.advanced(ms: Limits.levelPollMs), wanted)
        }
        return events
    }
}

struct LineWatchTests {
    private let button = TestLines.button

    @Test func press_isTold_whenTheButtonIsHeldAndLetGo() {
        var bench = Bench()
        bench.move(button, true, at: 1_000)
        bench.move(TestLines.closedOne, false, at: 1_002)
        #expect(bench.watch.deadline == ms(1_010))
        let told = bench.wait(from: 1_003, until: 1_200)
        #expect(told == [.pressed(line: button, at: ms(1_000), heldAtStart: false)])
        #expect(bench.watch.isPressed(button))
        bench.move(button, false, at: 1_200)
        bench.move(TestLines.closedOne, true, at: 1_203)
        #expect(bench.wait(from: 1_204, until: 3_000) == [.released(line: button, at: ms(1_200))])
        #expect(bench.watch.deadline == nil && bench.watch.lookAgainAt == nil)
    }

    @Test func stuck_isToldOnceWithinASecond_whenHeldForAMinute() {
        var bench = Bench()
        bench.move(TestLines.tamper, true, at: 1_000)
        #expect(bench.wait(from: 1_001, until: 61_000).count == 1)
        let told = bench.wait(from: 61_000, until: 70_000)
        #expect(told == [.stuck(line: TestLines.tamper, since: ms(1_000))])
        bench.move(TestLines.tamper, false, at: 70_000)
        #expect(
            bench.wait(from: 70_001, until: 71_000) == [
                .released(line: TestLines.tamper, at: ms(70_000)), .unstuck(line: TestLines.tamper),
            ])
    }

    @Test func cut_isTroubleWithoutAPress_whenBothContactsAreOpen() {
        var bench = Bench()
        bench.move(TestLines.closedOne, false, at: 1_000)
        #expect(bench.wait(from: 1_001, until: 4_000) == [.cut(line: button)])
        bench.move(TestLines.closedOne, true, at: 4_000)
        #expect(bench.wait(from: 4_001, until: 6_000) == [.wireRestored(line: button)])
    }

    @Test func short_isAPressAndTrouble_whenBothContactsAreClosed() {
        var bench = Bench()
        bench.move(button, true, at: 1_000)
        #expect(
            bench.wait(from: 1_001, until: 4_000) == [
                .pressed(line: button, at: ms(1_000), heldAtStart: false), .short(line: button),
            ])
    }

    @Test func fault_isToldOnceAndItsEndOnce_whenALineVanishes() {
        var bench = Bench()
        let fault = Fault("use line", at: "lamp", cause: "the chip has vanished", hint: "Check the plug.")
        bench.levels[TestLines.lamp] = .unknown
        bench.look(at: 1_000, faults: [TestLines.lamp: fault])
        bench.look(at: 1_100, faults: [TestLines.lamp: fault])
        #expect(bench.events == [.lineFault(line: TestLines.lamp, fault)])
        bench.levels[TestLines.lamp] = .active
        bench.look(at: 1_200)
        bench.look(at: 1_300)
        #expect(bench.events.count == 2 && bench.events.last == .lineRestored(line: TestLines.lamp))
    }

    @Test func heldButton_isAPress_whenItsLineCameBackHeld() {
        var bench = Bench()
        bench.levels[TestLines.tamper] = .unknown
        bench.look(at: 1_000)
        bench.levels[TestLines.tamper] = .active
        let told = bench.wait(from: 2_000, until: 3_000)
        #expect(
            told == [
                .lineRestored(line: TestLines.tamper),
                .pressed(line: TestLines.tamper, at: ms(2_000), heldAtStart: true),
            ])
    }

    @Test func stuck_isToldAfterwards_whenTheAgentStoodStill() {
        var bench = Bench()
        bench.move(TestLines.tamper, true, at: 1_000)
        bench.events.removeAll()
        bench.move(TestLines.tamper, false, at: 90_000)
        bench.look(at: 95_000)
        #expect(
            bench.events == [
                .pressed(line: TestLines.tamper, at: ms(1_000), heldAtStart: false),
                .stuck(line: TestLines.tamper, since: ms(1_000)),
                .released(line: TestLines.tamper, at: ms(90_000)), .unstuck(line: TestLines.tamper),
            ])
    }

    @Test func levelsOnly_yieldThePress_whenEveryEdgeIsDropped() {
        var bench = Bench()
        bench.levels[TestLines.tamper] = .active
        let told = bench.wait(from: 1_000, until: 1_120)
        #expect(
            told == [
                .edgesLost(line: TestLines.tamper, count: nil),
                .pressed(line: TestLines.tamper, at: ms(1_000), heldAtStart: false),
            ])
    }
}
