// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// The proof of life of a terminal changed: it fell silent, or is heard again.
package struct ProofChange: Hashable, Sendable {
    package var terminal: TerminalID
    package var proof: Proof
    /// When it was last heard, before this change.
    package var lastHeardAtMs: Int64?

    package init(terminal: TerminalID, proof: Proof, lastHeardAtMs: Int64?) {
        self.terminal = terminal
        self.proof = proof
        self.lastHeardAtMs = lastHeardAtMs
    }
}

/// 实时墙: what every page shows live: the zones, their terminals, and the alarms that stand.
///
/// A value without clock, for whoever keeps a hub's or a post's console; every input names its time, ages
/// run by the monotonic clock. Always true: the order in which records arrive does not matter (it is an
/// `AlarmRoll` inside); what is only known as history never sounds; `version` rises with every change, and
/// whoever names an older one is told the present state of all that changed since, or the whole wall.
package struct LiveWall: Sendable {
    struct TerminalState {
        var heard: Moment?
        var proof = Proof.never
        var faults: [AlarmCause: Int64] = [:]
        var use = Use.usable
        var version: Int64
    }

    /// What the roll does not know of an alarm.
    struct AlarmState {
        var raisedAtMs: Int64
        var uncertaintyMs: UInt32
        /// Until one event of it arrived in time.
        var isHistory: Bool
        var isTest = false
        var sounded = false
        var version: Int64
    }

    package private(set) var version: Int64
    package private(set) var shelf = AlarmShelf()
    private(set) var rate: FloodRate
    private(set) var book: PlaceBook
    private(set) var terminals: [TerminalID: TerminalState] = [:]
    private(set) var roll = AlarmRoll(maxCount: Limits.wallAlarmsMaxCount)
    private(set) var alarms: [EventID: AlarmState] = [:]
    /// Ended last, the newest last.
    private(set) var ended: [(version: Int64, terminal: TerminalID, view: AlarmView)] = []
    /// Versions up to this one cannot be healed any more: an end that they missed is forgotten.
    private(set) var forgotten: Int64

    /// `version` has to be above any that an earlier run gave out: the wall clock's milliseconds at start
    /// are.
    package init(book: PlaceBook, operators: Int = 1, version: Int64) {
        self.book = book
        self.version = version
        forgotten = version - 1
        rate = FloodRate(operators: operators)
        for place in book.places { terminals[place.id] = TerminalState(version: version) }
    }

    /// Who is listed anew is on the wall from now on, who no longer is, is not; every page is told all of it.
    package mutating func relist(_ book: PlaceBook) {
        self.book = book
        forgotten = next()
        let before = terminals
        terminals = [:]
        for place in book.places {
            terminals[place.id] = before[place.id] ?? TerminalState(version: version)
        }
    }

    private mutating func next() -> Int64 {
        version += 1
        return version
    }

    private mutating func touch(_ terminal: TerminalID) {
        let version = next()
        terminals[terminal]?.version = version
    }

    /// The alarm changed, and so did the terminal where it is.
    private mutating func touch(_ record: AlarmRecord) {
        let version = next()
        alarms[record.id]?.version = version
        terminals[record.point.terminal]?.version = version
    }
}

// MARK: - What is heard of terminals

extension LiveWall {
    /// A proof of life: a heartbeat, or anything that the terminal said. That it goes on is no news: pages
    /// are told all ages together (`proofAges`), however many terminals there are.
    package mutating func heard(_ terminal: TerminalID, now: Moment) -> ProofChange? {
        guard let before = terminals[terminal] else { return nil }
        terminals[terminal]?.heard = now
        terminals[terminal]?.proof = .alive
        if before.proof != .alive {
            touch(terminal)
            // Only who was lost has alarms that are kept for it.
            if before.proof != .late { mark(terminal, isCellLost: false) }
            return ProofChange(terminal: terminal, proof: .alive, lastHeardAtMs: before.heard?.wallMs)
        }
        return nil
    }

    /// Whether alarms that this terminal raised are kept for it by others.
    package mutating func mark(_ terminal: TerminalID, isCellLost: Bool) {
        for id in roll.mark(terminal, isLost: isCellLost) {
            if let record = roll.entries[id]?.record { touch(record) }
        }
    }

    /// A fault that no alarm's record tells: this hub's own knowledge of the terminal.
    package mutating func fault(_ terminal: TerminalID, _ cause: AlarmCause, sinceAtMs: Int64) {
        guard let state = terminals[terminal], state.faults[cause] == nil else { return }
        terminals[terminal]?.faults[cause] = sinceAtMs
        touch(terminal)
    }

    package mutating func faultEnded(_ terminal: TerminalID, _ cause: AlarmCause) {
        guard terminals[terminal]?.faults.removeValue(forKey: cause) != nil else { return }
        touch(terminal)
    }

    package mutating func use(_ use: Use, of terminal: TerminalID) {
        guard let state = terminals[terminal], state.use != use else { return }
        terminals[terminal]?.use = use
        touch(terminal)
    }
}

// MARK: - What is heard of alarms

