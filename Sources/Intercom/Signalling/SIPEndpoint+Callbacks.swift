// SPDX-License-Identifier: Apache-2.0
import CRe
import Facility
import Glibc

// From libre into Swift: on the loop's thread, with borrowed messages, whose texts are copied here.
extension SIPEndpoint {
    // SAFETY: `context` is the endpoint itself, unretained: it closes its stack before it ends.
    static func handlers(_ context: UnsafeMutableRawPointer) -> cre_handlers {
        cre_handlers(
            context: context,
            admits: { SIPEndpoint.at($0)?.admits($1) ?? 0 },
            invited: { SIPEndpoint.at($0)?.invited($1) },
            asked: { SIPEndpoint.at($0)?.asked($1, $2, $3) ?? 500 },
            progressed: { context, number, message in
                guard cre_status(message) >= 180 else { return }
                SIPEndpoint.at(context)?.event(.ringing(Int(number)))
            },
            answered: { context, number, message in
                let header = SIPEndpoint.header("Watchpost", message)
                SIPEndpoint.at(context)?.event(
                    .answered(Int(number), SIPEndpoint.body(message), header: header))
                return 0
            },
            offered: { context, number, message, into, size in
                SIPEndpoint.at(context)?.offered(Int(number), message, into, size) ?? -1
            },
            established: { context, number, _ in SIPEndpoint.at(context)?.event(.established(Int(number))) },
            closed: { context, number, error, message in
                SIPEndpoint.at(context)?.closed(Int(number), error, message)
            },
            replied: { context, number, status in
                let status = status > 0 ? Int(status) : nil
                SIPEndpoint.at(context)?.event(.replied(Int(number), status: status))
            })
    }

    // SAFETY: as above; only libre calls this, with what `handlers` gave it.
    private static func at(_ context: UnsafeMutableRawPointer?) -> SIPEndpoint? {
        context.map { Unmanaged<SIPEndpoint>.fromOpaque($0).takeUnretainedValue() }
    }

    private func admits(_ message: OpaquePointer?) -> Int32 {
        var port: UInt16 = 0
        guard settings.admitted.contains(cre_source(message, &port)) else {
            counts.strangers += 1
            return 0
        }
        guard Self.text(CRE_METHOD, message) == "INVITE" else { return 1 }
        let second = now().nanoseconds / 1_000_000_000
        self.second = (second, self.second.at == second ? self.second.count + 1 : 1)
        guard self.second.count > Limits.sipCallsPerSecondCount else { return 1 }
        counts.floods += 1
        return 503
    }

    private func invited(_ message: OpaquePointer?) {
        guard let message else { return }
        let number = number()
        pending = (number, message)
        event(.invited(number, Self.request(message)))
        // Nobody took or refused it: it waits for its entry in the record, and rings meanwhile.
        if pending != nil, calls[number] == nil {
            refuse(number, 500, "Server Internal Error")
        }
        pending = nil
    }

    private func asked(
        _ message: OpaquePointer?,
        // SAFETY: libre's buffer of `size` bytes, ours until we return.
        _ into: UnsafeMutablePointer<CChar>?, _ size: Int
    ) -> Int32 {
        guard let message else { return 500 }
        let request = Self.request(message)
        switch request.method {
        case "OPTIONS":
            Self.write(
                "Accept: application/sdp\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE\r\n", into,
                size)
            return 200
        case "MESSAGE":
            event(.message(request))
            return 200
        case "BYE", "CANCEL", "INFO", "UPDATE", "PRACK", "REFER": return 481
        default:
            Self.write("Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE\r\n", into, size)
            return 405
        }
    }

    private func offered(
        _ number: Int, _ message: OpaquePointer?,
        // SAFETY: as above.
        _ into: UnsafeMutablePointer<CChar>?, _ size: Int
    ) -> Int {
        guard let text = reoffered(number, Self.body(message)) else { return -1 }
        return Self.write(text, into, size)
    }

    @discardableResult
    private static func write(
        _ text: String,
        // SAFETY: as above; nothing is written past `size`.
        _ into: UnsafeMutablePointer<CChar>?, _ size: Int
    ) -> Int {
        let bytes = Array(text.utf8)
        guard let into, bytes.count < size else { return -1 }
        for (place, byte) in bytes.enumerated() { into[place] = CChar(bitPattern: byte) }
        into[bytes.count] = 0
        return bytes.count
    }

    private func closed(_ number: Int, _ error: Int32, _ message: OpaquePointer?) {
        guard calls.removeValue(forKey: number) != nil else { return }
        // libre tells a BYE as a connection that was reset.
        let status = message.map { Int(cre_status($0)) } ?? 0
        let isOver = status == 0 && (error == 0 || error == ECONNRESET)
        event(.ended(number, status: isOver ? 200 : status == 0 ? 408 : status))
    }

    // MARK: - Copying out

    static func text(_ what: Int, _ message: OpaquePointer?) -> String {
        copied(512) { cre_text(message, Int32(what), $0, $1) } ?? ""
    }

    static func header(_ name: String, _ message: OpaquePointer?) -> String? {
        copied(2_048) { cre_header(message, name, $0, $1) }
    }

    /// At most so many bytes but the last; nil: there is no such text. A bell waits for it.
    private static func copied(
        _ size: Int,
        // SAFETY: libre writes at most `size` bytes, the last of them 0, into memory of this call.
        _ fill: (UnsafeMutablePointer<CChar>?, Int) -> Int
    ) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
            guard fill(buffer.baseAddress, size) >= 0, let text = buffer.baseAddress else { return nil }
            return String(cString: text)
        }
    }

    static func body(_ message: OpaquePointer?) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: Limits.sipBodyMaxBytes + 1)
        let count = message.map { cre_body($0, &buffer, buffer.count) } ?? 0
        buffer.removeLast(buffer.count - min(buffer.count, max(0, count)))
        return buffer
    }

    static func request(_ message: OpaquePointer) -> SIPRequest {
        func text(_ what: Int) -> String { Self.text(what, message) }
        var headers: [String: String] = [:]
        for name in SIPRequest.lookedAt { headers[name.lowercased()] = header(name, message) }
        var port: UInt16 = 0
        let source = cre_source(message, &port)
        return SIPRequest(
            method: text(CRE_METHOD), source: source, sourcePort: port,
            transport: SIPRequest.Transport(rawValue: cre_transport(message)) ?? .udp,
            targetUser: text(CRE_TARGET_USER), fromURI: text(CRE_FROM_URI),
            fromUser: text(CRE_FROM_USER), callID: text(CRE_CALL_ID),
            contentType: text(CRE_CONTENT_TYPE), headers: headers, body: body(message))
    }
}
