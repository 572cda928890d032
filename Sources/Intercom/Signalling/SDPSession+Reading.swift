// SPDX-License-Identifier: Apache-2.0
import Facility

extension SDPSession {
    package init(reading bytes: [UInt8]) throws(SDPFault) {
        guard bytes.count <= Limits.sipBodyMaxBytes else { throw .tooLong }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
        var reader = SDPReader()
        // By bytes: Swift's characters cost twenty times as much, and a call waits for this.
        for line in text.utf8.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
            try reader.take(Substring(line))
        }
        self = try reader.read()
    }
}

/// Takes the lines of one description. A value of one reading.
private struct SDPReader {
    private var lines = 0
    private var hasVersion = false
    private var origin: (id: UInt64, version: UInt64) = (0, 0)
    /// Of the session; of the voice, where it has one of its own.
    private var sessionHost: UInt32?
    private var audioHost: UInt32?
    private var session = SDPSession(
        sessionID: 0, remote: MediaAddress(host: 0, port: 0), formats: [])
    private var direction: MediaDirection?
    private var sessionDirection = MediaDirection.sendAndReceive
    private var section = Section.session
    private var hasAudio = false
    private var media = 0

    private enum Section { case session, audio, other }

    /// By bytes, too.
    private static func words(
        _ text: Substring, at separator: UInt8 = 0x20, atMost most: Int = .max
    ) -> [Substring] {
        text.utf8.split(separator: separator, maxSplits: most - 1).map { Substring($0) }
    }

    mutating func take(_ line: Substring) throws(SDPFault) {
        lines += 1
        guard lines <= Limits.sdpLinesMaxCount else { throw .tooLong }
        guard line.utf8.count >= 2, line.utf8.dropFirst().first == 0x3d, let kind = line.utf8.first else {
            return
        }
        let value = line.dropFirst(2)
        switch kind {
        case UInt8(ascii: "v"):
            guard value == "0" else { throw .noVersion }
            hasVersion = true
        case UInt8(ascii: "o"): try takeOrigin(value)
        case UInt8(ascii: "c"): try takeConnection(value)
        case UInt8(ascii: "m"): try takeMedia(line)
        case UInt8(ascii: "a"): try takeAttribute(value)
        default: break
        }
    }

    private mutating func takeOrigin(_ value: Substring) throws(SDPFault) {
        let words = Self.words(value)
        guard words.count >= 3 else { throw .badNumber }
        // Longer numbers than ours exist in the field; they only have to differ.
        origin = (UInt64(words[1]) ?? 0, UInt64(words[2]) ?? 0)
    }

    private mutating func takeConnection(_ value: Substring) throws(SDPFault) {
        guard section != .other else { return }
        let words = Self.words(value)
        guard words.count == 3, words[0] == "IN" else { throw .noAddress }
        guard words[1] == "IP4", let host = Self.host(words[2].prefix { $0 != "/" }) else { throw .notIPv4 }
        if section == .audio { audioHost = host } else { sessionHost = host }
    }

    static func host(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var host: UInt32 = 0
        for part in parts {
            guard let byte = UInt8(part), part.utf8.allSatisfy({ $0 != 0x2b }) else { return nil }
            host = host << 8 | UInt32(byte)
        }
        return host
    }

    private mutating func takeMedia(_ line: Substring) throws(SDPFault) {
        let words = Self.words(line.dropFirst(2))
        guard words.count >= 4 else { throw .noFormat }
        defer { media += 1 }
        let profile = words[2]
        let isHandshaken = profile.hasPrefix("UDP/TLS/")
        let kind = isHandshaken ? profile.dropFirst(8) : profile
        let isVoice =
            ["RTP/SAVP", "RTP/SAVPF"].contains(kind)
            || !isHandshaken && ["RTP/AVP", "RTP/AVPF"].contains(kind)
        guard words[0] == "audio", isVoice, !hasAudio, words[1] != "0" else {
            section = .other
            session.others.append(String(line))
            return
        }
        guard let port = UInt16(words[1].prefix { $0 != "/" }), port != 0 else { throw .badNumber }
        (section, hasAudio, session.place) = (.audio, true, media)
        session.remote.port = port
        session.isSecret = kind.hasPrefix("RTP/S")
        session.hasFeedback = profile.hasSuffix("F")
        for word in words.dropFirst(3).prefix(Limits.sdpFormatsMaxCount) {
            guard let type = UInt8(word), type < 128 else { throw .badNumber }
            session.formats.append(Self.known(type))
        }
    }

