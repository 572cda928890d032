// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility

// Message ⇄ bytes: one byte of kind, then the kind's fixed layout (WIRE.md). Total: any bytes give a message
// or a refusal.

extension Message {
    package func encode() -> [UInt8] {
        var writer = WireWriter(capacity: 512)
        writer.put(kind.rawValue)
        switch self {
        case .annunciation(let annunciation): writer.put(annunciation)
        case .receipt(let receipt): writer.put(receipt)
        case .heartbeat(let heartbeat): writer.put(heartbeat)
        case .challenge(let challenge):
            writer.put(challenge.echoRun)
            writer.put(challenge.echoSequence)
            writer.put(challenge.session)
        case .action(let request):
            writer.put(request.actionID)
            writer.put(request.alarm)
            writer.put(request.action.rawValue)
            writer.put(request.source)
        case .actionReply(let reply):
            writer.put(reply.actionID)
            writer.put(reply.refusal?.rawValue ?? 0)
            writer.put(reply.revision)
        case .spoken(let report):
            writer.put(report.alarm)
            writer.put(report.ms)
            writer.put(report.source)
        case .query(let query):
            writer.put(query.token)
            writer.put(query.what.rawValue)
        case .listed(let token, let annunciation, let lost):
            writer.put(token)
            writer.put(lost)
            writer.put(annunciation)
        case .peer(let token, let peer):
            writer.put(token)
            writer.put(peer.terminal)
            writer.put(peer.state.rawValue)
            writer.put(peer.lastHeardMs)
        case .status(let token, let status):
            writer.put(token)
            writer.put(status)
        case .fault(let token, let fault):
            writer.put(token)
            for text in [fault.operation, fault.place, fault.cause, fault.hint] {
                writer.put(text, maxBytes: Limits.faultTextMaxBytes)
            }
        case .end(let token, let count):
            writer.put(token)
            writer.put(count)
        case .buzzerTest(let token): writer.put(token)
        case .sound(let state):
            writer.put(state.isWorking)
            writer.put(state.isMicrophoneOpen)
        }
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(WireRefusal) {
        try self.init(decoding: bytes, from: 0)
    }

    /// The message that begins at `start` and fills the rest.
    init(decoding bytes: [UInt8], from start: Int) throws(WireRefusal) {
        var reader = WireReader(bytes, from: start)
        let kind: UInt8 = try reader.number()
        guard let kind = MessageKind(rawValue: kind) else { throw .unknownKind }
        self = try reader.message(kind)
        try reader.end()
    }
}

extension WireReader {
    fileprivate mutating func message(_ kind: MessageKind) throws(WireRefusal) -> Message {
        switch kind {
        case .annunciation: .annunciation(try annunciation())
        case .receipt:
            .receipt(
                Receipt(
                    id: try eventID(), revision: try number(), listed: try truth(), sounding: try value()))
        case .heartbeat: .heartbeat(try heartbeat())
        case .challenge:
            .challenge(Challenge(echoRun: try number(), echoSequence: try number(), session: try number()))
        case .action:
            .action(
                ActionRequest(
                    actionID: try number(), alarm: try eventID(), action: try value(), source: try source()))
        case .actionReply:
            .actionReply(
                ActionReply(actionID: try number(), refusal: try refusalOrNone(), revision: try number()))
        case .spoken: .spoken(SpokenReport(alarm: try eventID(), ms: try number(), source: try source()))
        case .query: .query(Query(token: try number(), what: try value()))
        case .listed: try listed()
        case .peer:
            .peer(
                token: try number(),
                PeerStatus(terminal: try identifier(), state: try value(), lastHeardMs: try number()))
        case .status: .status(token: try number(), try status())
        case .fault: .fault(token: try number(), try fault())
        case .end: .end(token: try number(), count: try number())
        case .buzzerTest: .buzzerTest(token: try number())
        case .sound: .sound(SoundState(isWorking: try truth(), isMicrophoneOpen: try truth()))
        }
    }

    private mutating func annunciation() throws(WireRefusal) -> Annunciation {
        Annunciation(record: try record(), ageMs: try number(), custodian: try identifier())
    }

    private mutating func listed() throws(WireRefusal) -> Message {
        let token: UInt64 = try number()
        let lost = try truth()
        return .listed(token: token, try annunciation(), lost: lost)
    }

    private mutating func heartbeat() throws(WireRefusal) -> Heartbeat {
        Heartbeat(
            number: try number(), heardYouMs: try number(), uptimeMs: try number(), wallMs: try number(),
            standing: try number(), journalHealthy: try truth(), linesHealthy: try truth(),
            configVersion: try number())
    }

    private mutating func refusalOrNone() throws(WireRefusal) -> AlarmRefusal? {
        let number: UInt8 = try number()
        if number == 0 { return nil }
        guard let refusal = AlarmRefusal(rawValue: number) else { throw .unknownValue }
        return refusal
    }

    private mutating func status() throws(WireRefusal) -> TerminalStatus {
        var status = TerminalStatus(
            terminal: try identifier(), role: try value(), run: try number(), uptimeMs: try number(),
            readyMs: try number(), journal: try value(), linesHealthy: try truth(),
            configVersion: try number(),
            standing: try number(), presses: try number(), edgesLost: nil, refused: try number())
        let known = try truth()
        let edgesLost: UInt64 = try number()
        guard known || edgesLost == 0 else { throw .notZeroWhenAbsent }
        status.edgesLost = known ? edgesLost : nil
        return status
    }

    private mutating func fault() throws(WireRefusal) -> Fault {
        let operation = try text(maxBytes: Limits.faultTextMaxBytes)
        let place = try text(maxBytes: Limits.faultTextMaxBytes)
        let cause = try text(maxBytes: Limits.faultTextMaxBytes)
        return Fault(operation, at: place, cause: cause, hint: try text(maxBytes: Limits.faultTextMaxBytes))
    }
}

extension WireWriter {
    fileprivate mutating func put(_ annunciation: Annunciation) {
        put(annunciation.record)
        put(annunciation.ageMs)
        put(annunciation.custodian)
    }

    fileprivate mutating func put(_ receipt: Receipt) {
        put(receipt.id)
        put(receipt.revision)
        put(receipt.listed)
        put(receipt.sounding.rawValue)
    }

    fileprivate mutating func put(_ heartbeat: Heartbeat) {
        put(heartbeat.number)
        put(heartbeat.heardYouMs)
        put(heartbeat.uptimeMs)
        put(heartbeat.wallMs)
        put(heartbeat.standing)
        put(heartbeat.journalHealthy)
        put(heartbeat.linesHealthy)
        put(heartbeat.configVersion)
    }

    fileprivate mutating func put(_ status: TerminalStatus) {
        put(status.terminal)
        put(status.role.rawValue)
        put(status.run)
        put(status.uptimeMs)
        put(status.readyMs)
        put(status.journal.rawValue)
        put(status.linesHealthy)
        put(status.configVersion)
        put(status.standing)
        put(status.presses)
        put(status.refused)
        put(status.edgesLost != nil)
        put(status.edgesLost ?? 0)
    }
}
