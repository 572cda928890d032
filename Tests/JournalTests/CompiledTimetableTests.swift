// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Journal
import Paging
import Testing

struct CompiledTimetableTests {
    private func plan(_ name: String) -> TimetablePlan {
        TimetablePlan(name: name, offsets: .utc, dayTypes: DayTypes.titles)
    }

    @Test func lastGood_isRead_whenTheNewestIsDamaged() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/timetable.wptt"
        #expect(throws: Fault.self) { try CompiledTimetable.readNewestGood(path) }
        try CompiledTimetable.install(plan("one"), at: path)
        #expect(try CompiledTimetable.readNewestGood(path).plan.name == "one")
        try CompiledTimetable.install(plan("two"), at: path)
        try CompiledTimetable.install(plan("two"), at: path)
        #expect(try CompiledTimetable.read(path).name == "two")
        #expect(try CompiledTimetable.read(CompiledTimetable.previousPath(of: path)).name == "one")

        try Data("damage".utf8).write(to: URL(fileURLWithPath: path))
        let found = try CompiledTimetable.readNewestGood(path)
        #expect(found.plan.name == "one" && found.fault != nil)
        try CompiledTimetable.install(plan("three"), at: path)
        #expect(
            try CompiledTimetable.read(CompiledTimetable.previousPath(of: path)).name == "one",
            "not the damage")
    }
}
