// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What an entry of the stream `page` says of one page: a word and its value a line, as `PlayEntry` does for
/// the day. Whoever speaks writes `paged` and `pageEnded`, each terminal that was told of it one of the rest.
/// A value; any thread.
///
///     step=pageHeard
///     page=post-a/page/9f3c0a1b2c3d4e5f/7
///     from=post-a
///     heardMs=4120
///     way=group
package struct PageEntry: Hashable, Sendable {
    /// What happened; its number is the entry's kind.
    package enum Step: UInt16, CaseIterable, Sendable, Hashable {
        /// A page was begun here, by whom and for which zones.
        case paged = 96
        case pageEnded
        /// It was heard here to its end.
        case pageHeard
        /// Something more urgent ended it here.
        case pageCut
        /// Something at least as urgent sounded here: not begun.
        case pageRefused
        /// Told of, and nothing came.
        case pageNotHeard

        /// Chinese, then English.
        package var phrase: Phrase {
            switch self {
            case .paged: Phrase("发起广播", "page begun")
            case .pageEnded: Phrase("广播结束", "page ended")
            case .pageHeard: Phrase("已播放广播", "page heard")
            case .pageCut: Phrase("广播被打断", "page cut")
            case .pageRefused: Phrase("广播未播放", "page refused")
            case .pageNotHeard: Phrase("未收到广播声音", "page not heard")
            }
        }
    }

    package let step: Step
    package private(set) var words: [(name: String, value: String)]

    /// Values that are nil or empty are left out.
    package init(_ step: Step, _ words: [(String, String?)]) {
        self.step = step
        self.words = [("step", "\(step)")]
        for (name, value) in words {
            let line = (value ?? "").filter { !$0.isNewline && $0 != "\0" }
            guard !line.isEmpty else { continue }
            self.words.append((name, String(decoding: line.utf8.prefix(Limits.titleMaxBytes), as: UTF8.self)))
        }
    }

    /// nil: it is none, or of a later version.
    package init?(_ payload: [UInt8]) {
        guard payload.count <= Limits.playEntryMaxBytes, !payload.contains(0),
            let text = String(validating: payload, as: UTF8.self)
        else { return nil }
        var words: [(name: String, value: String)] = []
        for line in text.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { return nil }
            words.append((String(line[..<equals]), String(line[line.index(after: equals)...])))
        }
        guard words.first?.name == "step",
            let step = Step.allCases.first(where: { "\($0)" == words.first?.value })
        else { return nil }
        (self.step, self.words) = (step, words)
    }

    package subscript(_ name: String) -> String? { words.first { $0.name == name }?.value }

    package var payload: [UInt8] {
        Array(words.map { "\($0.name)=\($0.value)" }.joined(separator: "\n").utf8)
    }

    package static func == (a: Self, b: Self) -> Bool { a.payload == b.payload }
    package func hash(into hasher: inout Hasher) { hasher.combine(payload) }
}
