// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
package import Facility
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOSSL
import Sync

/// 入网: a terminal becomes known to a hub by a one-time code (`JoinProof`). Any task.
package enum Joining {
    struct Request: Codable {
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
        let secret = JoinProof.key(of: code)
        let key = HubIdentity.makeKey()
        let csr = try HubIdentity.request(key: key, name: serial)
        let request = Request(
            serial: serial, csr: csr, proof: JoinProof.make(secret, .asked, [serial, csr]))
        let reply = try await ask(address + "/v1/join", request)
        let said = [reply.certificate, reply.authority, reply.terminal, reply.sync]
        guard JoinProof.holds(reply.proof, secret, .joined, said) else {
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
                    hint: "A code is good once, for fifteen minutes, for its own terminal: ask for a new one."
                )
            }
            return try JSONDecoder().decode(Reply.self, from: Data(body.readableBytesView))
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
