// SPDX-License-Identifier: Apache-2.0
internal import Alarms
internal import Facility

/// 现在该做什么: what an officer does next about one alarm, first things first.
extension AlarmView.ToDo {
    init(_ record: AlarmRecord, _ standing: AlarmStanding, title: String) {
        var steps: [Phrase] = []
        if record.isOpen, standing.isHistory {
            steps.append(
                Phrase("断网期间的记录：请核实是否已经处置", "Recorded during an outage: make sure that it was dealt with"))
        }
        if record.isOpen, standing.isCellLost {
            steps.append(
                Phrase("监室终端失联：必须到场查看", "The cell's terminal is lost: somebody has to go and look"))
        }
        if record.isOpen { steps += Self.steps(record, title) }
        zh = steps.map(\.zh)
        en = steps.map(\.en)
    }

    private static func steps(_ record: AlarmRecord, _ title: String) -> [Phrase] {
        switch record.alarmClass {
        case .officerDuress:
            let help = Phrase("立即派人增援：\(title)", "Send help at once: \(title)")
            return (record.attended == nil ? [help] : []) + visit(record, title)
        case .emergency: return visit(record, title)
        case .cellCall: return answer(record, title)
        case .trouble: return mend(record, title)
        }
    }

    private static var acknowledge: Phrase { Phrase("按“确认”接警", "Press Acknowledge: you have it") }
    private static var clear: Phrase { Phrase("处置完毕后按“解除”", "When it is dealt with, press Clear") }

    private static func visit(_ record: AlarmRecord, _ title: String) -> [Phrase] {
        if record.attended != nil { return [clear] }
        let go = Phrase("赶到\(title)", "Go to \(title)")
        let prove =
            record.attendanceWired
            ? Phrase("到场后操作监室门口的到场开关", "At the door, operate the attendance switch")
            : Phrase("到场后按“到场”", "At the door, press Attended")
        return (record.acknowledged == nil ? [acknowledge] : []) + [go, prove]
    }

    private static func answer(_ record: AlarmRecord, _ title: String) -> [Phrase] {
        if record.attended != nil || record.spokenMs >= UInt32(Limits.spokenMinMs) { return [clear] }
        let speak = Phrase(
            "与\(title)双向通话满三秒，或到场", "Speak with \(title) for three seconds, or go there")
        return (record.acknowledged == nil ? [acknowledge] : []) + [speak]
    }

    private static func mend(_ record: AlarmRecord, _ title: String) -> [Phrase] {
        let cause = record.cause.phrase
        var steps: [Phrase] = []
        if record.acknowledged == nil {
            steps.append(Phrase("按“确认”停止鸣响", "Press Acknowledge: the sound stops"))
        }
        if record.cause.breaksAlarmPath {
            steps.append(
                Phrase("按钮可能无效：决定该监室能否使用", "The button may not work: decide whether the cell may be used"))
        }
        steps.append(
            Phrase("通知技术员：\(title)，\(cause.zh)", "Tell the technician: \(title), \(cause.en.lowercased())"))
        steps.append(
            record.cause.lasts
                ? Phrase("排除后自动解除", "It clears by itself when it is mended")
                : Phrase("查明原因后按“解除”", "When the cause is known, press Clear"))
        return steps
    }
}
