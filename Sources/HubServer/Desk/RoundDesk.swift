// SPDX-License-Identifier: Apache-2.0
import Alarms
package import Console
import ConsoleServer
package import Facility

/// Rounds of button tests that run at this hub.
///
/// An actor over `ButtonRound` values; the store has every round as it stands. Always true: a zone has one
/// running round at most; after a restart a round goes on, read anew from the alarms since it began.
package actor RoundDesk {
    private let store: any HubStore
    private let book: PlaceBook
    private let clock: HubClock
    private var running: [String: ButtonRound] = [:]

    package init(store: any HubStore, book: PlaceBook, clock: HubClock) {
        self.store = store
        self.book = book
        self.clock = clock
    }

    /// Rounds that an earlier run of the hub left unended.
    package func load() async throws {
        let (now, book) = (clock.now(), book)
        let fromMs = now.wallMs - Int64(Limits.roundMaxMs)
        running = try await store.read { session in
            var rounds: [String: ButtonRound] = [:]
            for view in try session.rounds(from: fromMs, to: .max) where view.endedAt == nil {
                rounds[view.id] = try session.round(view, book: book, now: now)
            }
            return rounds
        }
    }

    package func begin(_ zone: ZoneID, by officer: OfficerID) async throws -> RoundView {
        guard !running.values.contains(where: { $0.zone == zone && $0.isRunning }) else {
            throw ConsoleRefusal.roundRunning
        }
        let round = try ButtonRound(
            id: Secrets.hex(Secrets.bytes(8)), zone: zone, by: officer, book: book, now: clock.now())
        running[round.id] = round
        return try await keep(round)
    }

    package func skip(_ cell: TerminalID, in id: String, note: String) async throws -> RoundView? {
        guard var round = running[id] else { return try await ended(id) }
        try round.skip(cell, note: note)
        return try await keep(round)
    }

    package func end(_ id: String) async throws -> RoundView? {
        guard var round = running[id] else { return try await ended(id) }
        try round.end(now: clock.now())
        return try await keep(round)
    }

    package func view(_ id: String) async throws -> RoundView? {
        if let round = running[id] { return RoundView(round, book) }
        return try await store.read { try $0.round(id) }
    }

    private func ended(_ id: String) async throws -> RoundView? {
        guard try await store.read({ try $0.round(id) }) == nil else { throw ConsoleRefusal.roundEnded }
        return nil
    }

    /// What rounds say of alarms that arrived. Nothing is silenced by it.
    package func see(_ alarms: [HubAlarm], now: Moment) async throws {
        guard !running.isEmpty else { return }
        var tests: [EventID: Bool] = [:]
        var changed: [RoundView] = []
        for (id, before) in running {
            var round = before
            for alarm in alarms {
                let age = alarm.ageMs(at: now.wallMs)
                switch round.see(alarm.record, ageMs: age, now: now) {
                case .test: tests[alarm.record.id] = true
                case .real: tests[alarm.record.id] = false
                case .untouched: break
                }
            }
            guard round != before else { continue }
            running[id] = round
            changed.append(RoundView(round, book))
        }
        guard !tests.isEmpty || !changed.isEmpty else { return }
        let (said, views) = (tests, changed)
        try await store.write { session in
            for (alarm, isTest) in said { try session.setTest(isTest, of: alarm) }
            for view in views { try session.put(view) }
        }
    }

    /// A forgotten round ends by itself.
    package func elapsed() async throws {
        for var round in running.values where round.elapsed(now: clock.now()) { _ = try await keep(round) }
    }

    private func keep(_ round: ButtonRound) async throws -> RoundView {
        let view = RoundView(round, book)
        running[round.id] = round.isRunning ? round : nil
        try await store.write { try $0.put(view) }
        return view
    }
}

extension HubSession {
    /// A running round as it stands: every press since it began is seen again, every skip is made again.
    fileprivate func round(_ view: RoundView, book: PlaceBook, now: Moment) throws -> ButtonRound? {
        guard let zone = ZoneID(view.zone), let by = OfficerID(view.by.id) else { return nil }
        let begun = Moment(
            uptime: now.uptime.advanced(ms: -Int(max(0, now.wallMs - view.startedAt))),
            wallMs: view.startedAt,
            uncertaintyMs: now.uncertaintyMs)
        guard var round = try? ButtonRound(id: view.id, zone: zone, by: by, book: book, now: begun) else {
            return nil
        }
        for cell in view.cells where !cell.note.isEmpty {
            if let terminal = TerminalID(cell.terminal) { try? round.skip(terminal, note: cell.note) }
        }
        var query = AlarmQuery()
        query.fromMs = view.startedAt
        query.terminals = book.cells(of: zone).map(\.id)
        query.limit = Limits.listMaxCount
        for alarm in try alarms(query).reversed() {
            _ = round.see(alarm.record, ageMs: alarm.ageMs(at: now.wallMs), now: now)
        }
        return round
    }
}
