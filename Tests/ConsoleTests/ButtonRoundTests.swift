// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import TestBoard
import Testing

struct ButtonRoundTests {
    let book = makeBook(zones: 2)

    private func makeRound() throws -> ButtonRound {
        try ButtonRound(id: "r1", zone: ward1, by: .named("P1042"), book: book, now: at(0))
    }

    private func record(
        _ sequence: UInt64, _ alarmClass: AlarmClass = .emergency, at terminal: TerminalID = cell1,
        presses: UInt32 = 1, confirmedMs: Int? = nil
    ) -> AlarmRecord {
        makeAlarm(sequence, alarmClass, at: terminal, presses: presses) { record in
            record.annunciated = confirmedMs.map { makeDeed($0, ground: .automatic) }
        }.record
    }

    @Test func press_marksItsCell_once() throws {
        var round = try makeRound()
        #expect(round.see(record(1), ageMs: 20, now: at(5_000)) == .test)
        #expect(round.see(record(1, confirmedMs: 45), ageMs: 60, now: at(5_040)) == .test)
        #expect(round.cells.map(\.state) == [.pressed, .waiting, .waiting])
        #expect(round.cells[0].pressedAtMs == beginMs + 4_980 && round.cells[0].ms == 45)
    }

    @Test func emergencyPressedTwice_isReal_withinOneAlarm() throws {
        var round = try makeRound()
        #expect(round.see(record(1), ageMs: 0, now: at(5_000)) == .test)
        #expect(round.see(record(1, presses: 2), ageMs: 900, now: at(5_900)) == .real)
        #expect(round.see(record(1), ageMs: 950, now: at(5_950)) == .real, "an old copy takes nothing back")
        #expect(round.cells[0].state == .pressed)
    }

    @Test func emergencyPressedTwice_isReal_asASecondAlarm() throws {
        var round = try makeRound()
        #expect(round.see(record(1), ageMs: 0, now: at(5_000)) == .test)
        #expect(round.see(record(2), ageMs: 0, now: at(60_000)) == .real)
        #expect(round.see(record(2), ageMs: 100, now: at(60_100)) == .real)
        #expect(round.see(record(1), ageMs: 60_000, now: at(65_000)) == .test)
    }

    @Test func emergencyPressedTwice_isReal_whenTheFirstRecordWasLost() throws {
        var round = try makeRound()
        #expect(round.see(record(1, presses: 2), ageMs: 0, now: at(5_000)) == .real)
        #expect(round.cells[0].state == .pressed, "the button works")
    }

    @Test func others_passUntouched_whateverTheyAre() throws {
        var round = try makeRound()
        #expect(round.see(record(1, at: .named("cell-2001")), ageMs: 0, now: at(1)) == .untouched)
        #expect(round.see(record(2, at: .postA), ageMs: 0, now: at(1)) == .untouched)
        #expect(round.see(record(3, .trouble), ageMs: 0, now: at(1)) == .untouched)
        #expect(round.see(record(4), ageMs: 5_001, now: at(5_000)) == .untouched, "raised before the round")
        #expect(round.cells.allSatisfy { $0.state == .waiting })
    }

    @Test func duress_isReal_inACellOfTheRound() throws {
        var round = try makeRound()
        #expect(round.see(record(1, .officerDuress), ageMs: 0, now: at(1)) == .real)
        #expect(round.cells[0].state == .waiting)
    }

    @Test func secondButton_isTestedToo_inTheSameCell() throws {
        var round = try makeRound()
        let call = AlarmRecord(
            id: makeID(9, terminal: cell1), point: AlarmPoint(terminal: cell1, name: .named("call")),
            alarmClass: .cellCall, cause: .press, raised: at(0))
        #expect(round.see(call, ageMs: 0, now: at(1)) == .test)
        #expect(round.see(record(1), ageMs: 0, now: at(2)) == .test)
    }

