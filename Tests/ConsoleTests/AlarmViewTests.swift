// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import Foundation
import TestBoard
import Testing

struct AlarmViewTests {
    let book = makeBook()

    @Test func view_hasExactlyTheNamesOfTheAPI_whenEncoded() throws {
        let alarm = makeAlarm(1) {
            $0.annunciated = makeDeed(40, ground: .automatic)
            $0.acknowledged = makeDeed(9_000, officer: .named("P1042"))
        }
        let view = AlarmView(alarm, AlarmStanding(ageMs: 10_000, sounds: true), book)
        #expect(
            try json(view) == """
                {"ageMs":10000,"alarmClass":"emergency","attendanceWired":false,"cause":"press",\
                "cellLost":false,"clockMs":290000,"deeds":[\
                {"afterMs":40,"deed":"annunciated","ground":"automatic","officer":null,"terminal":"post-a"},\
                {"afterMs":9000,"deed":"acknowledged","ground":"officer",\
                "officer":{"id":"P1042","name":"王"},"terminal":"post-a"}],\
                "escalation":0,"history":false,"id":"cell-1001/alarm/0000000000000007/1",\
                "phase":"acknowledged","point":"button","presses":1,"quietForMs":null,\
                "raisedAt":1795305600000,"shelvedUntil":null,"sounding":true,"terminal":"cell-1001",\
                "title":"室 cell-1001",\
                "todo":{"en":["Go to 室 cell-1001","At the door, press Attended"],\
                "zh":["赶到室 cell-1001","到场后按“到场”"]},"uncertaintyMs":0,"zone":"ward-1"}
                """)
        let read = try JSONDecoder().decode(AlarmView.self, from: Data(try json(view).utf8))
        #expect(read == view)
    }

    @Test func clock_goesBelowZero_whenNobodyCame() {
        #expect(AlarmView(makeAlarm(1), AlarmStanding(ageMs: 300_001, sounds: true), book).clockMs == -1)
    }

    @Test func clock_stops_whenAttendedOrNobodyCalls() {
        let attended = makeAlarm(1) { $0.attended = makeDeed(5) }
        #expect(AlarmView(attended, AlarmStanding(ageMs: 6, sounds: false), book).clockMs == nil)
        #expect(
            AlarmView(makeAlarm(1, .trouble), AlarmStanding(ageMs: 6, sounds: true), book).clockMs == nil)
    }

    @Test func history_neverSounds_whateverTheRecordSays() {
        let standing = AlarmStanding(ageMs: 6, sounds: true, isHistory: true)
        #expect(!AlarmView(makeAlarm(1), standing, book).sounding)
    }

    @Test func quiet_countsDown_whilePaused() {
        let paused = makeAlarm(1) { $0.silenced = makeDeed(10_000) }
        #expect(
            AlarmView(paused, AlarmStanding(ageMs: 40_000, sounds: false), book).quietForMs == 90_000)
        #expect(AlarmView(paused, AlarmStanding(ageMs: 130_000, sounds: true), book).quietForMs == nil)
    }

    @Test func deeds_areInTheOrderOfTheirTime_whenTheyHappenedInAnother() {
        let record = makeAlarm(1) {
            $0.attended = makeDeed(5)
            $0.acknowledged = makeDeed(9)
            $0.annunciated = makeDeed(5)
        }.record
        #expect(record.deeds.map(\.kind) == [.annunciated, .attended, .acknowledged])
    }
}
