// SPDX-License-Identifier: Apache-2.0
import Alarms
package import DeskLink
package import Facility

/// Which alarm an officer means: the whole id, a cell's name, the beginning of an id, or a line of the list.
/// A value.
///
/// It never guesses: a name must be whole (`cell-1` is not `cell-12`), only the run may be shortened, and
/// what fits two alarms is refused with both named.
package enum AlarmChoice {
    package static func find(
        _ text: String, in alarms: [StandingAlarm], language: Language
    ) throws(Fault) -> StandingAlarm {
        let named = alarms.filter { fits(text, $0.record.id) }
        if let number = lineNumber(text) {
            guard named.isEmpty else {
                throw fault(
                    text, Phrase("既是终端名又是行号", "is both a terminal and a line"), hint: numberHint, language)
            }
            guard alarms.indices.contains(number - 1) else { throw none(text, language) }
            return alarms[number - 1]
        }
        switch named.count {
        case 0: throw none(text, language)
        case 1: return named[0]
        case _:
            let list = named.map(\.record.id.description).joined(separator: " ")
            throw fault(
                text, Phrase("符合多条报警", "fits more than one alarm") + ": \(list)", hint: moreHint, language)
        }
    }

    /// `2` or `#2`.
    private static func lineNumber(_ text: String) -> Int? {
        Int(text.hasPrefix("#") ? text.dropFirst() : text[...]).flatMap { $0 > 0 ? $0 : nil }
    }

    private static func fits(_ text: String, _ id: EventID) -> Bool {
        let given = text.split(separator: "/", omittingEmptySubsequences: false)
        let whole = id.description.split(separator: "/")
        guard (1...4).contains(given.count) else { return false }
        return zip(given, whole).enumerated().allSatisfy { index, pair in
            if index == 2 && given.count == 3 { return pair.1.hasPrefix(pair.0) }
            return pair.0 == pair.1 || (pair.0.isEmpty && index == given.count - 1 && index > 0)
        }
    }

    private static let numberHint = Phrase("写 #行号，或写完整编号。", "Write #LINE, or the whole id.")
    private static let moreHint = Phrase("请写完整编号。", "Write the whole id.")

    private static func none(_ text: String, _ language: Language) -> Fault {
        Fault(
            "find alarm", at: text, cause: Phrase("没有这条报警", "no such alarm").both(language),
            hint: Phrase("请看 watchpost alarms。", "See watchpost alarms.").both(language))
    }

    private static func fault(_ text: String, _ cause: Phrase, hint: Phrase, _ language: Language) -> Fault {
        Fault("find alarm", at: text, cause: cause.both(language), hint: hint.both(language))
    }
}

private func + (words: Phrase, text: String) -> Phrase { Phrase(words.zh + text, words.en + text) }
