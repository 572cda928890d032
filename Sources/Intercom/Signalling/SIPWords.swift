// SPDX-License-Identifier: Apache-2.0

/// A SIP request as it came, with its texts copied out. A value; any thread.
package struct SIPRequest: Hashable, Sendable {
    package enum Transport: Int32, Sendable, CaseIterable, Hashable {
        case udp = 0
        case tcp = 1
        case tls = 2
    }

    package var method: String
    /// IPv4, host byte order; 0: not IPv4.
    package var source: UInt32
    package var sourcePort: UInt16
    package var transport: Transport
    package var targetUser: String
    package var fromURI: String
    package var fromUser: String
    package var callID: String
    package var contentType: String
    /// Those that we look at, by their names in small letters.
    package var headers: [String: String]
    package var body: [UInt8]

    package init(
        method: String, source: UInt32 = 0, sourcePort: UInt16 = 0, transport: Transport = .udp,
        targetUser: String = "", fromURI: String = "", fromUser: String = "", callID: String = "",
        contentType: String = "", headers: [String: String] = [:], body: [UInt8] = []
    ) {
        self.method = method
        self.source = source
        self.sourcePort = sourcePort
        self.transport = transport
        self.targetUser = targetUser
        self.fromURI = fromURI
        self.fromUser = fromUser
        self.callID = callID
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }

    static let lookedAt = [
        "Answer-Mode", "Priv-Answer-Mode", "Alert-Info", "Call-Info", "Priority", "Subject", "Require",
        "Watchpost",
    ]
}

extension SIPRequest {
    /// Every way in which the field asks for an answer without a hand (RFC 5373; Alert-Info and Call-Info of
    /// the makers).
    package var answersItself: Bool {
        for name in ["answer-mode", "priv-answer-mode"] {
            let mode = headers[name]?.split(separator: ";").first?.filter { $0 != " " }
            if mode?.lowercased() == "auto" { return true }
        }
        if let alert = headers["alert-info"]?.lowercased() {
            if alert.contains("info=alert-autoanswer") || alert.contains("auto-answer")
                || alert.contains("auto answer") || alert.contains("ring-answer") || Self.isAtOnce(alert)
            {
                return true
            }
        }
        return headers["call-info"].map { Self.isAtOnce($0.lowercased()) } ?? false
    }

    /// `answer-after=0`, and no later.
    private static func isAtOnce(_ text: String) -> Bool {
        guard let found = text.firstRange(of: "answer-after=") else { return false }
        return text[found.upperBound...].prefix { $0.isNumber } == "0"
    }

    package var isEmergency: Bool {
        headers["priority"]?.lowercased().filter { $0 != " " } == "emergency"
    }

    /// `sip:101@10.1.0.7:5060`
    package static func uri(
        user: String, host: UInt32, port: UInt16, _ transport: Transport = .udp
    ) -> String {
        let base = "sip:\(user)@\(SDPSession.text(host)):\(port)"
        return switch transport {
        case .udp: base
        case .tcp: base + ";transport=tcp"
        case .tls: base + ";transport=tls"
        }
    }
}

extension String {
    fileprivate func firstRange(of text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

/// What happens at an endpoint. Calls and tasks are named by the numbers that `SIPEndpoint` gave them.
package enum SIPEvent: Hashable, Sendable {
    /// Taken, refused, or let ring before this returns.
    case invited(Int, SIPRequest)
    case ringing(Int)
    /// The other end's description, and its own header.
    case answered(Int, [UInt8], header: String?)
    /// A new offer within the call; empty: they ask for ours. Answered by `SIPEndpoint.reoffered`.
    case established(Int)
    case ended(Int, status: Int)
    case message(SIPRequest)
    /// What came of a request of ours; nil: nothing came.
    case replied(Int, status: Int?)
}

/// Counted for the status and the record.
package struct SIPCounts: Hashable, Sendable {
    /// From addresses that the site does not list: dropped unanswered.
    package var strangers = 0
    /// More invitations in a second than `Limits.sipCallsPerSecondCount`.
    package var floods = 0
    package var refused = 0
}
