// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What an officer can do to an alarm from a post.
package enum OfficerAction: UInt8, Sendable, CaseIterable, Hashable {
    case acknowledge = 1
    case silence = 2
    case attend = 3
    case clear = 4
}

/// Who does it and where. Without an officer it was a key of the post's board, recorded as the post.
package struct ActionSource: Hashable, Sendable {
    package let post: TerminalID
    package let officer: OfficerID?

    package init(post: TerminalID, officer: OfficerID?) {
        self.post = post
        self.officer = officer
    }
}

/// Why an action was not done. A value, because people press in the wrong order all day.
package enum AlarmRefusal: UInt8, Error, Sendable, CaseIterable, Hashable {
    case unknownAlarm = 1
    case alreadyCleared = 2
    case alreadyAcknowledged = 3
    case alreadyAttended = 4
    case alreadySilenced = 5
    /// After a pause lapsed it has to sound `Limits.resoundMinMs` before the next one.
    case mustSoundFirst = 6
    case notAttended = 7
    /// A cell call: neither attended nor spoken with for `Limits.spokenMinMs`.
    case notSpokenNorAttended = 8
    /// The cell has an attendance line; only that line proves attendance.
    case attendanceNeedsLine = 9
    /// A trouble ends when its condition ends.
    case conditionStands = 10
    case unknownOfficer = 11
    case notAllowed = 12
    case cellUnreachable = 13
    case tooMany = 14
    /// A trouble has no caller to attend to.
    case nobodyCalls = 15
}

extension AlarmRefusal {
    /// The sentence an officer reads, in Chinese.
    package var chinese: String {
        switch self {
        case .unknownAlarm: "没有这条报警记录。"
        case .alreadyCleared: "这条报警已经解除。"
        case .alreadyAcknowledged: "这条报警已有民警确认。"
        case .alreadyAttended: "民警已经到场。"
        case .alreadySilenced: "声音已经暂停，最长两分钟。"
        case .mustSoundFirst: "暂停刚刚结束，须先鸣响五秒才能再次暂停。"
        case .notAttended: "紧急报警须民警到监室门口后才能解除。"
        case .notSpokenNorAttended: "须先与监室双向通话满三秒，或到场后才能解除。"
        case .attendanceNeedsLine: "该监室装有到场开关，请在监室门口操作。"
        case .conditionStands: "故障仍然存在，排除后自动解除。"
        case .unknownOfficer: "没有这个警号，请核对。"
        case .notAllowed: "当前用户无权执行此操作。"
        case .cellUnreachable: "监室终端没有应答，操作未完成，正在重试。"
        case .tooMany: "操作过于频繁，请稍候再试。"
        case .nobodyCalls: "故障无须到场：确认后排除即可。"
        }
    }

    /// The same sentence in English.
    package var english: String {
        switch self {
        case .unknownAlarm: "There is no such alarm."
        case .alreadyCleared: "This alarm is already cleared."
        case .alreadyAcknowledged: "An officer has already acknowledged this alarm."
        case .alreadyAttended: "An officer is already attending."
        case .alreadySilenced: "The sound is already paused, for two minutes at most."
        case .mustSoundFirst: "A pause has just ended; it must sound for five seconds before the next."
        case .notAttended: "An emergency is cleared only after attendance at the cell."
        case .notSpokenNorAttended:
            "Speak with the cell for at least three seconds, or attend, before clearing."
        case .attendanceNeedsLine: "This cell has an attendance switch: operate it at the door."
        case .conditionStands: "The fault is still there; it clears by itself when it is mended."
        case .unknownOfficer: "There is no officer with this number."
        case .notAllowed: "This user may not do that."
        case .cellUnreachable:
            "The cell's terminal does not answer; nothing was done yet, it is being retried."
        case .tooMany: "Too many commands in one second; wait a moment."
        case .nobodyCalls: "Nobody calls with a trouble: acknowledge it and mend its cause."
        }
    }
}
