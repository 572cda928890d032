// SPDX-License-Identifier: Apache-2.0
package import Facility

//            its time comes            the zone is ours
//  planned ───────────────> waiting ────────────────────> sounding ──> played
//     │                        │                            │   ^
//     v                        v                  something │   │ by its policy
//  skipped(why)             skipped(why)       more urgent  v   │
//                                                         silent ──> cut(why)

/// Follows a timetable in one zone: each unit once, whatever clock, power and alarms do. A value; lives on
/// the desk's thread, which saves `ledger` and then performs the effects. Time is an argument.
///
/// Always true: what has begun never begins again; every planned unit ends as played, cut or skipped in the
/// record, singly or in a span; what sounds is timed by the monotonic clock, so a step of the wall clock
/// neither cuts nor stretches it; while the wall clock is unknown nothing begins and nothing is given up.
package struct TimetableMachine: Sendable {
    package let zone: ZoneID
    package private(set) var timetable: Timetable
    package internal(set) var ledger: PlayLedger
    /// What sounds, by place in `ledger.held`.
    private var sounding: Sounding?
    /// Something outside the timetable has the zone.
    private var isYielding = false
    private var isClockKnown: Bool?
    /// Of the last tick with a known clock.
    private var last: Moment?
    /// Seconds in which nothing of the timetable begins, as was looked up: it need not be looked up again.
    private var quiet: Range<Int64> = 0..<0
    /// Units whose clips cannot be played here.
    private var lacking: Set<String> = []
    var effects: [TimetableEffect] = []

    private struct Sounding: Hashable {
        var id: OccurrenceID
        var since: Uptime
        var fromMs: Int64
        var stopMs: Int64
    }

    /// `ledger`: as it was saved before the restart.
    package init(_ timetable: Timetable, zone: ZoneID, ledger: PlayLedger = PlayLedger()) {
        self.timetable = timetable
        self.zone = zone
        self.ledger = ledger
        for index in self.ledger.held.indices { self.ledger.held[index].cause = .notRunning }
    }

    package var soundingNow: OccurrenceID? { sounding?.id }

    // MARK: What happens

    /// Looks at the time; whenever the desk likes, at the latest after `restMs`.
    package mutating func tick(_ now: Moment) -> [TimetableEffect] {
        advance(now)
        let isKnown = now.wallMs >= Limits.wallPlausibleFromMs && now.uncertaintyMs != Limits.wallUnknownMs
        if isKnown != isClockKnown { effects.append(.clockKnown(isKnown)) }
        let wasKnown = isClockKnown
        isClockKnown = isKnown
        guard isKnown else { return taken() }
        admit(now, cause: cause(now, wasKnown: wasKnown))
        last = now
        choose(now)
        return taken()
    }

    /// Something more urgent has the zone, or it is free again.
    package mutating func yield(_ yields: Bool, _ now: Moment) -> [TimetableEffect] {
        isYielding = yields
        return tick(now)
    }

    /// The units whose clips are not here, or not what the library says: they are not played, and the day
    /// goes on.
    package mutating func lacks(_ units: Set<String>, _ now: Moment) -> [TimetableEffect] {
        lacking = units
        return tick(now)
    }

    /// A newer timetable. What has begun goes on; what it no longer has and has not begun is dropped.
    package mutating func replace(_ timetable: Timetable, _ now: Moment) -> [TimetableEffect] {
        self.timetable = timetable
        quiet = 0..<0
        let waiting = ledger.held.filter { !$0.hasBegun }
        ledger.held.removeAll { !$0.hasBegun }
        for one in waiting {
            let start = one.occurrence.start
            if let same = timetable.occurrences(zone, from: start, to: start + 1)
                .first(where: { $0.id == one.occurrence.id && !$0.isLeftOut })
            {
                ledger.held.append(.init(same, hasBegun: false, positionMs: 0, cause: one.cause))
            } else {
                effects.append(.record(one.occurrence.id, .skipped(.planChanged)))
            }
        }
        return tick(now)
    }

    /// How long the desk may rest if nothing happens. A clock that is set wakes it before; while a unit
    /// sounds it looks and saves every `Limits.playSavedMs`.
    package func restMs(_ now: Moment) -> Int {
        var rest = Int64(Limits.timetableLookMs)
        if isClockKnown == true {
            guard quiet.contains(now.wallMs / 1_000) else { return 0 }
            // There something begins, or is to be looked up.
            rest = min(rest, quiet.upperBound * 1_000 - now.wallMs)
        }
        if let sounding {
            let position = sounding.fromMs + Int64(now.uptime.ms(since: sounding.since))
            rest = min(rest, sounding.stopMs - position, Int64(Limits.playSavedMs))
        }
        for one in ledger.held where one.occurrence.id != sounding?.id {
            rest = min(rest, max(1, deadlineMs(one) - now.wallMs))
        }
        return Int(max(0, rest))
    }

    private mutating func taken() -> [TimetableEffect] {
        defer { effects = [] }
        return effects
    }

    // MARK: Time

    /// Why a unit whose time has passed unseen was not seen.
    private func cause(_ now: Moment, wasKnown: Bool?) -> PlayCause {
        guard let last else { return wasKnown == false ? .clockUnknown : .notRunning }
        if wasKnown == false { return .clockUnknown }
        let drift = (now.wallMs - last.wallMs) - Int64(now.uptime.ms(since: last.uptime))
        return abs(drift) > Int64(Limits.clockStepMs) ? .clockStepped : .late
    }

    /// What sounds has gone on by the monotonic clock.
    private mutating func advance(_ now: Moment) {
        guard let sounding, let place = place(of: sounding.id) else { return }
        let position = sounding.fromMs + Int64(now.uptime.ms(since: sounding.since))
        ledger.held[place].positionMs = min(position, sounding.stopMs)
        guard position >= sounding.stopMs else { return }
        let isWhole = sounding.stopMs >= Int64(ledger.held[place].occurrence.lasts) * 1_000
        effects.append(.stop(sounding.id))
        leave(place, isWhole ? .played : .cut(.hardEnd, atMs: sounding.stopMs))
        self.sounding = nil
    }

    /// Takes in what has become due since the last look.
    private mutating func admit(_ now: Moment, cause: PlayCause) {
        var from = ledger.settledMs ?? now.wallMs - 1
        if now.wallMs < from {
            // The clock came back: what has not begun is planned again; what has begun stays begun.
            ledger.held.removeAll { !$0.hasBegun && $0.occurrence.start * 1_000 > now.wallMs }
            // It was set after the last look, so no more of the new time can have passed than that is ago.
            let since = last.map { Int64(now.uptime.ms(since: $0.uptime)) } ?? 0
            from = now.wallMs - min(since, Int64(Limits.catchUpMs)) - 1
        }
        ledger.settledMs = now.wallMs
        if now.wallMs - from > Int64(Limits.catchUpMs) {
            let near = now.wallMs - Int64(Limits.catchUpMs)
            effects.append(.skippedSpan(fromMs: from + 1, toMs: near + 1, cause))
            from = near
        }
        let (first, second) = (from >= 0 ? from / 1_000 : 0, now.wallMs / 1_000)
        if quiet.contains(first), quiet.contains(second) { return }
        for one in timetable.occurrences(zone, from: first, to: second + 1) where one.start * 1_000 > from {
            guard !ledger.hasBegun(one.id), place(of: one.id) == nil else { continue }
            if one.isLeftOut {
                effects.append(.record(one.id, .skipped(.timeChange)))
            } else if one.cutoff <= one.start {
                effects.append(.record(one.id, .skipped(.hardEnd)))
            } else if ledger.held.count >= Limits.unitsHeldMaxCount {
                effects.append(.record(one.id, .skipped(.tooMany)))
            } else {
                ledger.held.append(.init(one, hasBegun: false, positionMs: 0, cause: cause))
            }
        }
        let horizon = second + Int64(Limits.timetableLookMs) / 1_000 + 1
        let next = timetable.occurrences(zone, from: second + 1, to: horizon).first?.start
        quiet = second..<(next ?? horizon)
    }

    // MARK: Who sounds

    private func place(of id: OccurrenceID) -> Int? { ledger.held.firstIndex { $0.occurrence.id == id } }

    private mutating func choose(_ now: Moment) {
        expire(now)
        let best = isYielding ? nil : best()
        if let old = sounding, old.id != best?.occurrence.id {
            silence(old, isYielding ? .yielded : .displaced)
        }
        let cause: PlayCause = isYielding ? .yielded : .displaced
        for index in ledger.held.indices where ledger.held[index].occurrence.id != best?.occurrence.id {
            // From here on it waits for the zone, whatever made it wait before.
            ledger.held[index].cause = cause
        }
        if let best, sounding == nil { begin(best.occurrence, now) }
    }

    /// The most urgent; of equals the one whose time came last; of these the first of the plan.
    private func best() -> PlayLedger.Held? {
        var best: PlayLedger.Held?
        for one in ledger.held
        where best.map({ $0.occurrence.yields(to: one.occurrence) }) ?? true { best = one }
        return best
    }

    /// Where a unit that is silent would begin now; nil: it is too late for it.
    private func offsetMs(_ one: PlayLedger.Held, _ wallMs: Int64) -> Int64? {
        guard wallMs < deadlineMs(one) else { return nil }
        let since = wallMs - one.occurrence.start * 1_000
        guard one.hasBegun else { return one.occurrence.resume == .inStep ? max(0, since) : 0 }
        switch one.occurrence.resume {
        case .onward: return one.positionMs
        case .again: return 0
        case .inStep: return since < 0 ? one.positionMs : since
        case .never: return nil
        }
    }

    /// Unix milliseconds from which on a silent unit is given up.
    private func deadlineMs(_ one: PlayLedger.Held) -> Int64 {
        let unit = one.occurrence
        switch (unit.resume, one.hasBegun) {
        case (.inStep, _): return unit.end * 1_000
        case (.never, true): return 0
        case (.onward, true), (.again, true): return unit.cutoff * 1_000
        case (_, false): return min(unit.cutoff * 1_000, (unit.start + Int64(unit.late)) * 1_000 + 1_000)
        }
    }

    private mutating func expire(_ now: Moment) {
        for one in ledger.held where lacking.contains(one.occurrence.unit) {
            guard let place = place(of: one.occurrence.id) else { continue }
            if sounding?.id == one.occurrence.id {
                sounding = nil
                effects.append(.stop(one.occurrence.id))
            }
            leave(place, one.hasBegun ? .cut(.clipMissing, atMs: one.positionMs) : .skipped(.clipMissing))
        }
        for one in ledger.held where one.occurrence.id != sounding?.id {
            guard offsetMs(one, now.wallMs) == nil, let place = place(of: one.occurrence.id) else { continue }
            leave(place, one.hasBegun ? .cut(one.cause, atMs: one.positionMs) : .skipped(one.cause))
        }
    }

    private mutating func silence(_ old: Sounding, _ cause: PlayCause) {
        sounding = nil
        effects.append(.stop(old.id))
        guard let place = place(of: old.id) else { return }
        let one = ledger.held[place]
        if one.occurrence.resume == .never {
            leave(place, .cut(cause, atMs: one.positionMs))
        } else {
            effects.append(.record(old.id, .interrupted(cause, atMs: one.positionMs)))
        }
    }

    private mutating func begin(_ unit: Occurrence, _ now: Moment) {
        guard let place = place(of: unit.id), let offset = offsetMs(ledger.held[place], now.wallMs) else {
            return
        }
        let late = now.wallMs - unit.start * 1_000
        effects.append(
            .record(
                unit.id,
                ledger.held[place].hasBegun
                    ? .resumed(offsetMs: offset) : .began(lateMs: late, offsetMs: offset)))
        ledger.note(unit.id)
        ledger.held[place].hasBegun = true
        ledger.held[place].positionMs = offset
        let room = max(0, unit.cutoff * 1_000 - now.wallMs)
        sounding = Sounding(
            id: unit.id, since: now.uptime, fromMs: offset,
            stopMs: min(Int64(unit.lasts) * 1_000, offset + room))
        effects.append(.play(unit, offsetMs: offset))
    }

    private mutating func leave(_ place: Int, _ outcome: PlayOutcome) {
        let id = ledger.held.remove(at: place).occurrence.id
        effects.append(.record(id, outcome))
    }
}
