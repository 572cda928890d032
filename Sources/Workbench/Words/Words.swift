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

    package func callAsFunction(_ words: Words) -> String { self == .zh ? words.zh : words.en }
}

/// The same thing in Chinese and in English.
package struct Words: Hashable, Sendable {
    package var zh: String
    package var en: String

    package init(_ zh: String, _ en: String) {
        self.zh = zh
        self.en = en
    }

    /// Both, the reader's first: `紧急 emergency`.
    package func both(_ language: Language) -> String { language == .zh ? "\(zh) \(en)" : "\(en) \(zh)" }
}

extension AlarmClass {
    package var words: Words {
        switch self {
        case .trouble: Words("故障", "trouble")
        case .cellCall: Words("报告", "cell call")
        case .emergency: Words("紧急", "emergency")
        case .officerDuress: Words("胁迫", "duress")
        }
    }
}

extension AlarmPhase {
    package var words: Words {
        switch self {
        case .raised: Words("已触发", "raised")
        case .annunciated: Words("已鸣响", "annunciated")
        case .acknowledged: Words("已确认", "acknowledged")
        case .attended: Words("已到场", "attended")
        case .cleared: Words("已解除", "cleared")
        }
    }
}

extension AlarmCause {
    package var words: Words {
        switch self {
        case .press: Words("按下", "press")
        case .wireShort: Words("线路短路", "wire short")
        case .wireCut: Words("线路断开", "wire cut")
        case .stuck: Words("按钮卡住", "stuck button")
        case .tamper: Words("防拆", "tamper")
        case .lineFault: Words("输入线故障", "line fault")
        case .edgesLost: Words("信号丢失", "edges lost")
        case .journalFault: Words("记录故障", "journal fault")
        case .journalLoss: Words("记录丢失", "journal loss")
        case .configuration: Words("配置错误", "configuration")
        case .soundFault: Words("声音故障", "sound fault")
        case .crashLoop: Words("反复重启", "crash loop")
        case .peerLost: Words("终端失联", "terminal lost")
        case .peerOneWay: Words("单向中断", "one-way link")
        }
    }
}

extension OfficerAction {
    package var words: Words {
        switch self {
        case .acknowledge: Words("确认", "acknowledged")
        case .silence: Words("静音", "silenced")
        case .attend: Words("到场", "attended")
        case .clear: Words("解除", "cleared")
        }
    }
}

extension AlarmRefusal {
    package var words: Words { Words(chinese, english) }
}

extension Deed.Ground {
    package var words: Words {
        switch self {
        case .officer: Words("民警", "officer")
        case .line: Words("线路", "line")
        case .declared: Words("口头声明", "declared, unproven")
        case .automatic: Words("自动", "automatic")
        case .speech: Words("通话", "speech")
        case .folded: Words("并入", "folded")
        }
    }
}

extension TerminalRole {
    package var words: Words {
        switch self {
        case .cell: Words("监室", "cell")
        case .post: Words("岗位", "post")
        }
    }
}
