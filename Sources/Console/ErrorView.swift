// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// Why something was not done, as the console says it: `{"error":{"code","zh","en"}}`.
package struct ErrorView: Codable, Hashable, Sendable {
    package struct Said: Codable, Hashable, Sendable {
        package var code: String
        package var zh: String
        package var en: String
    }
    package var error: Said

    package init(code: String, _ phrase: Phrase) {
        error = Said(code: code, zh: phrase.zh, en: phrase.en)
    }

    package init(_ refusal: AlarmRefusal) {
        self.init(code: "\(refusal)", Phrase(refusal.chinese, refusal.english))
    }

    package init(_ refusal: ConsoleRefusal) { self.init(code: "\(refusal)", refusal.phrase) }
}

/// What the console itself refuses; the alarms' own refusals are `AlarmRefusal`.
package enum ConsoleRefusal: String, Error, Hashable, Sendable, CaseIterable {
    case neverShelved
    case unknownKey
    case minutesOutOfRange
    case reasonMissing
    case tooManyShelved
    case unknownTerminal
    case notACell
    case notInRound
    case roundEnded
    case roundRunning
    case noCells

    package var phrase: Phrase {
        switch self {
        case .neverShelved:
            Phrase("紧急报警和民警胁迫不能搁置。", "An emergency or an officer's duress is never shelved.")
        case .unknownKey: Phrase("没有这一组报警。", "There is no such group of alarms.")
        case .minutesOutOfRange:
            Phrase("搁置时间须为 1 至 480 分钟。", "An alarm is shelved for 1 to 480 minutes.")
        case .reasonMissing:
            Phrase(
                "请写明理由，不超过 \(Limits.reasonMaxBytes / 3) 个字。", "Give a reason, not longer than a few lines.")
        case .tooManyShelved:
            Phrase("搁置的报警过多，请先取消一项。", "Too much is shelved; end one of them first.")
        case .unknownTerminal: Phrase("没有这台终端。", "There is no such terminal.")
        case .notACell: Phrase("这台终端不在监室。", "This terminal is not in a cell.")
        case .notInRound: Phrase("该监室不在本次测试内。", "This cell is not part of the round.")
        case .roundEnded: Phrase("本次测试已经结束。", "This round has ended.")
        case .roundRunning: Phrase("该监区的测试正在进行。", "A round of this zone is already running.")
        case .noCells: Phrase("该监区没有监室终端。", "There is no cell terminal in this zone.")
        }
    }
}
