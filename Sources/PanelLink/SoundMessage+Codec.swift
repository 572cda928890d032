// SPDX-License-Identifier: Apache-2.0
import Facility

// SoundMessage ⇄ bytes. Total: any bytes give a message or a refusal.

extension SoundMessage {
    private enum Kind: UInt8 {
        case command = 64
        case reply = 65
        case query = 66
        case call = 67
        case status = 68
        case end = 69
        case tested = 70
        case pageQuery = 71
        case page = 72
        case paged = 73
    }

    package func encode() -> [UInt8] {
        var writer = WireWriter(capacity: 256)
        switch self {
        case .command(let command):
            writer.put(Kind.command.rawValue)
            writer.put(command.token)
            writer.put(command.officer)
            writer.put(command.deed)
        case .reply(let token, let refusal):
            writer.put(Kind.reply.rawValue)
            writer.put(token)
            writer.put(refusal?.rawValue ?? 0)
        case .query(let token):
            writer.put(Kind.query.rawValue)
            writer.put(token)
        case .call(let token, let line):
            writer.put(Kind.call.rawValue)
            writer.put(token)
            writer.put(line)
        case .status(let token, let status):
            writer.put(Kind.status.rawValue)
            writer.put(token)
            writer.put(status.isWorking)
            writer.put(status.isRegistered)
            writer.put(status.strangers)
            writer.put(status.readyMs)
        case .tested(let token, let test):
            writer.put(Kind.tested.rawValue)
            writer.put(token)
            writer.put(test.outcome.rawValue)
            writer.put(test.delayUs)
            writer.put(test.levelCentiDb)
            writer.put(test.clearCentiDb)
            writer.put(test.isKept)
        case .pageQuery(let token):
            writer.put(Kind.pageQuery.rawValue)
            writer.put(token)
        case .page(let token, let line):
            writer.put(Kind.page.rawValue)
            writer.put(token)
            writer.put(line)
        case .paged(let token, let line):
            writer.put(Kind.paged.rawValue)
            writer.put(token)
            writer.put(line)
        case .end(let token, let count):
            writer.put(Kind.end.rawValue)
            writer.put(token)
            writer.put(count)
        }
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(WireRefusal) {
        var reader = WireReader(bytes, from: 0)
        let kind: UInt8 = try reader.number()
        guard let kind = Kind(rawValue: kind) else { throw .unknownKind }
        let token: UInt64 = try reader.number()
        switch kind {
        case .command:
            let officer: OfficerID? = try reader.identifierOrNone()
            self = .command(SoundCommand(token: token, officer: officer, deed: try reader.deed()))
        case .reply:
            let number: UInt8 = try reader.number()
            let refusal = CallRefusal(rawValue: number)
            guard number == 0 || refusal != nil else { throw .unknownValue }
            self = .reply(token: token, refusal: refusal)
        case .query: self = .query(token: token)
        case .call: self = .call(token: token, try reader.callLine())
        case .status:
            self = .status(
                token: token,
                SoundStatus(
                    isWorking: try reader.truth(), isRegistered: try reader.truth(),
                    strangers: try reader.number(), readyMs: try reader.number()))
        case .tested:
            self = .tested(
                token: token,
                SoundTest(
                    outcome: try reader.value(), delayUs: try reader.number(),
                    levelCentiDb: try reader.number(), clearCentiDb: try reader.number(),
                    isKept: try reader.truth()))
        case .pageQuery: self = .pageQuery(token: token)
        case .page: self = .page(token: token, try reader.pageReport())
        case .paged: self = .paged(token: token, try reader.pagedLine())
        case .end: self = .end(token: token, count: try reader.number())
        }
        try reader.end()
    }
}

extension WireWriter {
    private mutating func putMaybe(_ id: EventID?) {
        put(id != nil)
        if let id { put(id) }
    }

    fileprivate mutating func put(_ deed: SoundCommand.Deed) {
        switch deed {
        case .call(let to, let mode, let grounds):
            put(UInt8(1))
            put(to, maxBytes: Limits.titleMaxBytes)
            put(mode.rawValue)
            put(grounds.officer)
            put(grounds.second)
            put(grounds.reason, maxBytes: Limits.callReasonMaxBytes)
        case .answer(let call):
            put(UInt8(2))
            putMaybe(call)
        case .hangUp(let call):
            put(UInt8(3))
            putMaybe(call)
        case .mute(let on):
            put(UInt8(4))
            put(on)
        case .hold(let on):
            put(UInt8(5))
            put(on)
        case .push(let on):
            put(UInt8(6))
            put(on)
        case .test(let keeps):
            put(UInt8(7))
            put(keeps)
        case .page(let order):
            put(UInt8(8))
            put(order)
        case .endPage: put(UInt8(9))
        }
    }

    fileprivate mutating func put(_ line: CallLine) {
        put(line.id)
        put(line.phase.rawValue)
        put(line.urgency.rawValue)
        put(line.mode.rawValue)
        put(line.far, maxBytes: Limits.titleMaxBytes)
        putMaybe(line.alarm)
        put(line.ageMs)
        put(line.isMicrophoneOpen)
        put(line.twoWayMs)
        put(line.mouthToEarMs)
        put(line.heardDb)
        put(line.packetsReceived)
    }
}

extension WireReader {
    private mutating func maybeID() throws(WireRefusal) -> EventID? {
        try truth() ? try eventID() : nil
    }

    fileprivate mutating func deed() throws(WireRefusal) -> SoundCommand.Deed {
        switch try number(UInt8.self) {
        case 1:
            let to = try text(maxBytes: Limits.titleMaxBytes)
            let mode: CallMode = try value()
            let officer: OfficerID? = try identifierOrNone()
            let second: OfficerID? = try identifierOrNone()
            let reason = try text(maxBytes: Limits.callReasonMaxBytes)
            return .call(to: to, mode, CallGrounds(officer: officer, second: second, reason: reason))
        case 2: return .answer(try maybeID())
        case 3: return .hangUp(try maybeID())
        case 4: return .mute(try truth())
        case 5: return .hold(try truth())
        case 6: return .push(try truth())
        case 7: return .test(keeps: try truth())
        case 8: return .page(try pageOrder())
        case 9: return .endPage
        default: throw .unknownValue
        }
    }

    fileprivate mutating func callLine() throws(WireRefusal) -> CallLine {
        let id = try eventID()
        let phase: CallPhase = try value()
        let urgency: CallClass = try value()
        let mode: CallMode = try value()
        let far = try text(maxBytes: Limits.titleMaxBytes)
        let alarm = try maybeID()
        return CallLine(
            id: id, phase: phase, urgency: urgency, mode: mode, far: far, alarm: alarm,
            ageMs: try number(), isMicrophoneOpen: try truth(), twoWayMs: try number(),
            mouthToEarMs: try number(), heardDb: try number(), packetsReceived: try number())
    }
}
