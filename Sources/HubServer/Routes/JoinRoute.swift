// SPDX-License-Identifier: Apache-2.0
import Facility
import HTTPTypes

/// How a machine becomes a terminal: a code that a technician read from the console, once, in time, and a key
/// of its own. It has no certificate yet, so it comes to the console's port.
enum JoinRoute {
    static let route = ConsoleRoute(
        .post, "/v1/join", .anyone, "A machine becomes a terminal with a one-time code.",
        body: [
            ConsoleField("code", .text(maxBytes: 64), isRequired: true),
            ConsoleField("serial", .text(maxBytes: 64), isRequired: true),
            ConsoleField("csr", .text(maxBytes: 8_192), isRequired: true),
        ], act: join)

    private static func join(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let (hub, now) = (call.hub, call.hub.clock.now())
        guard let code = call.text("code"), let serial = call.text("serial"), let csr = call.text("csr")
        else {
            throw Refused.badRequest("code")
        }
        if let waitMs = hub.joinTries.waitMs(call.address, now: now.uptime) {
            throw Refused(
                .tooManyRequests, "tooManyTries", "尝试次数过多，请稍后再试。", "Too many tries; wait a while.",
                retryAfterS: waitMs / 1_000 + 1)
        }
        // The request is looked at first: a broken one must not cost the code.
        let checked: IssuedCertificate
        do {
            checked = try hub.authority.certify(requestText: csr, as: Self.nobody, nowMs: now.wallMs)
        } catch let fault as Fault { throw Refused.badRequest(fault.cause) }
        _ = checked
        let hash = Secrets.hash(Secrets.canonical(code))
        let terminal = try await hub.store.write { session in
            let terminal = try session.takeJoinCode(hash, serial: serial, nowMs: now.wallMs)
            if let terminal { try session.setSerial(serial, of: terminal) }
            return terminal
        }
        guard let terminal, hub.roster.isListed(terminal) else {
            hub.joinTries.failed(call.address, now: now.uptime)
            try await hub.audit(
                AuditNote(who: call.address, what: "terminal.join", subject: serial, outcome: "wrongCode"))
            throw Refused(
                .forbidden, "wrongCode", "加入码无效、已使用或已过期。",
                "The code is wrong, used, too old or another machine's.")
        }
        let issued = try hub.authority.certify(requestText: csr, as: terminal, nowMs: now.wallMs)
        try await note(issued, of: terminal, what: "terminal.join", hub)
        return .json(answer(issued, of: terminal, hub))
    }

    private static let nobody: TerminalID = TerminalID("nobody").unsafelyUnwrapped

    static func note(
        _ issued: IssuedCertificate, of terminal: TerminalID, what: String, _ hub: HubParts
    ) async throws {
        let atMs = hub.clock.now().wallMs
        try await hub.store.write { session in
            try session.putCertificate(
                serial: issued.serial, terminal: terminal, notAfterMs: issued.notAfterMs)
            try session.append(AuditNote(who: terminal.text, what: what, subject: issued.serial), atMs: atMs)
        }
    }

    static func answer(_ issued: IssuedCertificate, of terminal: TerminalID, _ hub: HubParts) -> JSONValue {
        .object([
            "certificate": .text(issued.text), "authority": .text(hub.authority.certificateText),
            "terminal": .text(terminal.text),
        ])
    }
}
