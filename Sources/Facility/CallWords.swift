// SPDX-License-Identifier: Apache-2.0

/// One call for ever and everywhere: minted by the terminal that made it, or that took it from a phone.
package typealias CallID = EventID

/// Who is at the other end of a leg. A value; any thread.
package enum Party: Hashable, Sendable {
    case terminal(TerminalID)
    /// By the name that the site gives it.
    case phone(String)

    package var text: String {
        switch self {
        case .terminal(let id): id.text
        case .phone(let name): name
        }
    }
}

/// How urgent a call is: higher overtakes and pre-empts lower. A value; any thread.
package enum CallClass: UInt8, Sendable, CaseIterable, Hashable, CustomStringConvertible, Comparable {
    /// Between officers, or with a phone.
    case routine = 1
    /// An officer opens a cell.
    case opening = 2
    /// 报告呼叫: a detainee asks for an officer.
    case cellCall = 3
    /// 紧急报警: a detainee's alarm.
    case emergency = 4
    /// An officer in danger.
    case duress = 5

    /// As it stands in records: said without looking at what the type is, which costs more than the rest.
    package var description: String {
        switch self {
        case .routine: "routine"
        case .opening: "opening"
        case .cellCall: "cellCall"
        case .emergency: "emergency"
        case .duress: "duress"
        }
    }

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    /// Somebody asked for help: it rings until somebody answers.
    package var isAlarm: Bool {
        switch self {
        case .routine, .opening: false
        case .cellCall, .emergency, .duress: true
        }
    }
}

/// What the microphones do in a call. A value; any thread.
package enum CallMode: UInt8, Sendable, CaseIterable, Hashable, CustomStringConvertible {
    case talk = 1
    /// The officer's microphone stays closed: a cell is listened to.
    case listen = 2
    /// Each end speaks while its key is held.
    case pushToTalk = 3

    /// As it stands in records: said without looking at what the type is, which costs more than the rest.
    package var description: String {
        switch self {
        case .talk: "talk"
        case .listen: "listen"
        case .pushToTalk: "pushToTalk"
        }
    }
}

/// Why an officer opens a microphone that nobody answered for: without it no cell is opened.
package struct CallGrounds: Hashable, Sendable {
    package var officer: OfficerID?
    /// Needed to listen in.
    package var second: OfficerID?
    package var reason: String

    /// What stands in the record where an opening answers a call.
    package static let answering = "接警 answering a call"

    package init(officer: OfficerID?, second: OfficerID? = nil, reason: String = "") {
        self.officer = officer
        self.second = second
        self.reason = reason
    }
}

/// A call as its two ends tell each other of it. A value; any thread.
package struct CallOffer: Hashable, Sendable {
    package var id: CallID
    package var urgency: CallClass
    package var mode: CallMode
    /// The alarm that it is about.
    package var alarm: EventID?
    package var grounds: CallGrounds
    /// The caller asks for it to be answered by itself.
    package var answersItself: Bool

    package init(
        id: CallID, urgency: CallClass, mode: CallMode = .talk, alarm: EventID? = nil,
        grounds: CallGrounds = CallGrounds(officer: nil), answersItself: Bool = false
    ) {
        self.id = id
        self.urgency = urgency
        self.mode = mode
        self.alarm = alarm
        self.grounds = grounds
        self.answersItself = answersItself
    }
}

/// Why a call, or one leg of it, ended. The raw value stands in the record. A value; any thread.
package enum CallEnding: UInt8, Sendable, CaseIterable, Hashable, CustomStringConvertible {
    case hungUp = 1
    case farHungUp = 2
    case answeredElsewhere = 3
    case preempted = 4
    case busy = 5
    case refused = 6
    case unreachable = 7
    /// The other end fell silent.
    case farLost = 8
    case soundFailed = 9
    case notAnswered = 10
    case withdrawn = 11
    /// The entry that has to stand before the gate opens could not be written.
    case notRecorded = 12

    /// As it stands in records: said without looking at what the type is, which costs more than the rest.
    package var description: String {
        switch self {
        case .hungUp: "hungUp"
        case .farHungUp: "farHungUp"
        case .answeredElsewhere: "answeredElsewhere"
        case .preempted: "preempted"
        case .busy: "busy"
        case .refused: "refused"
        case .unreachable: "unreachable"
        case .farLost: "farLost"
        case .soundFailed: "soundFailed"
        case .notAnswered: "notAnswered"
        case .withdrawn: "withdrawn"
        case .notRecorded: "notRecorded"
        }
    }
}

/// Why something was not done. A value, because people press in the wrong order all day.
package enum CallRefusal: UInt8, Error, Sendable, CaseIterable, Hashable {
    case noCall = 1
    case alreadyAnswered = 2
    case busy = 3
    case reasonMissing = 4
    case secondPersonMissing = 5
    case unknownOfficer = 6
    case unknownParty = 7
    case notAllowed = 8
    case soundDown = 9
    case notTalking = 10
    case tooMany = 11
    case notRecorded = 12
    /// Pages: none is set up here, a zone that nobody has, another page of this post, a file that is none.
    case noPages = 13
    case unknownZone = 14
    case paging = 15
    case noSound = 16
    case nobodyThere = 17
}

extension CallRefusal {
    /// The sentence an officer reads.
    package var phrase: Phrase {
        switch self {
        case .noCall: Phrase("没有这个通话。", "There is no such call.")
        case .alreadyAnswered: Phrase("该呼叫已被接听。", "This call is already answered.")
        case .busy: Phrase("正在进行更紧急的通话。", "A more urgent call is under way.")
        case .reasonMissing: Phrase("打开监室对讲须写明理由。", "Say why the cell is opened.")
        case .secondPersonMissing:
            Phrase("监听须有第二名民警在场。", "Listening in needs a second officer.")
        case .unknownOfficer: Phrase("没有这个警号，请核对。", "There is no officer with this number.")
        case .unknownParty: Phrase("没有这个终端或电话。", "There is no such terminal or phone.")
        case .notAllowed: Phrase("当前用户无权执行此操作。", "This user may not do that.")
        case .soundDown: Phrase("本终端声音故障，不能通话。", "This terminal has no sound now.")
        case .notTalking: Phrase("当前没有通话。", "Nobody is talking.")
        case .tooMany: Phrase("操作过于频繁，请稍候再试。", "Too many commands; wait a moment.")
        case .notRecorded:
            Phrase("无法写入记录，因此未打开。", "It cannot be recorded, so it was not opened.")
        case .noPages:
            Phrase(
                "本终端未设置广播，请在站点文件的“sound:”下添加“pages:”。",
                "Pages are not set up here; add 'pages:' under 'sound:' in the site file.")
        case .unknownZone: Phrase("没有这个区域，请核对。", "There is no such zone; check its name.")
        case .paging: Phrase("本终端正在广播，请先结束。", "This terminal is paging already; end that page first.")
        case .noSound:
            Phrase("无法读取该音频，请核对文件或单元名。", "The sound cannot be read; check the file or the unit's name.")
        case .nobodyThere: Phrase("该区域没有可广播的终端。", "No terminal of these zones can be paged.")
        }
    }
}
