// SPDX-License-Identifier: Apache-2.0
package import Alarms
import CLinux
package import Facility
package import PanelLink

/// The tool's side of a daemon's local socket: asks, waits with a bound, and puts the parts of an answer
/// together.
///
/// On the thread that asks. Always true: an answer is whole (the daemon's own count of its parts agrees) or
/// it is a fault; an action is asked again under the same number, so it is done once however often it is
/// sent.
package final class DeskClient {
    package let terminal: TerminalID
    package let daemon: String
    package let socket: LocalSocket

    /// `daemon`: the path of its local socket.
    package init(terminal: TerminalID, daemon: String) throws(Fault) {
        self.terminal = terminal
        self.daemon = daemon
        socket = try LocalSocket()
    }

    /// What stands at this terminal, in the order of its list.
    package func alarms() throws(Fault) -> [StandingAlarm] {
        StandingAlarm.ordered(
            try ask(.alarms).compactMap { message in
                if case .listed(_, let annunciation, let lost) = message {
                    return StandingAlarm(annunciation, isCellLost: lost)
                }
                return nil
            })
    }

    package func status() throws(Fault) -> DeskStatus {
        var own: TerminalStatus?
        var peers: [PeerStatus] = []
        var faults: [Fault] = []
        for message in try ask(.status) {
            switch message {
            case .status(_, let status): own = status
            case .peer(_, let peer): peers.append(peer)
            case .fault(_, let fault): faults.append(fault)
            case .annunciation, .receipt, .heartbeat, .challenge, .action, .actionReply, .spoken, .query,
                .listed, .end,
                .buzzerTest, .sound:
                break
            }
        }
        guard let own else {
            throw fault("ask", "the answer lacks the terminal's own state", Self.versionHint)
        }
        return DeskStatus(own: own, peers: peers.sorted { $0.terminal < $1.terminal }, faults: faults)
    }

    /// nil: done.
    package func act(
        _ action: OfficerAction, on alarm: EventID, officer: OfficerID?
    ) throws(Fault) -> AlarmRefusal? {
        let request = ActionRequest(
            actionID: .random(in: 1 ... .max), alarm: alarm, action: action,
            source: ActionSource(post: terminal, officer: officer))
        let end = Uptime.now.advanced(ms: Limits.deskActionMs)
        while Uptime.now < end {
            try send(.action(request))
            let again = min(Uptime.now.advanced(ms: Limits.deskRepeatMs), end)
            while let message = receive(until: again) {
                if case .actionReply(let reply) = message, reply.actionID == request.actionID {
                    return reply.refusal
                }
            }
        }
        throw fault("\(action)", "no answer within \(Limits.deskActionMs) ms", Self.silentHint)
    }

    /// Sounds the post's outputs for a moment; a fault says which did not obey.
    package func buzzerTest() throws(Fault) {
        let token = UInt64.random(in: 1 ... .max)
        try send(.buzzerTest(token: token))
        for message in try gather(token) {
            if case .fault(_, let fault) = message { throw fault }
        }
    }

    // MARK: - Questions and their answers

    private func ask(_ subject: Query.Subject) throws(Fault) -> [Message] {
        let token = UInt64.random(in: 1 ... .max)
        try send(.query(Query(token: token, what: subject)))
        return try gather(token)
    }

    /// Everything up to the end of the answer.
    private func gather(_ token: UInt64) throws(Fault) -> [Message] {
        let end = Uptime.now.advanced(ms: Limits.deskAnswerMs)
        var parts: [Message] = []
        while let message = receive(until: end) {
            guard message.token == token else { continue }
            guard case .end(_, let count) = message else {
                parts.append(message)
                continue
            }
            if parts.count == Int(count) { return parts }
            throw fault("ask", "\(count) parts were sent, \(parts.count) came", "Ask again.")
        }
        throw fault("ask", "no answer within \(Limits.deskAnswerMs) ms", Self.silentHint)
    }

    package func send(_ message: Message) throws(Fault) {
        let end = Uptime.now.advanced(ms: Limits.deskAnswerMs)
        while true {
            switch socket.send(message.encode(), to: daemon) {
            case .sent: return
            case .full:
                guard Uptime.now < end else { throw fault("ask", "its socket is full", Self.silentHint) }
                pause(ms: 1)
            case .gone:
                throw fault(
                    "reach", "nobody listens there",
                    "Start it: systemctl start watchpost-alarm, or `watchpost demo`."
                )
            }
        }
    }

    /// The next message from the daemon; nil when the time is over. Others' datagrams and what is no message
    /// are passed over.
    package func receive(until end: Uptime) -> Message? {
        while true {
            while let datagram = socket.receive() {
                guard datagram.sender == daemon, let message = try? Message(decoding: datagram.bytes) else {
                    continue
                }
                return message
            }
            let now = Uptime.now
            guard now < end else { return nil }
            var ready: [Int16] = [0]
            _ = wp_poll([socket.descriptor], &ready, 1, Int64(end.nanoseconds - now.nanoseconds))
        }
    }

    private static let silentHint = "Look at its state: systemctl status watchpost-alarm."
    private static let versionHint = "The tool and the daemon are of different versions: install both anew."

    private func fault(_ operation: String, _ cause: String, _ hint: String) -> Fault {
        Fault(operation, at: "\(terminal) (\(daemon))", cause: cause, hint: hint)
    }
}

extension StandingAlarm {
    package init(_ annunciation: Annunciation, isCellLost: Bool) {
        self.init(
            record: annunciation.record, ageMs: Int(annunciation.ageMs), custodian: annunciation.custodian,
            isCellLost: isCellLost)
    }
}

extension Message {
    /// Which question a local message answers; nil for those that travel between terminals.
    package var token: UInt64? {
        switch self {
        case .listed(let token, _, _), .peer(let token, _), .status(let token, _), .fault(let token, _),
            .end(let token, _), .buzzerTest(let token):
            token
        case .query(let query): query.token
        case .annunciation, .receipt, .heartbeat, .challenge, .action, .actionReply, .spoken, .sound: nil
        }
    }
}
