// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Foundation
import Testing

@testable import Console

struct RecordWordsTests {
    /// What the servers' sources write into records, wherever it stands.
    private static func codes(_ pattern: String) throws -> Set<String> {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        let expression = try NSRegularExpression(pattern: pattern)
        var found: Set<String> = []
        for room in ["HubServer", "PanelServer", "ConsoleServer"] {
            let files = FileManager.default.enumerator(
                at: sources.appending(path: room), includingPropertiesForKeys: nil)
            while let file = files?.nextObject() as? URL {
                guard file.pathExtension == "swift" else { continue }
                let text = try String(contentsOf: file, encoding: .utf8)
                let whole = NSRange(location: 0, length: (text as NSString).length)
                for match in expression.matches(in: text, range: whole) {
                    found.insert((text as NSString).substring(with: match.range(at: 1)))
                }
            }
        }
        return found
    }

    @Test func deed_hasWords_whereverItIsWritten() throws {
        let written = try Self.codes(#"(?:audit|what): (?:asked\.route\?\.audit \?\? )?"([a-z.-]+)""#)
            .union(try Self.codes(#"note\([a-z.]+, "([a-z.]+)""#))
        #expect(written.count > 25, "\(written)")
        for code in written { #expect(RecordWords.isKnown(deed: code), "\(code)") }
        for action in OfficerAction.allCases { #expect(RecordWords.isKnown(deed: "alarm.\(action)")) }
    }

    @Test func refusal_hasWords_whereverItIsMade() throws {
        let made = try Self.codes(#"Refused\(\s*\.\w+,\s*"(\w+)""#)
            .union(try Self.codes(#"outcome: "([a-zA-Z]+)""#))
        #expect(made.count > 20, "\(made)")
        for code in made { #expect(RecordWords.isKnown(end: code), "\(code)") }
        for refusal in AlarmRefusal.allCases { #expect(RecordWords.isKnown(end: "\(refusal)")) }
        for refusal in ConsoleRefusal.allCases { #expect(RecordWords.isKnown(end: "\(refusal)")) }
    }

    @Test func words_areOfBothLanguages_andCountsStay() {
        #expect(RecordWords.did("user.shut") == Phrase("停用用户", "Shut a user out"))
        #expect(RecordWords.ended("done").zh == "✓ 完成")
        #expect(RecordWords.ended("17 more in a minute").zh == "✕ 一分钟内另有 17 次")
        #expect(RecordWords.ended("hungUp 42 s").en == "✓ Hung up, talked 42 s")
        #expect(RecordWords.ended("somethingNew") == Phrase("✕ somethingNew", "✕ somethingNew"))
    }
}
