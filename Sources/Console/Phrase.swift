// SPDX-License-Identifier: Apache-2.0
package import Alarms
internal import Facility

/// The same thing in Chinese and in English, as every page and every refusal carries it. A value; any thread.
package struct Phrase: Codable, Hashable, Sendable {
    package var zh: String
    package var en: String

    package init(_ zh: String, _ en: String) {
        self.zh = zh
        self.en = en
    }
}

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

extension AlarmClass {
    package var phrase: Phrase {
        switch self {
        case .trouble: Phrase("故障", "Trouble")
        case .cellCall: Phrase("报告呼叫", "Cell call")
        case .emergency: Phrase("紧急报警", "Emergency")
        case .officerDuress: Phrase("民警胁迫", "Officer duress")
        }
    }

    /// Somebody calls, so somebody has to come or to speak.
    package var isCall: Bool { self > .trouble }
}

extension AlarmPhase {
    package var phrase: Phrase {
        switch self {
        case .raised: Phrase("已触发", "Raised")
        case .annunciated: Phrase("已鸣响", "Annunciated")
        case .acknowledged: Phrase("已确认", "Acknowledged")
        case .attended: Phrase("已到场", "Attended")
        case .cleared: Phrase("已解除", "Cleared")
        }
    }
}

extension AlarmCause {
    package var phrase: Phrase {
        switch self {
        case .press: Phrase("按下按钮", "Button pressed")
        case .wireShort: Phrase("按钮线路短路", "Button wire shorted")
        case .wireCut: Phrase("按钮线路断开", "Button wire cut")
        case .stuck: Phrase("按钮卡住", "Button stuck")
        case .tamper: Phrase("终端被拆动", "Terminal opened")
        case .lineFault: Phrase("输入线故障", "Input line fault")
        case .edgesLost: Phrase("按键信号丢失", "Button signals lost")
        case .journalFault: Phrase("记录无法写入", "Record cannot be written")
        case .journalLoss: Phrase("记录有缺失", "Record incomplete")
        case .configuration: Phrase("配置错误", "Configuration wrong")
        case .soundFault: Phrase("鸣响装置故障", "Sounder fault")
        case .crashLoop: Phrase("程序反复重启", "Program restarts again and again")
        case .peerLost: Phrase("终端失联", "Terminal lost")
        case .peerOneWay: Phrase("通信单向中断", "Link works one way only")
        }
    }

    /// While it lasts, a press at this terminal may reach nobody.
    package var breaksAlarmPath: Bool {
        switch self {
        case .wireShort, .wireCut, .stuck, .lineFault, .peerLost, .peerOneWay: true
        case .press, .tamper, .edgesLost, .journalFault, .journalLoss, .configuration, .soundFault,
            .crashLoop:
            false
        }
    }
}