extension LiveWall {
    /// A record arrived. `ageMs` is the alarm's age now; `isHistory` says that this event comes late, so
    /// that it rings nowhere. `.full`: nothing on the list gives way; the alarm is in the store alone.
    package mutating func alarm(
        _ alarm: DatedAlarm, ageMs: Int, isHistory: Bool, isCellLost: Bool? = nil, now: Moment
    ) -> RollChange {
        let id = alarm.record.id
        let merged = roll.entries[id].map { $0.record.merged(with: alarm.record) } ?? alarm.record
        let lostBefore = roll.entries[id]?.isCellLost
        let change = roll.receive(alarm.record, ageMs: ageMs, now: now.uptime)
        let becomesLive = !isHistory && alarms[id]?.isHistory == true && change != .ended
        switch change {
        case .listed: list(alarm, isHistory: isHistory, now)
        case .updated: touch(merged)
        case .ended: end(DatedAlarm(merged, like: alarms[id], or: alarm), ageMs: ageMs, lostBefore ?? false)
        case .known, .full: break
        }
        if becomesLive {
            alarms[id]?.isHistory = false
            touch(merged)
        }
        if alarm.isTest, alarms[id]?.isTest == false { alarms[id]?.isTest = true }
        if let isCellLost { mark(id.terminal, isCellLost: isCellLost) }
        return change
    }

    private mutating func list(_ alarm: DatedAlarm, isHistory: Bool, _ now: Moment) {
        alarms[alarm.record.id] = AlarmState(
            raisedAtMs: alarm.raisedAtMs, uncertaintyMs: alarm.uncertaintyMs, isHistory: isHistory,
            version: version)
        touch(alarm.record)
        if !isHistory { rate.raised(now: now.uptime) }
        if terminals[alarm.record.id.terminal]?.proof == .lost {
            mark(alarm.record.id.terminal, isCellLost: true)
        }
        // The roll may have let an old trouble go to make room.
        if alarms.count > roll.entries.count { forgetUnlisted() }
    }

    private mutating func forgetUnlisted() {
        for id in alarms.keys where roll.entries[id] == nil {
            alarms[id] = nil
            // Nobody is told its end, so everybody is given the whole wall.
            forgotten = next()
        }
    }

    private mutating func end(_ alarm: DatedAlarm, ageMs: Int, _ isCellLost: Bool) {
        let isHistory = alarms.removeValue(forKey: alarm.record.id)?.isHistory ?? false
        touch(alarm.record)
        let standing = AlarmStanding(
            ageMs: ageMs, sounds: false, isHistory: isHistory, isCellLost: isCellLost)
        let view = AlarmView(alarm, standing, book)
        ended.append((version, alarm.record.point.terminal, view))
        if ended.count > Limits.wallEndedCount { forgotten = ended.removeFirst().version }
    }

    package mutating func shelve(
        _ key: FloodKey, minutes: Int, reason: String, by officer: OfficerID, now: Moment
    ) throws(ConsoleRefusal) -> AlarmShelf.Entry {
        let entry = try shelf.shelve(key, minutes: minutes, reason: reason, by: officer, now: now)
        touchAll(of: key)
        return entry
    }

    /// Shelves that an earlier run of the hub was told of.
    package mutating func restore(_ entries: [AlarmShelf.Entry]) {
        for entry in entries {
            shelf.restore(entry)
            touchAll(of: entry.key)
        }
    }

    package mutating func unshelve(_ key: FloodKey) throws(ConsoleRefusal) {
        try shelf.unshelve(key)
        touchAll(of: key)
    }

    private mutating func touchAll(of key: FloodKey) {
        for entry in roll.entries.values
        where key.covers(entry.record, zone: book.zone(entry.record.point.terminal)) {
            touch(entry.record)
        }
    }
}

// MARK: - What time does

extension LiveWall {
    /// Asked a few times a second: terminals that fell silent, pauses and shelves that ended.
    package mutating func elapsed(now: Moment) -> [ProofChange] {
        for shelved in shelf.entries where shelved.until <= now.uptime { touchAll(of: shelved.key) }
        shelf.elapsed(now: now.uptime)
        rate.elapsed(now: now.uptime)
        var changes: [ProofChange] = []
        for (terminal, state) in terminals {
            guard let heard = state.heard else { continue }
            let proof = Self.proof(ageMs: now.uptime.ms(since: heard.uptime))
            guard proof != state.proof else { continue }
            terminals[terminal]?.proof = proof
            touch(terminal)
            if proof == .lost { mark(terminal, isCellLost: true) }
            changes.append(ProofChange(terminal: terminal, proof: proof, lastHeardAtMs: heard.wallMs))
        }
        for entry in roll.entries.values {
            let sounds = standing(entry, now).sounds
            if alarms[entry.record.id]?.sounded != sounds {
                alarms[entry.record.id]?.sounded = sounds
                touch(entry.record)
            }
        }
        return changes.sorted { $0.terminal < $1.terminal }
    }

    private static func proof(ageMs: Int) -> Proof {
        if ageMs >= Limits.peerLostMs { return .lost }
        return ageMs >= Limits.proofLateMs ? .late : .alive
    }

    func standing(_ entry: RollEntry, _ now: Moment) -> AlarmStanding {
        let age = entry.ageMs(now.uptime)
        let zone = book.zone(entry.record.point.terminal)
        let shelved = shelf.covering(entry.record, zone: zone, now: now.uptime)
        return AlarmStanding(
            ageMs: age, sounds: shelved == nil && entry.sounds(atAgeMs: age),
            isHistory: alarms[entry.record.id]?.isHistory ?? false, isCellLost: entry.isCellLost,
            shelvedUntilMs: shelved?.untilMs)
    }
}

extension DatedAlarm {
    /// The merged record with the time under which it was first listed.
    fileprivate init(_ record: AlarmRecord, like state: LiveWall.AlarmState?, or alarm: DatedAlarm) {
        self.init(
            record, raisedAtMs: state?.raisedAtMs ?? alarm.raisedAtMs,
            uncertaintyMs: state?.uncertaintyMs ?? alarm.uncertaintyMs, isTest: state?.isTest ?? alarm.isTest)
    }
}