    /// What RFC 3551 gave a number for ever.
    private static func known(_ type: UInt8) -> SDPSession.Format {
        switch type {
        case 0: SDPSession.Format(0, "PCMU", 8_000)
        case 8: SDPSession.Format(8, "PCMA", 8_000)
        case 9: SDPSession.Format(9, "G722", 8_000)
        default: SDPSession.Format(type, "", 0)
        }
    }

    private mutating func takeAttribute(_ value: Substring) throws(SDPFault) {
        if let direction = MediaDirection(word: value) {
            if section == .session { sessionDirection = direction }
            if section == .audio { self.direction = direction }
            return
        }
        if section == .audio, value == "rtcp-mux" { session.rtcpMux = true }
        guard section != .other, let colon = value.utf8.firstIndex(of: UInt8(ascii: ":")) else { return }
        let rest = value[value.index(after: colon)...]
        switch value[..<colon] {
        case "fingerprint": takeFingerprint(rest)
        case "setup": session.setup = SDPSession.Setup(rawValue: String(rest)) ?? session.setup
        default: if section == .audio { takeAttribute(value[..<colon], rest) }
        }
    }

    private mutating func takeAttribute(_ name: Substring, _ rest: Substring) {
        switch name {
        case "rtpmap": takeMap(rest)
        case "fmtp": takeParameters(rest)
        case "ptime": session.frameMs = Self.ms(rest)
        case "maxptime": session.frameMaxMs = Self.ms(rest)
        case "rtcp": session.rtcpPort = Self.words(rest).first.flatMap { UInt16($0) }
        case "crypto": takeCrypto(rest)
        default: break
        }
    }

    /// Of the session or of the voice; those of other hashes are passed over.
    private mutating func takeFingerprint(_ text: Substring) {
        let words = Self.words(text, at: 0x20, atMost: 2)
        guard words.count == 2, words[0].lowercased() == "sha-256",
            let bytes = Fingerprint.bytes(words[1])
        else { return }
        session.fingerprint = bytes
    }

    private static func ms(_ text: Substring) -> Int? {
        UInt16(text.prefix { $0 != "." }).map(Int.init).flatMap { $0 > 0 ? $0 : nil }
    }

    private mutating func takeMap(_ text: Substring) {
        let words = Self.words(text, at: 0x20, atMost: 2)
        guard words.count == 2, let type = UInt8(words[0]),
            let index = session.formats.firstIndex(where: { $0.payloadType == type })
        else { return }
        let parts = Self.words(words[1], at: 0x2f)
        guard parts.count >= 2, let clock = UInt32(parts[1]) else { return }
        session.formats[index].name = parts[0].uppercased()
        session.formats[index].clockHz = Int(clock)
        session.formats[index].channels = parts.count > 2 ? Int(UInt8(parts[2]) ?? 1) : 1
    }

    private mutating func takeParameters(_ text: Substring) {
        let words = Self.words(text, at: 0x20, atMost: 2)
        guard words.count == 2, let type = UInt8(words[0]),
            let index = session.formats.firstIndex(where: { $0.payloadType == type })
        else { return }
        session.formats[index].parameters = String(words[1])
    }

    /// What we do not know, or what asks for more than we do (an MKI, a lifetime aside), is passed over.
    private mutating func takeCrypto(_ text: Substring) {
        let words = Self.words(text)
        guard words.count == 3, let tag = UInt32(words[0]), words[2].hasPrefix("inline:"),
            let suite = SRTPSuite.allCases.first(where: { $0.name == words[1] })
        else { return }
        let parts = words[2].dropFirst("inline:".count).split(separator: "|")
        guard let first = parts.first, parts.dropFirst().allSatisfy({ !$0.contains(":") }),
            let key = Base64.bytes(first), key.count == suite.keyBytes,
            session.cryptos.count < Limits.sdpFormatsMaxCount
        else { return }
        session.cryptos.append(SDPSession.Crypto(tag: Int(tag), suite: suite, key: key))
    }

    func read() throws(SDPFault) -> SDPSession {
        guard hasVersion else { throw .noVersion }
        guard hasAudio else { throw .noAudio }
        guard let host = audioHost ?? sessionHost else { throw .noAddress }
        guard !session.formats.isEmpty else { throw .noFormat }
        var session = session
        (session.sessionID, session.version) = origin
        session.remote.host = host
        session.direction = direction ?? sessionDirection
        // RFC 2543's hold.
        if host == 0 { session.direction = .inactive }
        return session
    }
}
