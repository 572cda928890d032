// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import TestBoard
import Testing

struct CellUseTests {
    var cell = CellUse(terminal: cell1)

    @Test(arguments: [AlarmCause.peerLost, .peerOneWay, .lineFault, .wireCut, .wireShort, .stuck])
    mutating func cell_isDoubtfulAtOnce_whenItsAlarmPathBreaks(cause: AlarmCause) {
        #expect(cell.trouble(cause, now: at(0))?.use == .doubtful)
        #expect(cell.demandsDecision)
        #expect(cell.trouble(cause, now: at(1)) == nil, "told twice is once")
        #expect(cell.entries.count == 1)
    }

    @Test(arguments: [AlarmCause.press, .tamper, .journalFault, .edgesLost, .configuration, .crashLoop])
    mutating func otherTroubles_changeNothing_forTheCell(cause: AlarmCause) {
        #expect(cell.trouble(cause, now: at(0)) == nil && cell.use == .usable)
    }

    @Test mutating func doubt_ends_withTheLastFault() {
        _ = cell.trouble(.stuck, now: at(0))
        _ = cell.trouble(.wireCut, now: at(1))
        #expect(cell.troubleEnded(.stuck, now: at(2))?.use == .doubtful)
        #expect(cell.troubleEnded(.wireCut, now: at(3))?.use == .usable)
        #expect(cell.troubleEnded(.wireCut, now: at(4)) == nil)
    }

    @Test mutating func notUsable_stays_untilAnOfficerSaysOtherwise() throws {
        _ = cell.trouble(.wireCut, now: at(0))
        _ = try cell.decide(isUsable: false, reason: "人员已转移", by: .named("P1042"), now: at(1))
        _ = cell.troubleEnded(.wireCut, now: at(2))
        #expect(cell.use == .notUsable)
        _ = try cell.decide(isUsable: true, reason: "已修复", by: .named("P2"), now: at(3))
        #expect(cell.use == .usable)
        #expect(cell.entries.map(\.ground) == [.trouble, .officer, .mended, .officer])
    }

    @Test mutating func usableDespiteAFault_isDoubtedAgain_byAnotherOrTheSameAnew() throws {
        _ = cell.trouble(.stuck, now: at(0))
        _ = try cell.decide(isUsable: true, reason: "专人值守", by: .named("P2"), now: at(1))
        #expect(cell.trouble(.stuck, now: at(2)) == nil && cell.use == .usable)
        #expect(cell.trouble(.lineFault, now: at(3))?.use == .doubtful)
        _ = try cell.decide(isUsable: true, reason: "专人值守", by: .named("P2"), now: at(4))
        _ = cell.troubleEnded(.stuck, now: at(5))
        #expect(cell.use == .usable)
        #expect(cell.trouble(.stuck, now: at(6))?.use == .doubtful)
    }

    @Test func decision_needsAReason_always() {
        #expect(throws: ConsoleRefusal.reasonMissing) {
            var cell = CellUse(terminal: cell1)
            _ = try cell.decide(isUsable: true, reason: "  ", by: .named("P2"), now: at(0))
        }
    }

    @Test mutating func entriesAlone_tellHowItStands_afterARestart() throws {
        _ = cell.trouble(.stuck, now: at(0))
        _ = cell.trouble(.peerLost, now: at(1))
        _ = try cell.decide(isUsable: true, reason: "专人值守", by: .named("P2"), now: at(2))
        _ = cell.troubleEnded(.peerLost, now: at(3))
        var again = CellUse(terminal: cell1, entries: cell.entries)
        #expect(again == cell)
        #expect(again.trouble(.stuck, now: at(4)) == nil, "decided before the restart")
    }

    @Test mutating func memory_isBounded_whenAContactFlaps() {
        for flap in 0..<500 {
            _ = cell.trouble(.wireCut, now: at(flap))
            _ = cell.troubleEnded(.wireCut, now: at(flap))
        }
        #expect(cell.entries.count == Limits.useEntriesCount && cell.use == .usable)
    }

    @Test mutating func view_tellsTheNewestFirst_withWhoAndWhy() throws {
        _ = cell.trouble(.stuck, now: at(0))
        _ = try cell.decide(isUsable: false, reason: "人员已转移", by: .named("P1042"), now: at(1))
        let view = UseView(cell, makeBook())
        #expect(view.use == .notUsable && !view.demandsDecision && view.faults == ["stuck"])
        #expect(view.entries.map(\.zh) == ["王：停用，人员已转移", "按钮卡住，待决定"])
        #expect(try json(view.entries[1]).contains(#""officer":null"#))
    }
}
