// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import TestBoard
import Testing

/// A cell, a post that decides for it while it is lost, and two lists that hear of both: late, twice, or not
/// at all.
private struct Ward {
    struct Datagram {
        let record: AlarmRecord
        let ageMs: Int
    }

    var random: SeededGenerator
    /// 0 the cell, 1 the post with custody.
    var owners: [AlarmMachine]
    var rolls = [AlarmRoll(), AlarmRoll()]
    var watches = [SilenceWatch(), SilenceWatch()]
    var seen: [AlarmRecord?] = [nil, nil]
    /// The cleared record that ended it on each list.
    var over: [AlarmRecord?] = [nil, nil]
    var flying: [Datagram] = []
    /// Snapshots that a journal might hold when the cell starts again.
    var journal: [AlarmRecord]
    var nowMs = 1_000_000
    var trouble: String?

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        let record = makeRecord(random.pick([.emergency, .emergency, .cellCall]), raisedMs: nowMs)
        let machine = AlarmMachine(raising: record, ladderMs: Limits.ladderDefaultMs)
        owners = [machine, machine]
        journal = [record]
        send(from: 0)
    }

    mutating func fail(_ what: String) { if trouble == nil { trouble = "\(what) at \(nowMs) ms" } }

    /// The two posts' clocks are unlike, and unlike the owners'.
    func uptime(_ roll: Int) -> Uptime { .ms(nowMs + roll * 77_777_777) }

    mutating func send(from owner: Int) {
        let record = owners[owner].record
        // The ages of two owners differ by what the network and the scheduler took.
        let age = max(0, owners[owner].ageMs(.ms(nowMs)) + owner * (random.below(400) - 200))
        for _ in 0...random.below(2) { flying.append(Datagram(record: record, ageMs: age)) }
        if owner == 0 { journal.append(record) }
    }

    mutating func arrive() {
        guard !flying.isEmpty else { return }
        let datagram = flying.remove(at: random.below(flying.count))
        if random.chance(30) { return }
        deliver(datagram, to: random.below(2))
    }

    mutating func deliver(_ datagram: Datagram, to roll: Int) {
        let change = rolls[roll].receive(datagram.record, ageMs: datagram.ageMs, now: uptime(roll))
        if change == .full { fail("a list of one is full") }
        if !datagram.record.isOpen { over[roll] = datagram.record }
        look(roll)
    }

    mutating func look(_ roll: Int) {
        let entry = rolls[roll].entries.values.first
        let before = seen[roll]
        seen[roll] = entry?.record
        guard let entry else {
            if before != nil, over[roll] == nil { fail("an open alarm left list \(roll)") }
            watches[roll] = SilenceWatch()
            return
        }
        if over[roll] != nil { fail("a cleared alarm came back on list \(roll)") }
        if let before, entry.record.presses < before.presses || entry.record.phase < before.phase {
            fail("a fact was taken back on list \(roll)")
        }
        let isHeard = entry.sounds(atAgeMs: entry.ageMs(uptime(roll)))
        if isHeard != (rolls[roll].sounding(now: uptime(roll)) != nil) { fail("list and entry disagree") }
        if !watches[roll].see(nowMs, mustBeHeardSoon: entry.record.mustBeHeardSoon, isHeard: isHeard) {
            fail("list \(roll) was silent too long: \(entry.record)")
        }
    }

    mutating func pass(ms: Int) {
        let target = nowMs + ms
        while trouble == nil {
            let dues = [0, 1].compactMap { roll in
                rolls[roll].deadline(now: uptime(roll)).map { $0.ms(since: .ms(roll * 77_777_777)) }
            }
            let ownerDues = owners.compactMap(\.deadline).map { Int($0.nanoseconds / 1_000_000) }
            guard let due = (dues + ownerDues).min(), due <= target else { break }
            if let roll = dues.min(), roll <= nowMs { fail("a list's deadline stands still") }
            nowMs = max(nowMs, due)
            for owner in [0, 1] where !owners[owner].elapsed(now: .ms(nowMs)).isEmpty { send(from: owner) }
            for roll in [0, 1] {
                rolls[roll].elapsed(now: uptime(roll))
                look(roll)
            }
        }
        nowMs = target
        for roll in [0, 1] { look(roll) }
    }

    mutating func act() {
        let owner = random.below(2)
        let now = Uptime.ms(nowMs)
        switch random.below(17) {
        case 16: _ = owners[owner].pauseAbandoned(at: .cell, now: now)
        case 0, 1: _ = owners[0].press(now: now)
        case 2, 3: _ = owners[owner].merge(owners[1 - owner].record, now: now)
        case 4: _ = owners[owner].merge(random.pick(journal), now: now)
        case 5:
            // The cell starts again from a journal that missed the newest entries.
            let age = max(0, owners[0].ageMs(now) - random.below(300))
            owners[0] = AlarmMachine(
                taking: random.pick(journal), ageMs: age, now: now, ladderMs: Limits.ladderDefaultMs)
        case 6: _ = owners[owner].speech(ms: random.below(1_500), source: .officer, now: now)
        case 7:
            guard random.chance(10) else { break }
            _ = try? owners[owner].perform(.attend, source: .officer, lineReachable: false, now: now)
        case 8: _ = try? owners[owner].perform(.clear, source: .officer, now: now)
        case 9...11: _ = try? owners[owner].perform(.acknowledge, source: .officer, now: now)
        default: _ = try? owners[owner].perform(.silence, source: .officer, now: now)
        }
        if !owners[owner].record.isLawful { fail("cleared unattended") }
        send(from: owner)
    }

    mutating func live(steps: Int) {
        for _ in 0..<steps where trouble == nil {
            pass(ms: random.pick([0, 10, 500, 3_000, 20_000, 60_000, 119_990, 120_000, 125_000]))
            act()
            for _ in 0..<random.below(4) { arrive() }
        }
        converge()
    }

    /// The faults stop: everybody hears of everything, in an order of its own, and then all know the same.
    mutating func converge() {
        flying += owners.map { Datagram(record: $0.record, ageMs: $0.ageMs(.ms(nowMs))) }
        flying += (seen + over).compactMap(\.self).map {
            Datagram(record: $0, ageMs: owners[0].ageMs(.ms(nowMs)))
        }
        for roll in [0, 1] {
            for datagram in flying.shuffled(using: &random) where trouble == nil {
                deliver(datagram, to: roll)
            }
        }
        if (over[0] == nil) != (over[1] == nil) || seen[0] != seen[1] {
            fail("the lists differ when all is known")
        }
    }
}

struct AlarmRollPropertyTests {
    @Test func rules_hold_whenCopiesOfTwoOwnersArriveInAnyOrderOrNotAtAll() {
        for seed in 0..<UInt64(isOptimised ? 20_000 : 1_200) {
            var ward = Ward(seed: seed)
            ward.live(steps: 40)
            if let trouble = ward.trouble {
                Issue.record("seed \(seed): \(trouble)")
                return
            }
        }
    }
}
