// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import HTTPTypes
import Sync

/// How a machine becomes a terminal: a code that a technician read from the console, once, in time, and a key
/// of its own. It has no certificate yet, so it comes to the console's port; each side proves that it knows
/// the code (`JoinProof`).
enum JoinRoute {
    static let route = ConsoleRoute(
        .post, "/v1/join", .anyone, "A machine becomes a terminal with a one-time code.",
        body: [
            ConsoleField("serial", .text(maxBytes: 64), isRequired: true),
            ConsoleField("csr", .text(maxBytes: 8_192), isRequired: true),
            ConsoleField("proof", .text(maxBytes: 64), isRequired: true),
        ], act: join)

    private static func join(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let (hub, now) = (call.hub, call.hub.clock.now())
        guard let serial = call.text("serial"), let csr = call.text("csr"), let proof = call.text("proof")
        else { throw Refused.badRequest("proof") }
        if let waitMs = hub.joinTries.waitMs(call.address, now: now.uptime) {
            throw Refused(
                .tooManyRequests, "tooManyTries", "尝试次数过多，请稍后再试。", "Too many tries; wait a while.",
                retryAfterS: waitMs / 1_000 + 1)
        }
        // The request is looked at first: a broken one must not cost the code.
        do {
            try hub.authority.checkRequest(csr)
        } catch { throw Refused.badRequest(error.cause) }
        // One transaction: a code is not spent for a certificate that nobody wrote down.
        let taken = try await hub.store.write { session -> Joined? in
            let keys = try session.openJoinCodes(nowMs: now.wallMs)
            guard let key = keys.first(where: { JoinProof.holds(proof, $0, .asked, [serial, csr]) }),
                let terminal = try session.takeJoinCode(key, serial: serial, nowMs: now.wallMs)
            else { return nil }
            try session.setSerial(serial, of: terminal)
            let issued = try hub.authority.certify(requestText: csr, as: terminal, nowMs: now.wallMs)
            let ended = try record(issued, of: terminal, what: "terminal.join", session, nowMs: now.wallMs)
            return Joined(key: key, terminal: terminal, issued: issued, ended: ended)
        }
        // What was listed a moment ago, by the tool beside this process.
        try await hub.roster.refresh(from: hub.store)
        guard let taken, hub.roster.isListed(taken.terminal) else {
            hub.joinTries.failed(call.address, now: now.uptime)
            throw Refused(
                .forbidden, "wrongCode", "加入码无效、已使用或已过期。",
                "The code is wrong, used, too old or another machine's.")
        }
        let (key, terminal, issued) = (taken.key, taken.terminal, taken.issued)
        hub.roster.revoke(taken.ended, fromMs: now.wallMs + Int64(Limits.certificateOverlapMs))
        try? await hub.keepCertificates()
        let said = [issued.text, hub.authority.certificateText, terminal.text, hub.syncAddress]
        return .json(
            JSONValue.object([
                "certificate": .text(said[0]), "authority": .text(said[1]), "terminal": .text(said[2]),
                "sync": .text(said[3]), "proof": .text(JoinProof.make(key, .joined, said)),
            ]))
    }

    private struct Joined: Sendable {
        let key: [UInt8]
        let terminal: TerminalID
        let issued: IssuedCertificate
        /// Serial numbers of the certificates before.
        let ended: [String]
    }

    /// Inside a transaction.
    private static func record(
        _ issued: IssuedCertificate, of terminal: TerminalID, what: String, _ session: any HubSession,
        nowMs: Int64
    ) throws -> [String] {
        try session.putCertificate(
            serial: issued.serial, terminal: terminal, notAfterMs: issued.notAfterMs)
        try session.append(AuditNote(who: terminal.text, what: what, subject: issued.serial), atMs: nowMs)
        return try session.supersede(
            by: issued.serial, of: terminal, atMs: nowMs + Int64(Limits.certificateOverlapMs))
    }

    static func note(
        _ issued: IssuedCertificate, of terminal: TerminalID, what: String, _ hub: HubParts
    ) async throws {
        let atMs = hub.clock.now().wallMs
        let ending = try await hub.store.write { session in
            try record(issued, of: terminal, what: what, session, nowMs: atMs)
        }
        hub.roster.revoke(ending, fromMs: atMs + Int64(Limits.certificateOverlapMs))
        try? await hub.keepCertificates()
    }
}
