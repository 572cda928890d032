// SPDX-License-Identifier: Apache-2.0
package import Facility

/// 个人月度得分: a person's month, with every reason. A value; any thread.
///
/// Always true: `total` is the sum of what its lines count, exactly; the same entries give the same lines in
/// the same order, on a terminal as at the hub.
package struct Standing: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package enum Source: Hashable, Sendable {
            case base
            case entry(EventID)
            /// An entry of a month that was closed before it was reversed.
            case correction(EventID, of: EventID)
            /// The part does not fall below its floor.
            case floor
        }

        package var source: Source
        /// nil: beside the parts.
        package var part: RulePartID?
        /// What the rule gives for it, and what of it counts.
        package var stated: Points
        package var counted: Points
        /// Why the two differ.
        package var why: Reason?
    }

    /// Why not all of a line counts.
    package enum Reason: String, CaseIterable, Sendable, Hashable {
        case reversed, partBonus, onceBound, yearBound, daysPresent

        package var phrase: Phrase {
            switch self {
            case .reversed: Phrase("已冲正", "reversed")
            case .partBonus: Phrase("本部分加分已达上限", "the part's bonus is used up")
            case .onceBound: Phrase("超过单次专项加分上限", "above the bound of one special bonus")
            case .yearBound: Phrase("本年度专项加分已达上限", "the year's special bonus is used up")
            case .daysPresent: Phrase("按在押天数折算", "for the days present")
            }
        }
    }

    package let resident: ResidentID
    package let month: CivilMonth
    package let pack: RulePackID
    package let profile: RuleProfileID
    package let cell: ZoneID
    package internal(set) var lines: [Line] = []

    package var total: Points { lines.reduce(.zero) { $0 + $1.counted } }
    package func total(of part: RulePartID?) -> Points {
        lines.reduce(.zero) { $1.part == part ? $0 + $1.counted : $0 }
    }

    /// One spelling for ever: what two machines compare, and what an outsider can compute again.
    package var text: String {
        var text = "standing \(resident) \(month) \(pack) \(profile) \(cell) \(total)\n"
        for line in lines {
            let source =
                switch line.source {
                case .base: "base"
                case .entry(let id): "entry \(id)"
                case .correction(let id, let entry): "correction \(id) of \(entry)"
                case .floor: "floor"
                }
            text += "\(line.part?.text ?? "-") \(line.stated) \(line.counted) \(line.why?.rawValue ?? "-")"
            text += " \(source)\n"
        }
        return text
    }
}

/// A person's months one after the other: what a month counts depends on the year's and on what was closed
/// before. A value; any thread.
struct PersonBook {
    private let ledger: ConductLedger
    private let resident: ResidentID
    private var booked: [CivilMonth: [PostedEntry]] = [:]
    private var corrections: [CivilMonth: [(id: EventID, of: EventID)]] = [:]
    private(set) var standings: [Standing] = []
    /// What of each entry counted in its month, and in which part.
    private var counted: [EventID: (part: RulePartID?, points: Points)] = [:]
    private var specialOfYear: [Int: Points] = [:]

    /// Every month from the person's first day up to `last`.
    init(_ ledger: ConductLedger, _ resident: ResidentID, through last: CivilMonth) {
        (self.ledger, self.resident) = (ledger, resident)
        for id in ledger.scoresOf[.resident(resident)] ?? [] {
            guard let posted = ledger.scores[id], let entry = ledger.score(id) else { continue }
            let month = ledger.month(of: posted, day: entry.day)
            booked[month, default: []].append(posted)
            if let (posted, reversal) = ledger.reversal(of: id), !isStruck(in: month, by: posted) {
                let day = max(reversal.day, month.advanced(by: 1).first)
                corrections[ledger.month(of: posted, day: day), default: []].append((posted.id, id))
            }
        }
        let days = (ledger.placements[resident] ?? []).map(\.placement.from)
        guard let from = days.first.map({ CivilMonth(of: $0) }), from <= last else { return }
        for number in from.number...min(last.number, from.number + Int32(Limits.cycleMonthsMaxCount)) {
            settle(CivilMonth(number: number))
        }
    }

    /// Whether the reversal was in time for the entry's own month.
    private func isStruck(in month: CivilMonth, by reversal: PostedEntry) -> Bool {
        ledger.close(of: month)?.has(reversal) ?? true
    }

