// SPDX-License-Identifier: Apache-2.0
import Alarms
import ConsoleServer
import Facility
import Hummingbird
import Sync

extension SyncResponder {
    /// A hub below tells which of its terminals live, and asks how far this hub has each.
    func carried(_ request: Request, _ peer: PeerIdentity) async throws -> Response {
        let body = try await request.body.collect(upTo: Limits.syncBodyMaxBytes)
        guard let told = CarriedProofs(Array(body.readableBytesView)) else {
            return Self.refusal(.badRequest, "carried")
        }
        let (hub, now) = (hub, hub.clock.now())
        let brought = told.terminals.compactMap { proof in
            TerminalID(proof.id).flatMap { hub.roster.mayBring(peer.terminal, $0) ? ($0, proof) : nil }
        }
        // In the order of their names, so that two hubs never wait for each other.
        let mine = brought.sorted { $0.0 < $1.0 }
        let cursors = try await hub.store.write { session in
            for (terminal, proof) in mine {
                guard let age = proof.age, age >= 0 else { continue }
                try session.setProof(
                    of: terminal, atMs: now.wallMs - min(age, now.wallMs),
                    uptime: Uptime(nanoseconds: proof.uptime.flatMap { UInt64($0) } ?? 0),
                    generation: UInt64(proof.generation) ?? 0)
            }
            try session.setProof(of: peer.terminal, atMs: now.wallMs, uptime: now.uptime, generation: 0)
            return try session.cursors(of: mine.map(\.0))
        }
        let tests = try await see(told.tests ?? [:], peer)
        var heard = mine.compactMap { terminal, proof -> (terminal: TerminalID, at: Moment)? in
            guard let age = proof.age, age >= 0, age < Limits.peerLostMs else { return nil }
            return (terminal, now.earlier(ms: Int(age)))
        }
        heard.append((peer.terminal, now))
        await hub.followUp.take([], await hub.wall.hear(heard), at: now)
        let text = try JSONText.encode(CarriedCursors(now: now.wallMs, cursors, tests: tests))
        return Self.json(Array(text.utf8), status: .ok)
    }

    /// A facility's round says which presses were its tests; which of them are known here.
    private func see(_ said: [String: Bool], _ peer: PeerIdentity) async throws -> [EventID] {
        let tests = said.compactMap { text, isTest -> (id: EventID, isTest: Bool)? in
            guard let id = EventID(text), hub.roster.mayBring(peer.terminal, id.terminal) else { return nil }
            return (id, isTest)
        }.sorted { "\($0.id)" < "\($1.id)" }
        guard !tests.isEmpty else { return [] }
        let changed = try await hub.store.write { session in
            try session.hold(.alarms)
            var changed: [HubAlarm] = []
            for (id, isTest) in tests {
                guard var alarm = try session.alarm(id) else { continue }
                try session.setTest(isTest, of: id)
                alarm.isTest = isTest
                changed.append(alarm)
            }
            return changed
        }
        await hub.wall.follow(changed.filter(\.record.isOpen))
        return changed.map(\.record.id)
    }
}

extension Moment {
    fileprivate func earlier(ms: Int) -> Moment {
        Moment(
            uptime: uptime.advanced(ms: -min(ms, Int(uptime.nanoseconds / 1_000_000))),
            wallMs: wallMs - Int64(ms), uncertaintyMs: uncertaintyMs)
    }
}
