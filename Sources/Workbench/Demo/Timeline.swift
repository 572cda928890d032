// SPDX-License-Identifier: Apache-2.0
package import Facility

/// One thing that was really seen to happen in the story.
package struct StoryStep: Hashable, Sendable {
    /// For programs: `lamp-fast-blink`.
    package var name: String
    /// Milliseconds since the story began.
    package var ms: Int
    package var place: TerminalID?
    package var words: Phrase

    package init(name: String, ms: Int, place: TerminalID?, words: Phrase) {
        self.name = name
        self.ms = ms
        self.place = place
        self.words = words
    }

    package var json: JSONLine {
        var line = JSONLine()
        line.add("step", name)
        line.add("ms", ms)
        line.add("at", place?.text)
        line.add("zh", words.zh)
        line.add("en", words.en)
        return line
    }

    package func text(_ language: Language) -> String {
        let first = language == .zh ? words.zh : words.en
        let second = language == .zh ? words.en : words.zh
        return "\(sinceText(ms: ms))  \(Table.padded(place?.text ?? "-", to: 10))  \(first) · \(second)"
    }
}

/// The step of the story that was not seen in time; the story ends there.
package struct StoryFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package var step: String
    package var place: TerminalID?
    package var words: Phrase
    /// What was seen instead, or why one could not look.
    package var seen: String

    package var description: String {
        "\(step) (\(place?.text ?? "-")): \(words.zh) · \(words.en): \(seen)"
    }
}
