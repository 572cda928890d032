// SPDX-License-Identifier: Apache-2.0

/// Why a session description cannot be used.
package enum SDPFault: UInt8, Error, Sendable, CaseIterable, Hashable {
    case tooLong = 1
    case notText = 2
    case noVersion = 3
    case noAudio = 4
    case noAddress = 5
    case notIPv4 = 6
    case noFormat = 7
    case badNumber = 8
    case noCommonCodec = 9
    case needsSecrecy = 10
    case noKey = 11
}

/// A session description with one voice, as RFC 4566 writes it and RFC 3264 exchanges it.
///
/// A value; any thread. Whatever the bytes are, reading gives a value or a fault. What we do not speak
/// (video, ICE, bandwidth) is left out; further media are remembered, because an answer has to refuse each.
package struct SDPSession: Hashable, Sendable {
    package struct Format: Hashable, Sendable {
        package var payloadType: UInt8
        /// In capitals; empty: nothing was said, and the number is not one that everybody knows.
        package var name: String
        package var clockHz: Int
        package var channels: Int
        /// Parameters as they stand.
        package var parameters: String

        package init(
            _ payloadType: UInt8, _ name: String, _ clockHz: Int, channels: Int = 1, parameters: String = ""
        ) {
            self.payloadType = payloadType
            self.name = name
            self.clockHz = clockHz
            self.channels = channels
            self.parameters = parameters
        }
    }

    /// `a=crypto` (RFC 4568): a suite that we know, with one key for what its writer sends.
    package struct Crypto: Hashable, Sendable {
        package var tag: Int
        package var suite: SRTPSuite
        package var key: [UInt8]

        package init(tag: Int, suite: SRTPSuite, key: [UInt8]) {
            self.tag = tag
            self.suite = suite
            self.key = key
        }
    }

    /// Who begins a handshake of DTLS (RFC 4145).
    package enum Setup: String, Sendable, CaseIterable, Hashable { case active, passive, actpass }

    package var sessionID: UInt64
    /// Rises by one with each change (RFC 3264).
    package var version: UInt64
    package var remote: MediaAddress
    package var rtcpPort: UInt16?
    package var rtcpMux = false
    /// RTP/SAVP: only with keys.
    package var isSecret = false
    package var hasFeedback = false
    package var formats: [Format]
    package var direction = MediaDirection.sendAndReceive
    package var frameMs: Int?
    package var frameMaxMs: Int?
    package var cryptos: [Crypto] = []
    /// SHA-256 of the certificate that its writer shows in a handshake (RFC 5763); empty: there is none.
    package var fingerprint: [UInt8] = []
    package var setup: Setup?
    /// `m=` lines of other media, by place; ours stands at `place`.
    package var others: [String] = []
    package var place = 0

    package init(
        sessionID: UInt64, version: UInt64 = 1, remote: MediaAddress, formats: [Format]
    ) {
        self.sessionID = sessionID
        self.version = version
        self.remote = remote
        self.formats = formats
    }

    // MARK: - Printing

    package var text: String {
        let host = Self.text(remote.host)
        var lines = [
            "v=0", "o=- \(sessionID) \(version) IN IP4 \(host)", "s=-", "c=IN IP4 \(host)", "t=0 0",
        ]
        var media = others.map { Self.refusal($0) }
        media.insert(audioLines.joined(separator: "\r\n"), at: min(place, media.count))
        lines += media
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    private static func refusal(_ line: String) -> String {
        var words = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        guard words.count >= 4 else { return "m=video 0 RTP/AVP 0" }
        words[1] = "0"
        return words.joined(separator: " ")
    }

    private var audioLines: [String] {
        let way = fingerprint.isEmpty ? "" : "UDP/TLS/"
        let profile = "\(way)RTP/\(isSecret ? "S" : "")AVP\(hasFeedback ? "F" : "")"
        let types = formats.map { "\($0.payloadType)" }.joined(separator: " ")
        var lines = ["m=audio \(remote.port) \(profile) \(types)"]
        for format in formats {
            let channels = format.channels > 1 ? "/\(format.channels)" : ""
            lines.append(
                "a=rtpmap:\(format.payloadType) \(Self.spelled(format.name))/\(format.clockHz)\(channels)")
            if !format.parameters.isEmpty {
                lines.append("a=fmtp:\(format.payloadType) \(format.parameters)")
            }
        }
        for crypto in cryptos {
            lines.append("a=crypto:\(crypto.tag) \(crypto.suite.name) inline:\(Base64.text(crypto.key))")
        }
        if !fingerprint.isEmpty { lines.append("a=fingerprint:sha-256 " + Fingerprint.text(fingerprint)) }
        if let setup { lines.append("a=setup:\(setup.rawValue)") }
        if let frameMs { lines.append("a=ptime:\(frameMs)") }
        if let frameMaxMs { lines.append("a=maxptime:\(frameMaxMs)") }
        if rtcpMux { lines.append("a=rtcp-mux") }
        if let rtcpPort { lines.append("a=rtcp:\(rtcpPort)") }
        lines.append("a=\(direction.word)")
        return lines
    }

    /// As the field is used to: `opus`, `red` and `telephone-event` in small letters.
    private static func spelled(_ name: String) -> String {
        ["OPUS", "RED", "TELEPHONE-EVENT"].contains(name) ? name.lowercased() : name
    }

    static func text(_ host: UInt32) -> String {
        "\(host >> 24).\(host >> 16 & 255).\(host >> 8 & 255).\(host & 255)"
    }
}

extension MediaDirection {
    var word: String {
        switch self {
        case .sendAndReceive: "sendrecv"
        case .sendOnly: "sendonly"
        case .receiveOnly: "recvonly"
        case .inactive: "inactive"
        }
    }

    init?(word: some StringProtocol) {
        switch word {
        case "sendrecv": self = .sendAndReceive
        case "sendonly": self = .sendOnly
        case "recvonly": self = .receiveOnly
        case "inactive": self = .inactive
        default: return nil
        }
    }

    /// The same agreement as the other side sees it.
    package var mirrored: MediaDirection {
        switch self {
        case .sendAndReceive: .sendAndReceive
        case .sendOnly: .receiveOnly
        case .receiveOnly: .sendOnly
        case .inactive: .inactive
        }
    }
}

/// RFC 4648, for keys in session descriptions. Any thread.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for (index, byte) in group.enumerated() { word |= UInt32(byte) << UInt32(16 - index * 8) }
            for index in 0..<4 {
                out.append(
                    index <= group.count ? digits[Int(word >> UInt32(18 - index * 6) & 63)] : 0x3d)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var word: UInt32 = 0
        var bits = 0
        var out: [UInt8] = []
        for byte in text.utf8 {
            if byte == 0x3d { break }
            guard let value = digits.firstIndex(of: byte) else { return nil }
            word = word << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
            }
        }
        return out
    }
}

/// `0A:1B:…` as `a=fingerprint` writes 32 bytes.
enum Fingerprint {
    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let pairs = bytes.map {
            String(decoding: [digits[Int($0 >> 4)], digits[Int($0 & 15)]], as: UTF8.self)
        }
        return pairs.joined(separator: ":")
    }

    /// nil: it is none of SHA-256.
    static func bytes(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 32 else { return nil }
        let bytes = parts.compactMap { $0.utf8.count == 2 ? UInt8($0, radix: 16) : nil }
        return bytes.count == 32 ? bytes : nil
    }
}
