// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Glibc
import Journal
import Paging

//  timetable.wptt ──> TimetableMachine ──effects──> ledger on the disk ──> loudspeaker, record
//  index, clips ────> ClipShelf ──sounds──────────────────────────────────────^
//                          ^── units of the next two minutes

/// What one terminal's clocks show at one instant. A value; the argument of everything below.
struct DayTime: Hashable, Sendable {
    var uptime: Uptime
    /// CLOCK_REALTIME less CLOCK_MONOTONIC, nanoseconds.
    var wallLessUptimeNs: Int64
    /// `Limits.wallUnknownMs`: nobody knows the time.
    var uncertaintyMs: UInt32

    func moment(aheadMs: Int = 0) -> Moment {
        let ahead = uptime.advanced(ms: aheadMs)
        return Moment(
            uptime: ahead, wallMs: (Int64(ahead.nanoseconds) + wallLessUptimeNs) / 1_000_000,
            uncertaintyMs: uncertaintyMs)
    }

    /// When the monotonic clock shows what the wall clock calls so.
    func uptimeNs(ofUnix second: Int64) -> Int64 { second * 1_000_000_000 - wallLessUptimeNs }
}

/// The day of one terminal: follows the timetable for its zone, `Limits.playLeadMs` ahead of time, so that
/// each unit is in the loudspeaker's hands, and the ledger on the disk, before its first sample is due. A
/// value of the day's thread, which performs what it returns; the disk is touched here.
///
/// Always true: the ledger is saved before any deed of the same turn; a disk that fails stops nothing.
struct DayDesk {
    struct Places: Hashable, Sendable {
        /// Compiled, as `watchpost-sync` puts it down; there need not be one.
        var timetable: String
        /// The folder of the clip library.
        var clips: String
        var ledger: String
    }

    /// What is to be done, in this order.
    enum Deed: Sendable {
        case play(Sound, OccurrenceID, as: UInt64, SoundRank, SoundStart)
        case end(UInt64)
        /// The cap of the hour, dB under full scale; nil: none.
        case cap(Double?)
        case record(PlayEntry)
        case log(String)
    }

    /// A file as it was when it was looked at; nil: none.
    private struct Stamp: Hashable {
        var inode: UInt
        var seconds: Int
        var nanoseconds: Int
        var size: Int

        init?(_ path: String) {
            var about = stat()
            guard stat(path, &about) == 0 else { return nil }
            (inode, size) = (UInt(about.st_ino), Int(about.st_size))
            (seconds, nanoseconds) = (about.st_mtim.tv_sec, about.st_mtim.tv_nsec)
        }
    }

    private struct Waiting {
        var unit: Occurrence
        var start: (zeroNs: Int64, offsetMs: Int64)
    }

    /// Claims of the loudspeaker: those of calls and tones lie below and above.
    private static let firstClaim: UInt64 = 1 << 16

    let zone: ZoneID
    let places: Places
    private let shelf: ClipShelf
    private let rateHz: Int
    private let file: DayLedger
    private var machine: TimetableMachine?
    private var kept: PlayLedger
    private var timetableStamp: Stamp?
    private var indexStamp: Stamp?
    private var lookedAt: Uptime?
    private var isYielding = false
    private var lacking: Set<String> = []
    /// Its clip is not ready: it begins, where it ought to be by then, once it is.
    private var waiting: Waiting?
    private var claims: [OccurrenceID: UInt64] = [:]
    private var lastClaim = firstClaim
    /// Handed over ahead of time, so they end as much later.
    private var ending: [(claim: UInt64, at: Uptime)] = []
    private var ledgerFault: Fault?
    private var capDb: Double?
    private var deeds: [Deed] = []

    init(_ zone: ZoneID, _ places: Places, shelf: ClipShelf, rateHz: Int) {
        (self.zone, self.places, self.shelf, self.rateHz) = (zone, places, shelf, rateHz)
        file = DayLedger(path: places.ledger)
        do throws(Fault) { kept = try file.read() } catch {
            kept = PlayLedger()
            deeds.append(contentsOf: Self.refused(error, zone))
        }
    }

    var soundingNow: OccurrenceID? { machine?.soundingNow }

    /// Whatever is due. `rank`: who has the loudspeaker; nil: nobody. Returns how long nothing will be.
    mutating func turn(_ time: DayTime, rank: SoundRank?) -> (deeds: [Deed], restMs: Int) {
        let ahead = time.moment(aheadMs: Limits.playLeadMs)
        look(time, ahead)
        if machine != nil { follow(time, ahead, rank) }
        lookAtNight(time)
        for one in ending where one.at <= time.uptime { deeds.append(.end(one.claim)) }
        ending.removeAll { $0.at <= time.uptime }
        defer { deeds = [] }
        return (deeds, rest(time, ahead))
    }

    private mutating func follow(_ time: DayTime, _ ahead: Moment, _ rank: SoundRank?) {
        guard var machine else { return }
        let wasYielding = isYielding
        isYielding = rank.map { $0 > .routine } ?? false
        var effects =
            isYielding == wasYielding ? machine.tick(ahead) : machine.yield(isYielding, ahead)
        if case let missing = shelf.missing, missing != lacking {
            lacking = missing
            effects += machine.lacks(missing, ahead)
        }
        take(effects, of: machine, time, ahead)
        beginWaiting()
        shelf.want(units(machine, ahead))
    }

    // MARK: - Effects

    private mutating func take(
        _ effects: [TimetableEffect], of machine: TimetableMachine, _ time: DayTime, _ ahead: Moment
    ) {
        if !effects.isEmpty || machine.ledger.isWorthKeeping(over: kept) { save(machine.ledger) }
        for effect in effects { perform(effect, time, ahead) }
        self.machine = machine
    }

