// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Crypto
import Facility
import HTTPTypes

/// Whoever sent a request, as far as a session tells.
struct SignedIn: Sendable {
    let account: Account
    let row: HubSessionRow
    /// Unused for too long, or too old: good for the wall alone.
    let isIdle: Bool

    /// What this person sees of the facility. Deny by default: an officer without areas sees none.
    var sight: Sight {
        switch account.role {
        case .officer: Sight(areas: Set(account.areas))
        case .supervisor, .auditor, .administrator: Sight()
        case .technician: Sight(devicesOnly: true)
        }
    }

    var areas: Set<ZoneID>? { sight.areas }
}

/// Signing in and out. Any task. Always true: a cookie is worth nothing without the store's row and nothing
/// in the store is worth a cookie; a failed try says the same whatever was wrong.
struct SignInDesk: Sendable {
    let store: any HubStore
    let clock: HubClock
    private let tries = TryCounter(tries: Limits.signInTriesCount, windowMs: Limits.signInWindowMs)

    init(store: any HubStore, clock: HubClock) {
        self.store = store
        self.clock = clock
    }

    static let wrong = Refused(
        .unauthorized, "wrongSignIn", "用户名、密码或验证码不正确。", "The name, the password or the code is wrong.")

    /// The secret for the cookie, and who it is.
    func begin(name: String, password: String, code: String?, address: String) async throws -> (
        String, SignedIn
    ) {
        let account = try await prove(name: name, password: password, code: code, address: address)
        let now = clock.now()
        let secret = Secrets.hex(Secrets.bytes(32))
        let row = HubSessionRow(
            key: Secrets.hash(secret), account: account.id, token: Secrets.hex(Secrets.bytes(16)),
            begunMs: now.wallMs, seenMs: now.wallMs, address: address)
        let forgotten = now.wallMs - Int64(Limits.sessionKeptMs)
        try await store.write { session in
            try session.endSessions(unseenSinceMs: forgotten, begunBeforeMs: forgotten)
            try session.put(row)
        }
        return (secret, SignedIn(account: account, row: row, isIdle: false))
    }

    /// Whose name, password and code these are. Also for a second person, who signs one deed and no more.
    func prove(name: String, password: String, code: String?, address: String) async throws -> Account {
        let (now, key) = (clock.now(), "\(name)\u{0}\(address)")
        if let waitMs = tries.waitMs(key, now: now.uptime) {
            throw Refused(
                .tooManyRequests, "tooManyTries", "尝试次数过多，请稍后再试。", "Too many tries; wait a while.",
                retryAfterS: waitMs / 1_000 + 1)
        }
        // Counted before the slow look, so that guesses side by side gain nothing.
        tries.failed(key, now: now.uptime)
        let account = try await store.read { try $0.account(named: name) }
        let isRight = await Password.isRight(password, hash: account?.password)
        guard isRight, let account, !account.isShut, try await takesCode(code, account, now.wallMs) else {
            throw Self.wrong
        }
        tries.succeeded(key)
        return account
    }

    /// Each code is good once.
    private func takesCode(_ code: String?, _ account: Account, _ nowMs: Int64) async throws -> Bool {
        guard let secret = account.totp else { return true }
        guard let code, let step = TimeCode.step(of: code, secret: secret, nowMs: nowMs) else { return false }
        return try await store.write { try $0.takeStep(step, of: account.id) }
    }

    func find(_ secret: String, keepsAwake: Bool) async throws -> SignedIn? {
        let (nowMs, key) = (clock.now().wallMs, Secrets.hash(secret))
        let found = try await store.read { session -> (HubSessionRow, Account)? in
            guard let row = try session.session(key), let account = try session.account(row.account),
                !account.isShut
            else { return nil }
            return (row, account)
        }
        guard let (row, account) = found else { return nil }
        let isIdle =
            nowMs - row.seenMs > Int64(Limits.sessionIdleMs)
            || nowMs - row.begunMs > Int64(Limits.sessionMaxMs)
        if keepsAwake, !isIdle, nowMs - row.seenMs > Int64(Limits.sessionTouchMs) {
            var touched = row
            touched.seenMs = nowMs
            let fresh = touched
            try await store.write { try $0.put(fresh) }
        }
        return SignedIn(account: account, row: row, isIdle: isIdle)
    }

    func end(_ person: SignedIn) async throws { try await store.write { try $0.endSession(person.row.key) } }
}
