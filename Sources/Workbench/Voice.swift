// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility
import Foundation

/// How a command ended: the exit code of the tool.
package enum Outcome: Int32, Sendable {
    case done = 0
    /// Refused or failed; the sentence is on standard error.
    case refused = 1
    case wrongUsage = 2
}

/// How the tool speaks: results on standard output, sentences on standard error. A value; tests listen
/// instead.
package struct Voice: Sendable {
    package var language: Language
    /// One JSON object per line instead of words.
    package var speaksJSON: Bool
    private let out: @Sendable (String) -> Void
    private let err: @Sendable (String) -> Void

    package init(
        language: Language, json: Bool = false,
        out: @escaping @Sendable (String) -> Void = { Voice.write($0, to: STDOUT_FILENO) },
        err: @escaping @Sendable (String) -> Void = { Voice.write($0, to: STDERR_FILENO) }
    ) {
        self.language = language
        speaksJSON = json
        self.out = out
        self.err = err
    }

    package func say(_ line: String) { out(line) }
    package func say(_ words: Phrase) { out(words.both(language)) }
    package func say(_ line: JSONLine) { out(line.description) }
    package func complain(_ line: String) { err(line) }

    /// A refusal is read by an officer: both languages, each on its line.
    package func refuse(_ words: Phrase) -> Outcome {
        let lines = language == .zh ? [words.zh, words.en] : [words.en, words.zh]
        for line in lines { err(line) }
        return .refused
    }

    package func refuse(_ refusal: AlarmRefusal) -> Outcome { refuse(refusal.phrase) }

    package func fail(_ fault: Fault) -> Outcome {
        err("watchpost: \(fault)")
        return .refused
    }

    /// Unbuffered, so that another program reads a line as soon as it is said.
    package static func write(_ line: String, to descriptor: Int32) {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
