// SPDX-License-Identifier: Apache-2.0
package import Facility

// 术语: what alarms are called, on every screen and page alike: one table, so that the post, the console and
// the printed report never call one thing by two names.

extension AlarmClass {
    package var phrase: Phrase {
        switch self {
        case .trouble: Phrase("故障", "Trouble")
        case .cellCall: Phrase("报告呼叫", "Cell call")
        case .emergency: Phrase("紧急报警", "Emergency")
        case .officerDuress: Phrase("民警胁迫", "Officer duress")
        }
    }
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
        case .soundFault: Phrase("鸣响或通话装置故障", "Sounder or voice fault")
        case .crashLoop: Phrase("程序反复重启", "Program restarts again and again")
        case .peerLost: Phrase("终端失联", "Terminal lost")
        case .peerOneWay: Phrase("通信单向中断", "Link works one way only")
        case .cloned:
            Phrase(
                "有两台机器使用本终端的身份，请技术人员吊销后重新加入",
                "Two machines use this terminal's identity: a technician should revoke it and join it anew")
        }
    }
}

extension OfficerAction {
    package var phrase: Phrase {
        switch self {
        case .acknowledge: Phrase("确认", "Acknowledge")
        case .silence: Phrase("静音", "Silence")
        case .attend: Phrase("到场", "Attend")
        case .clear: Phrase("解除", "Clear")
        }
    }
}

extension AlarmRefusal {
    package var phrase: Phrase { Phrase(chinese, english) }
}
