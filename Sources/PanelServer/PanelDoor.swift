// SPDX-License-Identifier: Apache-2.0
package import Bundles
import ConsoleServer
package import Facility

/// Whoever signed in at this panel.
package struct PanelSession: Sendable {
    package let officer: PostOfficer
    let begun: Uptime
    var seen: Uptime
}

/// Officers of the signed bundle, their PINs and their sessions. An actor; nothing of it is on the disk.
///
/// Always true: nobody is known whom the hub's signature does not name; five wrong PINs of a number lock it
/// for five minutes, whether there is such a number or not; an officer who is taken off the bundle is out.
package actor PanelDoor {
    /// How a try to sign in ended.
    package enum Outcome: Sendable {
        case entered(secret: String, PanelSession)
        case wrong
        case locked(ms: Int)
        /// There is no list of officers yet.
        case nobodyKnown
    }

    private struct Tries {
        var wrong = 0
        var lockedUntil: Uptime?
    }

    private var officers: [OfficerID: PostOfficer] = [:]
    private var sessions: [[UInt8]: PanelSession] = [:]
    private var tries: [String: Tries] = [:]

    package init() {}

    package var isKnown: Bool { !officers.isEmpty }

    package func admit(_ officers: [OfficerID: PostOfficer]) {
        self.officers = officers
        sessions = sessions.filter { officers[$0.value.officer.id] == $0.value.officer }
    }

    package func begin(number: String, pin: String, now: Uptime) async -> Outcome {
        guard !officers.isEmpty else { return .nobodyKnown }
        let officer = OfficerID(number).flatMap { officers[$0] }
        // All numbers that nobody has share one count, so that guessing them fills no memory.
        let key = officer?.id.text ?? ""
        if let until = tries[key]?.lockedUntil {
            if now < until { return .locked(ms: until.ms(since: now)) }
            tries[key] = nil
        }
        // Counted before the slow look, so that guesses side by side gain nothing.
        tries[key, default: Tries()].wrong += 1
        if tries[key, default: Tries()].wrong >= Limits.pinTriesCount {
            tries[key]?.lockedUntil = now.advanced(ms: Limits.pinLockMs)
        }
        guard await Password.isRight(pin, hash: officer?.pin), let officer, officers[officer.id] == officer
        else { return .wrong }
        tries[key] = nil
        let secret = Secrets.hex(Secrets.bytes(32))
        let session = PanelSession(officer: officer, begun: now, seen: now)
        if sessions.count >= Limits.panelSessionsMaxCount,
            let oldest = sessions.min(by: { $0.value.seen < $1.value.seen })
        {
            sessions[oldest.key] = nil
        }
        sessions[Secrets.hash(secret)] = session
        return .entered(secret: secret, session)
    }

    /// `keepsAwake`: a page that only watches does not.
    package func find(_ secret: String, keepsAwake: Bool, now: Uptime) -> PanelSession? {
        let key = Secrets.hash(secret)
        guard let session = sessions[key] else { return nil }
        guard now.ms(since: session.seen) <= Limits.sessionIdleMs,
            now.ms(since: session.begun) <= Limits.sessionMaxMs
        else {
            sessions[key] = nil
            return nil
        }
        if keepsAwake { sessions[key]?.seen = now }
        return session
    }

    package func end(_ secret: String) { sessions[Secrets.hash(secret)] = nil }
}
