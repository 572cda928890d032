// SPDX-License-Identifier: Apache-2.0
import Alarms
package import Console
import ConsoleServer
package import Facility

/// Rounds of button tests.
///
/// A value over `ButtonRound` values; the store has every round as it stands, so hubs that share it and one
/// that begins anew go on with it. Any task. Always true: a zone has one running round at most; what a round
/// says is read anew from the alarms since it began.
package struct RoundDesk: Sendable {
    private let store: any HubStore
    private let places: HubPlaces
    private let clock: HubClock

    package init(store: any HubStore, places: HubPlaces, clock: HubClock) {
        self.store = store
        self.places = places
        self.clock = clock
    }

    private var book: PlaceBook { places.book }

    package func begin(_ zone: ZoneID, by officer: OfficerID) async throws -> RoundView {
        let now = clock.now()
        let round = try ButtonRound(
            id: Secrets.hex(Secrets.bytes(8)), zone: zone, by: officer, book: book, now: now)
        let view = RoundView(round, book)
        try await store.write { session in
            try session.hold(.rounds)
            guard try !session.runningRounds(now: now).contains(where: { $0.zone == zone.text }) else {
                throw ConsoleRefusal.roundRunning
            }
            try session.put(view)
        }
        return view
    }

    package func skip(_ cell: TerminalID, in id: String, note: String) async throws -> RoundView? {
        try await change(id) { round throws(ConsoleRefusal) in try round.skip(cell, note: note) }
    }

    package func end(_ id: String) async throws -> RoundView? {
        let now = clock.now()
        return try await change(id) { round throws(ConsoleRefusal) in try round.end(now: now) }
    }

    package func view(_ id: String) async throws -> RoundView? { try await store.read { try $0.round(id) } }

    /// Nil: there is none.
    private func change(
        _ id: String, _ deed: @escaping @Sendable (inout ButtonRound) throws(ConsoleRefusal) -> Void
    ) async throws -> RoundView? {
        let (book, now) = (book, clock.now())
        return try await store.write { session in
            try session.hold(.rounds)
            guard let view = try session.round(id) else { return nil }
            guard view.endedAt == nil, var round = try session.replay(view, book: book, now: now)?.round
            else {
                throw ConsoleRefusal.roundEnded
            }
            try deed(&round)
            let changed = RoundView(round, book)
            try session.put(changed)
            return changed
        }
    }

    /// What rounds say of alarms that arrived. Nothing is silenced by it.
    package func see(_ alarms: [HubAlarm], now: Moment) async throws {
        let book = book
        guard alarms.contains(where: { $0.record.alarmClass.isCall }),
            try await !store.read({ try $0.runningRounds(now: now).isEmpty })
        else { return }
        try await store.write { session in
            try session.hold(.rounds)
            for view in try session.runningRounds(now: now) {
                guard let (round, said) = try session.replay(view, book: book, now: now) else { continue }
                let changed = RoundView(round, book)
                if changed != view { try session.put(changed) }
                for (alarm, isTest) in said where alarm.isTest != isTest {
                    try session.setTest(isTest, of: alarm.record.id)
                }
            }
        }
    }

    /// A forgotten round ends by itself.
    package func elapsed() async throws {
        let (book, now) = (book, clock.now())
        guard try await !store.read({ try $0.runningRounds(now: now).isEmpty }) else { return }
        try await store.write { session in
            try session.hold(.rounds)
            for view in try session.runningRounds(now: now) {
                guard var round = try session.replay(view, book: book, now: now)?.round,
                    round.elapsed(now: now)
                else { continue }
                try session.put(RoundView(round, book))
            }
        }
    }
}

extension HubSession {
    /// Those that nobody ended, also where a hub was away when their time was over.
    fileprivate func runningRounds(now: Moment) throws -> [RoundView] {
        try rounds(from: now.wallMs - 2 * Int64(Limits.roundMaxMs), to: .max).filter { $0.endedAt == nil }
    }

    /// A running round as it stands: every skip is made again, every press since it began is seen again. With
    /// it what it says of each alarm.
    fileprivate func replay(
        _ view: RoundView, book: PlaceBook, now: Moment
    ) throws -> (round: ButtonRound, said: [(alarm: HubAlarm, isTest: Bool)])? {
        guard let zone = ZoneID(view.zone), let by = OfficerID(view.by.id) else { return nil }
        let begun = Moment(
            uptime: now.uptime.advanced(ms: -Int(max(0, now.wallMs - view.startedAt))),
            wallMs: view.startedAt, uncertaintyMs: now.uncertaintyMs)
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
        var said: [(alarm: HubAlarm, isTest: Bool)] = []
        for alarm in try alarms(query).reversed() {
            switch round.see(alarm.record, ageMs: alarm.ageMs(at: now.wallMs), now: now) {
            case .test: said.append((alarm, true))
            case .real: said.append((alarm, false))
            case .untouched: break
            }
        }
        return (round, said)
    }
}
