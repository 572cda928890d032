// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Testing
import Workbench

struct RulesTaskTests {
    private static let yaml = """
        rules: house
        title: 规则
        english: rules
        from: 2026-01-01
        parts: [{id: order, title: 纪律, bonus: 50%}]
        profiles: [{id: held, title: 在押, base: {order: 100}}]
        items:
          - {id: tidy, part: order, title: 整洁, english: tidy, points: 2}
          - {id: fights, part: order, title: 打架, points: -20..-5, evidence: yes, signatures: 2}
        """

    @Test func pack_isShown_fromItsTextAndItsCompiledForm() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let (path, compiled) = (directory.path + "/rules.yaml", directory.path + "/rules.wprp")
        try Data(Self.yaml.utf8).write(to: URL(fileURLWithPath: path))
        let listener = Listener()
        #expect(try RulesTask(listener.voice()).check(path, compiled: compiled) == .done)
        var shown: [[String]] = []
        for file in [path, compiled] {
            let ear = Listener()
            #expect(try RulesTask(ear.voice()).show(file) == .done)
            shown.append(ear.out)
        }
        #expect(shown[0] == shown[1] && shown[0].count == 4, "\(shown)")
        #expect(shown[0][3].contains("-20..-5"))
        let good = FileManager.default.contents(atPath: compiled)
        try Data(Self.yaml.replacing("points: 2}", with: "points: two}").utf8).write(
            to: URL(fileURLWithPath: path))
        #expect(try RulesTask(listener.voice()).check(path, compiled: compiled) == .refused)
        #expect(listener.err.contains { $0.contains("rules.yaml:8") }, "\(listener.err)")
        #expect(FileManager.default.contents(atPath: compiled) == good)
    }
}
