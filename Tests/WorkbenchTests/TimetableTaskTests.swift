// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Testing
import Workbench

struct TimetableTaskTests {
    private static let yaml = """
        timetable: Test
        time-zone: America/New_York
        routines:
          - {id: wake-up, title: 起床, at: "06:30", days: [weekday], lasts: 90s}
          - {id: count, at: "02:30", lasts: 20s, zones: [pod-a], time-change: skip}
        """

    private func file(_ text: String, in directory: TemporaryDirectory) throws -> String {
        let path = directory.path + "/day.yaml"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test func preview_showsDaysAndUnits_ofOneZone() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = try file(Self.yaml, in: directory)
        let listener = Listener()
        let wish = PreviewWish(days: 2, zone: ZoneID("pod-a"), from: "2026-03-08")
        #expect(try TimetableTask(listener.voice()).preview(path, wish) == .done)
        #expect(listener.out.count == 5 && listener.out[1].contains("leave it out"), "\(listener.out)")
        #expect(listener.out[4].contains("06:30  起床  90s"))
        let bad = PreviewWish(days: 0, zone: nil, from: nil)
        #expect(throws: Fault.self) { try TimetableTask(listener.voice()).preview(path, bad) }
    }

    @Test func check_compilesOnlyWhatHasNoMistake_andExportComesBack() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = try file(Self.yaml, in: directory)
        let compiled = directory.path + "/day.wptt"
        let listener = Listener()
        #expect(try TimetableTask(listener.voice()).check(path, compiled: compiled) == .done)
        let good = FileManager.default.contents(atPath: compiled)
        #expect(good != nil)
        let calendar = Listener()
        #expect(try TimetableTask(calendar.voice()).export(path, from: "2026-11-23") == .done)
        let ics = directory.path + "/day.ics"
        try Data((calendar.out.first ?? "").utf8).write(to: URL(fileURLWithPath: ics))
        let again = Listener()
        #expect(try TimetableTask(again.voice()).importing(ics) == .done, "\(again.err)")
        #expect(again.out.first?.contains("time-change: skip") == true)

        _ = try file(Self.yaml.replacing("06:30", with: "26:30"), in: directory)
        #expect(try TimetableTask(listener.voice()).check(path, compiled: compiled) == .refused)
        #expect(listener.err.contains { $0.contains("day.yaml:4") })
        #expect(FileManager.default.contents(atPath: compiled) == good)
    }
}
