// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility
import Foundation

/// 语言: what the tool speaks first. Refusals are always said in both.
package enum Language: String, Sendable, CaseIterable {
    case zh
    case en

    /// From LC_ALL, LC_MESSAGES or LANG, in the order of POSIX.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let names = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }
        self = names.first { !$0.isEmpty }?.hasPrefix("zh") == true ? .zh : .en
    }

    package func callAsFunction(_ words: Phrase) -> String { self == .zh ? words.zh : words.en }
}

extension Phrase {
    /// Both, the reader's first: `紧急报警 Emergency`.
    package func both(_ language: Language) -> String { language == .zh ? "\(zh) \(en)" : "\(en) \(zh)" }
}

extension Deed.Ground {
    package var phrase: Phrase {
        switch self {
        case .officer: Phrase("民警", "officer")
        case .line: Phrase("线路", "line")
        case .declared: Phrase("口头声明", "declared, unproven")
        case .automatic: Phrase("自动", "automatic")
        case .speech: Phrase("通话", "speech")
        case .folded: Phrase("并入", "folded")
        }
    }
}

extension TerminalRole {
    package var phrase: Phrase {
        switch self {
        case .cell: Phrase("监室", "cell")
        case .post: Phrase("岗位", "post")
        case .hub: Phrase("中心", "hub")
        }
    }
}