    private mutating func settle(_ month: CivilMonth) {
        var (days, last) = (0, Placement?.none)
        for number in month.first.number...month.last.number {
            guard let there = ledger.placement(of: resident, on: CivilDay(number: number)) else { continue }
            (days, last) = (days + 1, there)
        }
        guard let last, let pack = ledger.pack(on: month.last), let profile = pack.profile(last.profile)
        else {
            return
        }
        var standing = Standing(
            resident: resident, month: month, pack: pack.id, profile: profile.id, cell: last.cell)
        let entries = (booked[month] ?? []).sorted { isEarlier($0, $1) }
        for part in pack.parts {
            let base = profile.base[part.id] ?? .zero
            let counts = days == month.daysCount ? base : base.share(Int64(days), of: Int64(month.daysCount))
            standing.lines.append(
                Standing.Line(
                    source: .base, part: part.id, stated: base, counted: counts,
                    why: counts == base ? nil : .daysPresent))
            var room = base.share(part.bonusPercent, of: 100)
            for posted in entries where self.part(of: posted, in: pack) == part.id {
                standing.lines.append(
                    line(posted, part: part.id, month: month) { Self.give(&room, $0, .partBonus) })
            }
            correct(&standing, part: part.id)
            if let floor = part.floor, standing.total(of: part.id) < floor {
                let lift = floor - standing.total(of: part.id)
                standing.lines.append(
                    Standing.Line(source: .floor, part: part.id, stated: lift, counted: lift))
            }
        }
        beside(&standing, entries, pack)
        correct(&standing, part: nil)
        standings.append(standing)
    }

    /// What stands beside the parts: special bonuses within their bounds, and penalties.
    private mutating func beside(_ standing: inout Standing, _ entries: [PostedEntry], _ pack: RulePack) {
        let (month, year) = (standing.month, standing.month.year)
        for posted in entries where part(of: posted, in: pack) == nil {
            let (item, rules) = item(of: posted)
            guard case .special(isUnbounded: false) = item?.kind, let rules else {
                standing.lines.append(line(posted, part: nil, month: month) { ($0, nil) })
                continue
            }
            let left = rules.special.yearMax.map { $0 - (specialOfYear[year] ?? .zero) }
            let line = line(posted, part: nil, month: month) { stated in
                let once = rules.special.onceMax.map { min($0, stated) } ?? stated
                guard var room = left else { return (once, once == stated ? nil : .onceBound) }
                let (counts, why) = Self.give(&room, once, .yearBound)
                return (counts, why ?? (once == stated ? nil : .onceBound))
            }
            specialOfYear[year, default: .zero] += line.counted
            standing.lines.append(line)
        }
    }

    /// A bonus takes what room there is; what takes points off always counts.
    private static func give(
        _ room: inout Points, _ stated: Points, _ why: Standing.Reason
    ) -> (Points, Standing.Reason?) {
        guard stated > .zero else { return (stated, nil) }
        let counts = min(stated, max(room, .zero))
        room -= counts
        return (counts, counts == stated ? nil : why)
    }

    private mutating func line(
        _ posted: PostedEntry, part: RulePartID?, month: CivilMonth,
        _ weigh: (Points) -> (Points, Standing.Reason?)
    ) -> Standing.Line {
        let stated = ledger.score(posted.id)?.points ?? .zero
        let wasStruck = ledger.reversal(of: posted.id).map { isStruck(in: month, by: $0.posted) } ?? false
        let (counts, why) = wasStruck ? (.zero, .reversed) : weigh(stated)
        counted[posted.id] = (part, counts)
        return Standing.Line(
            source: .entry(posted.id), part: part, stated: stated, counted: counts, why: why)
    }

    /// What was reversed after its month was closed comes off here: as much as it counted there.
    private func correct(_ standing: inout Standing, part: RulePartID?) {
        let due = (corrections[standing.month] ?? []).filter { counted[$0.of]?.part == part }
        for (id, entry) in due.sorted(by: { $0.id.isBefore($1.id) }) {
            let back = -(counted[entry]?.points ?? .zero)
            standing.lines.append(
                Standing.Line(source: .correction(id, of: entry), part: part, stated: back, counted: back))
        }
    }

    private func item(of posted: PostedEntry) -> (RuleItem?, RulePack?) {
        let entry = ledger.score(posted.id)
        let rules = entry.flatMap { ledger.pack($0.pack) }
        return (entry.flatMap { rules?.item($0.item) }, rules)
    }

    /// The part in which it counts; nil: beside them, as what the month's pack has no part for.
    private func part(of posted: PostedEntry, in pack: RulePack) -> RulePartID? {
        guard case .daily(let part) = item(of: posted).0?.kind else { return nil }
        return pack.parts.contains { $0.id == part } ? part : nil
    }

    private func isEarlier(_ a: PostedEntry, _ b: PostedEntry) -> Bool {
        guard let first = ledger.score(a.id), let second = ledger.score(b.id) else { return false }
        return ConductLedger.isBefore((first.day, a.id), (second.day, b.id))
    }
}

extension ConductLedger {
    /// Every month of a person's, from the first day here up to `last`; months spent elsewhere are left out.
    package func standings(of resident: ResidentID, through last: CivilMonth) -> [Standing] {
        PersonBook(self, resident, through: last).standings
    }

    /// nil: not here in that month, or no pack was in force.
    package func standing(of resident: ResidentID, in month: CivilMonth) -> Standing? {
        standings(of: resident, through: month).last { $0.month == month }
    }
}