    private mutating func perform(_ effect: TimetableEffect, _ time: DayTime, _ ahead: Moment) {
        switch effect {
        case .play(let unit, let offset):
            // On time or in step: by the plan, to the sample, as its neighbours do. Otherwise from now on.
            let planned = time.uptimeNs(ofUnix: unit.start)
            let asked = Int64(ahead.uptime.nanoseconds) - offset * 1_000_000
            let isByPlan = abs(asked - planned) <= Int64(Limits.playLeadMs) * 1_000_000
            waiting = Waiting(unit: unit, start: (isByPlan ? planned : asked, offset))
        case .stop(let id):
            if waiting?.unit.id == id { waiting = nil }
            guard let claim = claims.removeValue(forKey: id) else { return }
            let at = isYielding ? time.uptime : ahead.uptime
            ending.append((claim, at))
        case .record(let id, let outcome): deeds.append(.record(PlayEntry(id, outcome, zone: zone)))
        case .skippedSpan(let from, let to, let why):
            deeds.append(
                .record(
                    PlayEntry(
                        .skippedSpan, zone: zone,
                        [("fromMs", "\(from)"), ("toMs", "\(to)"), ("why", "\(why)")])))
        case .clockKnown(let isKnown):
            deeds.append(.record(PlayEntry(.clock, zone: zone, [("known", "\(isKnown)")])))
        }
    }

    /// What was to begin, if its clip is ready.
    private mutating func beginWaiting() {
        guard let one = waiting, case .ready(let sound) = shelf.unit(one.unit.unit) else { return }
        waiting = nil
        lastClaim += 1
        claims[one.unit.id] = lastClaim
        let first = Int(one.start.offsetMs) * rateHz / 1_000
        deeds.append(
            .play(
                sound, one.unit.id, as: lastClaim, one.unit.rank == .background ? .background : .routine,
                SoundStart(zeroNs: one.start.zeroNs, first: first)))
    }

    private mutating func save(_ ledger: PlayLedger) {
        kept = ledger
        do throws(Fault) {
            try file.save(ledger)
            ledgerFault = nil
        } catch {
            if ledgerFault != error { deeds += Self.refused(error, zone) }
            ledgerFault = error
        }
    }

    private static func refused(_ fault: Fault, _ zone: ZoneID) -> [Deed] {
        let words = [("what", fault.operation), ("why", fault.cause)]
        return [.record(PlayEntry(.refused, zone: zone, words)), .log("\(fault)")]
    }

    // MARK: - Files

    /// Takes up a new timetable and a new library; keeps the last good one.
    private mutating func look(_ time: DayTime, _ ahead: Moment) {
        if let lookedAt, time.uptime.ms(since: lookedAt) < Limits.dayFilesLookMs { return }
        lookedAt = time.uptime
        let (timetable, index) = (Stamp(places.timetable), Stamp(places.clips + "/index"))
        if index != indexStamp {
            indexStamp = index
            shelf.again()
        }
        guard timetable != timetableStamp else { return }
        timetableStamp = timetable
        do throws(Fault) {
            let (plan, fault) =
                machine == nil
                ? try CompiledTimetable.readNewestGood(places.timetable)
                : (try CompiledTimetable.read(places.timetable), nil)
            if let fault { deeds += Self.refused(fault, zone) }
            take(Timetable(plan), time, ahead)
        } catch { if timetable != nil { deeds += Self.refused(error, zone) } }
    }

    private mutating func take(_ timetable: Timetable, _ time: DayTime, _ ahead: Moment) {
        guard var machine else {
            self.machine = TimetableMachine(timetable, zone: zone, ledger: kept)
            return
        }
        let effects = machine.replace(timetable, ahead)
        take(effects, of: machine, time, ahead)
    }

    // MARK: - The night

    /// Of the wall clock there; nil: nobody knows the time.
    private func local(_ time: DayTime) -> ClockTime? {
        guard time.uncertaintyMs != Limits.wallUnknownMs, let machine else { return nil }
        let second = machine.timetable.plan.offsets.local(time.moment().wallMs / 1_000)
        return ClockTime(seconds: Int32(second - CivilDay(ofLocal: second).localStart))
    }

    /// Where nobody knows the time it may be night.
    private mutating func lookAtNight(_ time: DayTime) {
        let night = machine?.timetable.plan.night
        let cap = night.flatMap { night in
            local(time).map(night.holds) ?? true ? Double(night.capDb) : nil
        }
        guard cap != capDb else { return }
        capDb = cap
        deeds.insert(.cap(cap), at: 0)
    }

    // MARK: - Ahead

    /// What sounds, waits, or comes next, the nearest first.
    private func units(_ machine: TimetableMachine, _ ahead: Moment) -> [String] {
        let second = ahead.wallMs / 1_000
        let coming = machine.timetable.occurrences(
            zone, from: second, to: second + Int64(Limits.clipAheadMs / 1_000) + 1)
        var units: [String] = []
        for unit in machine.ledger.held.map(\.occurrence.unit) + coming.map(\.unit)
        where !units.contains(unit) { units.append(unit) }
        return units
    }

    private func rest(_ time: DayTime, _ ahead: Moment) -> Int {
        var rest = Limits.dayFilesLookMs
        if let lookedAt { rest -= min(rest, time.uptime.ms(since: lookedAt)) }
        if let machine { rest = min(rest, machine.restMs(ahead)) }
        if let night = machine?.timetable.plan.night, let local = local(time) {
            rest = min(rest, night.restS(at: local) * 1_000)
        }
        for one in ending { rest = min(rest, one.at.ms(since: time.uptime) + 1) }
        return max(1, rest)
    }
}
