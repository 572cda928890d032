// SPDX-License-Identifier: Apache-2.0
import Facility

// Between the hub and its voice gateway, over a Unix stream socket on one machine:
//
//     hub     request ─▶ act, voice, voice …        one connection is one talk; closing it hangs up
//     gateway            ◀─ state, voice, voice …   the last state is `ended`
//
//     byte 0     kind: 1 request, 2 act, 3 state, 4 voice
//     bytes 1…2  length of what follows, most significant first, ≤ talkFrameMaxBytes
//     request    purpose u8 · terminal, officer, second: 16 bytes each (zeros: none) · reason, UTF-8
//     act        act u8
//     state      1 calling | 2 talking, delay ms u16, loss ‰ u16 | 3 ended, why u8
//     voice      one Opus packet (RFC 6716), mono, 20 ms

/// One message of that socket. A value; any thread.
package enum TalkFrame: Hashable, Sendable {
    case request(TalkRequest)
    case act(TalkAct)
    case state(TalkState)
    case voice([UInt8])

    package static let headBytes = 3

    package var bytes: [UInt8] {
        let (kind, body): (UInt8, [UInt8]) =
            switch self {
            case .request(let request): (1, Self.body(request))
            case .act(let act): (2, [act.rawValue])
            case .state(let state): (3, Self.body(state))
            case .voice(let packet): (4, packet)
            }
        return [kind] + Self.word(UInt16(body.count)) + body
    }

    /// Nil for what is none: unknown kind, wrong length, a value out of its range.
    package init?(kind: UInt8, body: [UInt8]) {
        switch kind {
        case 1:
            guard let request = Self.request(body) else { return nil }
            self = .request(request)
        case 2:
            guard body.count == 1, let act = TalkAct(rawValue: body[0]) else { return nil }
            self = .act(act)
        case 3:
            guard let state = Self.state(body) else { return nil }
            self = .state(state)
        case 4:
            guard (1...Limits.voicePacketMaxBytes).contains(body.count) else { return nil }
            self = .voice(body)
        default: return nil
        }
    }

    private static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }

    // MARK: Request

    private static func body(_ request: TalkRequest) -> [UInt8] {
        var body = [request.purpose.rawValue]
        for text in [request.terminal.text, request.officer.text, request.second?.text ?? ""] {
            body += Array(text.utf8) + [UInt8](repeating: 0, count: 16 - text.utf8.count)
        }
        return body + Array(request.reason.utf8)
    }

    private static func request(_ body: [UInt8]) -> TalkRequest? {
        guard body.count >= 49, let purpose = TalkPurpose(rawValue: body[0]),
            let terminal = TerminalID(bytes: body[1..<17]), let officer = OfficerID(bytes: body[17..<33]),
            let reason = String(validating: body[49...], as: UTF8.self)
        else { return nil }
        let second = OfficerID(bytes: body[33..<49])
        guard second != nil || body[33..<49].allSatisfy({ $0 == 0 }) else { return nil }
        return TalkRequest(
            terminal: terminal, purpose: purpose, officer: officer, second: second, reason: reason)
    }

    // MARK: State

    private static func body(_ state: TalkState) -> [UInt8] {
        switch state {
        case .calling: [1]
        case .talking(let delayMs, let lossPermille): [2] + word(delayMs) + word(lossPermille)
        case .ended(let why): [3, why.rawValue]
        }
    }

    private static func state(_ body: [UInt8]) -> TalkState? {
        switch (body.first, body.count) {
        case (1, 1): .calling
        case (2, 5):
            .talking(
                delayMs: UInt16(body[1]) << 8 | UInt16(body[2]),
                lossPermille: UInt16(body[3]) << 8 | UInt16(body[4]))
        case (3, 2): TalkEnd(rawValue: body[1]).map { .ended($0) }
        default: nil
        }
    }
}

/// Cuts what a stream brings into frames. A value; keeps at most one frame's bytes.
package struct TalkFrameReader: Sendable {
    private var held: [UInt8] = []

    package init() {}

    /// What was sent is no frame of this protocol: the connection is worth nothing any more.
    package struct Broken: Error, Hashable {}

    /// Every frame that is whole now.
    package mutating func take(_ bytes: some Sequence<UInt8>) throws(Broken) -> [TalkFrame] {
        held += bytes
        var (frames, at): ([TalkFrame], Int) = ([], 0)
        while held.count - at >= TalkFrame.headBytes {
            let length = Int(held[at + 1]) << 8 | Int(held[at + 2])
            guard length <= Limits.talkFrameMaxBytes else { throw Broken() }
            let end = at + TalkFrame.headBytes + length
            guard held.count >= end else { break }
            guard
                let frame = TalkFrame(
                    kind: held[at], body: Array(held[(at + TalkFrame.headBytes)..<end]))
            else { throw Broken() }
            frames.append(frame)
            at = end
        }
        held.removeFirst(at)
        return frames
    }
}
