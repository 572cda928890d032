// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What for somebody speaks with a terminal. The numbers stand on the wire.
package enum TalkPurpose: UInt8, Hashable, Sendable, CaseIterable {
    /// A press called; this is the answer.
    case answer = 1
    /// An officer opens the terminal, for a reason.
    case talk = 2
    /// Listening in: the cell's microphone alone, for a reason and with a second person.
    case listen = 3
}

/// What the hub asks of the gateway (`watchpost-sound` on the hub's machine), first on every connection: a
/// call to `terminal` in an officer's name. A value; any thread.
///
/// Always true: an opening that nobody called for has a reason, and listening in a second person; a request
/// without does not decode.
package struct TalkRequest: Hashable, Sendable {
    package let terminal: TerminalID
    package let purpose: TalkPurpose
    package let officer: OfficerID
    /// Who agreed to it.
    package let second: OfficerID?
    package let reason: String

    /// Nil where the purpose asks for what is not there, or the reason is too long.
    package init?(
        terminal: TerminalID, purpose: TalkPurpose, officer: OfficerID, second: OfficerID? = nil,
        reason: String = ""
    ) {
        guard reason.utf8.count <= Limits.reasonMaxBytes, !reason.utf8.contains(0) else { return nil }
        switch purpose {
        case .answer: break
        case .talk: guard !reason.isEmpty else { return nil }
        case .listen: guard !reason.isEmpty, let second, second != officer else { return nil }
        }
        self.terminal = terminal
        self.purpose = purpose
        self.officer = officer
        self.second = second
        self.reason = reason
    }
}

/// What an officer does in the middle of a talk.
package enum TalkAct: UInt8, Hashable, Sendable, CaseIterable {
    case mute = 1
    case unmute = 2
    /// Push to talk: the key goes down, and up.
    case press = 3
    case release = 4
    case hangUp = 5
}

/// How a talk stands, as the gateway tells.
package enum TalkState: Hashable, Sendable {
    /// The terminal is being called.
    case calling
    /// Both hear each other (listening in: one side), since now or before; delay from mouth to ear and lost
    /// packets of a thousand, measured.
    case talking(delayMs: UInt16, lossPermille: UInt16)
    case ended(TalkEnd)
}

/// Why a talk is over. The numbers stand on the wire.
package enum TalkEnd: UInt8, Hashable, Sendable, CaseIterable {
    case hungUp = 1
    /// Another officer answered first.
    case answeredElsewhere = 2
    /// A more urgent call took the terminal.
    case preempted = 3
    case busy = 4
    /// The terminal does not answer.
    case unreachable = 5
    /// The terminal refuses this caller or this purpose.
    case refused = 6
    /// The voice stopped coming.
    case lost = 7
    case gatewayFault = 8

    package var phrase: Phrase {
        switch self {
        case .hungUp: Phrase("通话结束。", "The talk is over.")
        case .answeredElsewhere: Phrase("其他民警已接听。", "Another officer has answered.")
        case .preempted: Phrase("更紧急的呼叫接通，本次通话已断开。", "A more urgent call took over.")
        case .busy: Phrase("终端正在通话，请稍后再拨。", "The terminal is in a call; try again soon.")
        case .unreachable: Phrase("终端没有应答。请派人到现场。", "The terminal does not answer. Send somebody.")
        case .refused: Phrase("终端拒绝了这次通话，请联系技术人员。", "The terminal refused this call; tell a technician.")
        case .lost: Phrase("声音中断，请重拨。", "The voice was lost; call again.")
        case .gatewayFault: Phrase("语音网关故障，请到岗位通话。", "The voice gateway failed; talk from a post.")
        }
    }
}
