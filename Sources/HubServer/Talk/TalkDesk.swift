// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import HTTPTypes
import TalkLink

/// One talk that may begin: what the gateway will be asked, and whose session asked.
struct TalkPermit: Hashable, Sendable {
    let request: TalkRequest
    /// The account's name, for the audit.
    let who: String
    let session: [UInt8]
}

/// Who may speak with a terminal from a page, and who does.
///
/// An actor. Always true: a ticket is good once, for `Limits.talkTicketMs`, and only with the session that
/// asked for it; talks and tickets together are at most `Limits.talksMaxCount`; a talk that began is in the
/// audit before the gateway knows of it, and its end follows it there; it ends with the session.
actor TalkDesk {
    private struct Ticket {
        let permit: TalkPermit
        let given: Uptime
    }

    let store: any HubStore
    let clock: HubClock
    /// The gateway's Unix socket; nil: this hub has none.
    nonisolated let gateway: String?
    private var tickets: [String: Ticket] = [:]
    private var running = 0

    init(store: any HubStore, clock: HubClock, gateway: String?) {
        self.store = store
        self.clock = clock
        self.gateway = gateway
    }

    static let noGateway = Refused(
        .conflict, "noGateway", "指挥中心没有语音网关，请到岗位通话。",
        "The command room has no voice gateway; talk from a post.")
    static let tooMany = Refused(
        .serviceUnavailable, "tooManyTalks", "同时通话过多，请稍后再试。", "Too many talks at once; try again soon.",
        retryAfterS: 10)

    func ticket(for permit: TalkPermit) throws(Refused) -> String {
        guard gateway != nil else { throw Self.noGateway }
        let now = clock.now().uptime
        tickets = tickets.filter { now.ms(since: $0.value.given) < Limits.talkTicketMs }
        guard tickets.count + running < Limits.talksMaxCount else { throw Self.tooMany }
        let ticket = Secrets.hex(Secrets.bytes(16))
        tickets[ticket] = Ticket(permit: permit, given: now)
        return ticket
    }

    /// Takes a ticket and writes the talk's beginning; nil when it is worth nothing. Throws when the audit
    /// cannot be written: then nothing may be opened.
    func begin(_ ticket: String, session: [UInt8]) async throws -> TalkPermit? {
        guard let found = tickets.removeValue(forKey: ticket), found.permit.session == session,
            clock.now().uptime.ms(since: found.given) < Limits.talkTicketMs
        else { return nil }
        running += 1
        do { try await note(found.permit, "intercom.open", outcome: "done") } catch {
            running -= 1
            throw error
        }
        return found.permit
    }

    /// Whoever asked is still signed in. A store that does not answer now ends no talk.
    func holds(_ permit: TalkPermit) async -> Bool {
        let held = try? await store.read { session in
            guard let row = try session.session(permit.session) else { return false }
            return try session.account(row.account).map { !$0.isShut } ?? false
        }
        return held ?? true
    }

    func end(_ permit: TalkPermit, _ why: TalkEnd, talkedMs: Int) async {
        running -= 1
        // The talk is over, whether that could be written down or not.
        try? await note(permit, "intercom.close", outcome: "\(why) \(talkedMs / 1_000) s")
    }

    private func note(_ permit: TalkPermit, _ what: String, outcome: String) async throws {
        let (request, atMs) = (permit.request, clock.now().wallMs)
        let with = request.second.map { " + \($0.text)" } ?? ""
        let subject = "\(request.terminal.text) \(request.purpose)\(with) \(request.reason)"
        let note = AuditNote(who: permit.who, what: what, subject: subject, outcome: outcome)
        try await store.write { try $0.append(note, atMs: atMs) }
    }
}
