// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
import Crypto
package import Facility
import FoundationEssentials
import NIOCore
import NIOSSL

//  terminal                                             hub (console port)
//     │  POST /v1/join {id, serial, csr, proof}            │   proof  = HMAC-SHA256(code, "watchpost.join.1" ‖ 0 ‖ serial ‖ 0 ‖ csr)
//     │ ─────────────────────────────────────────────────> │   the code itself never travels
//     │  {certificate, authority, terminal, sync, proof}   │   proof' = HMAC-SHA256(code, "watchpost.joined.1" ‖ 0 ‖ certificate
//     │ <───────────────────────────────────────────────── │                              ‖ 0 ‖ authority ‖ 0 ‖ terminal ‖ 0 ‖ sync)

/// 入网: a terminal becomes known to a hub by a one-time code. Neither side has a certificate that the other
/// could believe yet, so each proves that it knows the code, over everything it says: who sits between them
/// learns nothing and can change nothing.
package enum Joining {
    struct Request: Codable {
        var id: String
        var serial: String
        var csr: String
        var proof: String
    }

    struct Reply: Codable {
        var certificate: String
        var authority: String
        var terminal: String
        /// `https://address:port` of the sync port.
        var sync: String
        var proof: String
    }

    /// Asks the hub at `address` (its console's `https://…`) and keeps what it answers in `directory`.
    package static func join(
        _ address: String, code: String, serial: String, directory: String
    ) async throws(Fault) -> HubIdentity {
        let code = normal(code)
        guard code.utf8.count == Limits.joinCodeCount else {
            throw Fault(
                "join", at: address, cause: "a code has \(Limits.joinCodeCount) letters and digits",
                hint: "Copy it anew from the console; it is good for fifteen minutes.")
        }
        let key = HubIdentity.makeKey()
        let csr = try HubIdentity.request(key: key, name: serial)
        let request = Request(
            id: String(code.prefix(4)), serial: serial, csr: csr,
            proof: proof(code, "watchpost.join.1", [serial, csr]))
        let reply = try await ask(address + "/v1/join", request)
        let said = [reply.certificate, reply.authority, reply.terminal, reply.sync]
        guard reply.proof == proof(code, "watchpost.joined.1", said) else {
            throw Fault(
                "join", at: address, cause: "whoever answered does not know the code",
                hint: "Check the address. If it is right, somebody sits between you and the hub.")
        }
        try HubIdentity.write(
            [
                ("hub", reply.sync), ("terminal", reply.terminal), ("authority.pem", reply.authority),
                ("key.pem", key), ("certificate.pem", reply.certificate),
            ], to: directory)
        return try HubIdentity.read(directory)
    }

    /// As people type it: case, blanks and dashes do not matter.
    static func normal(_ code: String) -> String {
        code.uppercased().filter { $0.isLetter || $0.isNumber }
    }

    static func proof(_ code: String, _ purpose: String, _ parts: [String]) -> String {
        var text = Array(purpose.utf8)
        for part in parts { text += [0] + Array(part.utf8) }
        let key = SymmetricKey(data: Array(code.utf8))
        return HMAC<SHA256>.authenticationCode(for: text, using: key).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }

    private static func ask(_ url: String, _ request: Request) async throws(Fault) -> Reply {
        var configuration = HTTPClient.Configuration()
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv13
        // The proofs say who is there.
        tls.certificateVerification = .none
        configuration.tlsConfiguration = tls
        configuration.redirectConfiguration = .disallow
        let client = HTTPClient(configuration: configuration)
        do {
            var post = HTTPClientRequest(url: url)
            post.method = .POST
            post.headers.add(name: "content-type", value: "application/json")
            post.body = .bytes(try JSONEncoder().encode(request))
            let response = try await client.execute(post, timeout: .seconds(15))
            let body = try await response.body.collect(upTo: Limits.identityFileMaxBytes * 2)
            try await client.shutdown()
            guard response.status == .ok else {
                throw Fault(
                    "join", at: url, cause: "the hub refused: \(String(buffer: body).prefix(200))",
                    hint: "A code is good once, for fifteen minutes, for its own terminal: ask for a new one.")
            }
            return try JSONDecoder().decode(Reply.self, from: Array(body.readableBytesView))
        } catch let fault as Fault {
            throw fault
        } catch {
            try? await client.shutdown()
            throw Fault(
                "join", at: url, cause: "\(error)",
                hint: "Check the address and that the hub runs; it answers https only.")
        }
    }
}