    @Test func skippedCell_isPressed_whenItIsAfterAll() throws {
        var round = try makeRound()
        try round.skip(cell2, note: "有人在睡")
        #expect(round.cells[1].state == .skipped && round.cells[1].note == "有人在睡")
        #expect(round.see(record(1, at: cell2), ageMs: 0, now: at(9)) == .test)
        #expect(round.cells[1].state == .pressed)
    }

    @Test func endedRound_callsNothingATest() throws {
        var round = try makeRound()
        try round.end(now: at(10))
        #expect(round.see(record(1), ageMs: 0, now: at(20)) == .untouched)
        let ended = round
        #expect(throws: ConsoleRefusal.roundEnded) {
            var round = ended
            try round.end(now: at(30))
        }
        #expect(throws: ConsoleRefusal.roundEnded) {
            var round = ended
            try round.skip(cell1, note: "x")
        }
    }

    @Test func forgottenRound_ends_byItself() throws {
        var round = try makeRound()
        #expect(!round.elapsed(now: at(Limits.roundMaxMs - 1)) && round.isRunning)
        #expect(round.elapsed(now: at(Limits.roundMaxMs)) && !round.isRunning)
        #expect(round.elapsed(now: at(Limits.roundMaxMs + 1)) == false)
    }

    @Test func wrongWords_areRefused_withASentence() throws {
        let round = try makeRound()
        #expect(throws: ConsoleRefusal.notInRound) {
            var round = round
            try round.skip(.named("cell-2001"), note: "x")
        }
        #expect(throws: ConsoleRefusal.reasonMissing) {
            var round = round
            try round.skip(cell1, note: " ")
        }
        #expect(throws: ConsoleRefusal.noCells) {
            _ = try ButtonRound(id: "r", zone: .named("ward-9"), by: .named("P2"), book: book, now: at(0))
        }
    }

    /// A15: a round of forty; a real emergency in it sounds on the wall as ever.
    @Test func roundOfForty_hasARealEmergencyInIt_whichSounds() throws {
        let book = makeBook(cells: 40)
        var wall = LiveWall(book: book, version: 1)
        var round = try ButtonRound(id: "r", zone: ward1, by: .named("P1042"), book: book, now: at(0))
        for number in 1...40 {
            let terminal = TerminalID.named("cell-\(1_000 + number)")
            let tried = makeAlarm(UInt64(number), at: terminal) {
                $0.attended = makeDeed(1)
                $0.cleared = makeDeed(2)
            }
            #expect(round.see(tried.record, ageMs: 0, now: at(number * 1_000)) == .test)
        }
        let real = makeAlarm(77, at: .named("cell-1007"))
        #expect(round.see(real.record, ageMs: 0, now: at(50_000)) == .real)
        _ = wall.alarm(real, ageMs: 0, isHistory: false, now: at(50_000))
        #expect(wall.sounding(now: at(50_000)) == .emergency)
        let view = RoundView(round, book)
        #expect(view.cells.count { $0.state == .pressed } == 40)
        #expect(view.csv(time: .china).split(separator: "\r\n").count == 41)
    }

    @Test func view_hasTheNamesOfTheAPI_whenEncoded() throws {
        var round = try ButtonRound(
            id: "r1", zone: ward1, by: .named("P1042"), book: makeBook(cells: 1), now: at(0))
        _ = round.see(record(1), ageMs: 0, now: at(0))
        #expect(
            try json(RoundView(round, book)) == """
                {"by":{"id":"P1042","name":"王"},"cells":[{"ms":null,"note":"","pressedAt":1795305600000,\
                "state":"pressed","terminal":"cell-1001","title":"室 cell-1001"}],"endedAt":null,"id":"r1",\
                "startedAt":1795305600000,"zone":"ward-1"}
                """)
        #expect(
            RoundView(round, book).csv(time: .china).split(separator: "\r\n").last == """
                r1,P1042 王,cell-1001,室 cell-1001,已按 pressed,2026-11-22 08:00:00,,
                """)
    }
}
