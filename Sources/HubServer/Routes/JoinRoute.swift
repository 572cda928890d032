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
        let taken = try await hub.store.write { session -> (key: [UInt8], terminal: TerminalID)? in
            let keys = try session.openJoinCodes(nowMs: now.wallMs)
            guard let key = keys.first(where: { JoinProof.holds(proof, $0, .asked, [serial, csr]) }),
                let terminal = try session.takeJoinCode(key, serial: serial, nowMs: now.wallMs)
            else { return nil }
            try session.setSerial(serial, of: terminal)
            return (key, terminal)
        }
        // What was listed a moment ago, by the tool beside this process.
        try await hub.roster.refresh(from: hub.store)
        guard let (key, terminal) = taken, hub.roster.isListed(terminal) else {
            hub.joinTries.failed(call.address, now: now.uptime)
            throw Refused(
                .forbidden, "wrongCode", "加入码无效、已使用或已过期。",
                "The code is wrong, used, too old or another machine's.")
        }
        let issued = try hub.authority.certify(requestText: csr, as: terminal, nowMs: now.wallMs)
        try await note(issued, of: terminal, what: "terminal.join", hub)
        let said = [issued.text, hub.authority.certificateText, terminal.text, hub.syncAddress]
        return .json(
            JSONValue.object([
                "certificate": .text(said[0]), "authority": .text(said[1]), "terminal": .text(said[2]),
                "sync": .text(said[3]), "proof": .text(JoinProof.make(key, .joined, said)),
            ]))
    }

    static func note(
        _ issued: IssuedCertificate, of terminal: TerminalID, what: String, _ hub: HubParts
    ) async throws {
        let atMs = hub.clock.now().wallMs
        let endMs = atMs + Int64(Limits.certificateOverlapMs)
        let ending = try await hub.store.write { session in
            try session.putCertificate(
                serial: issued.serial, terminal: terminal, notAfterMs: issued.notAfterMs)
            try session.append(AuditNote(who: terminal.text, what: what, subject: issued.serial), atMs: atMs)
            return try session.supersede(by: issued.serial, of: terminal, atMs: endMs)
        }
        hub.roster.revoke(ending, fromMs: endMs)
        try? await hub.keepCertificates()
    }
}
