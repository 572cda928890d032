// SPDX-License-Identifier: Apache-2.0
import Testing

/// A house rule that looks at one file at a time: which lines break it, why it is a rule, and what to do
/// instead.
///
/// A rule shows on a snippet that it can fail (`catches`) before it is asked about the tree (`holds`).
struct Rule: Sendable {
    let why: String
    let instead: String
    /// Path → why this file may. An entry that is no longer needed breaks the rule, so the list only shrinks.
    var except: [String: String] = [:]
    /// The lines, from 1, that break the rule.
    let broken: @Sendable (SourceFile) -> [Int]

    init(
        why: String, instead: String, except: [String: String] = [:],
        broken: @escaping @Sendable (SourceFile) -> [Int]
    ) {
        self.why = why
        self.instead = instead
        self.except = except
        self.broken = broken
    }

    /// A rule against code that matches.
    init(against pattern: String, why: String, instead: String, except: [String: String] = [:]) {
        self.init(why: why, instead: instead, except: except) { $0.lines(matching: pattern) }
    }

    func holds(on files: [SourceFile]) {
        for file in files {
            let lines = broken(file)
            if let reason = except[file.path] {
                if lines.isEmpty {
                    Issue.record("\(file.path) keeps the rule now: take it off the list (\(reason))")
                }
                continue
            }
            for line in Set(lines).sorted() {
                let shown = file.lines.indices.contains(line - 1) ? file.lines[line - 1] : ""
                Issue.record("\(file.path):\(line): \(shown)\n  why: \(why)\n  instead: \(instead)")
            }
        }
    }

    func catches(_ snippet: String, in path: String, at location: SourceLocation = #_sourceLocation) {
        let found = broken(SourceFile(path: path, text: snippet))
        #expect(!found.isEmpty, "the rule must catch: \(snippet)", sourceLocation: location)
    }

    func allows(_ snippet: String, in path: String, at location: SourceLocation = #_sourceLocation) {
        let found = broken(SourceFile(path: path, text: snippet))
        #expect(found.isEmpty, "the rule must allow: \(snippet)", sourceLocation: location)
    }
}
