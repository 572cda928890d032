// SPDX-License-Identifier: Apache-2.0
package import Facility

/// A rule pack as it goes down to terminals: `WPRP1`, the fields, a checksum. Against forgery stands the
/// bundle's signature. What cannot be read is thrown, and the pack before stays.
extension RulePack {
    private static let magic = "WPRP1"

    package func encode() -> [UInt8] {
        var out = FixedWriter(magic: Self.magic)
        out.add(id)
        out.add(title)
        out.add(from.number)
        out.add(until?.number ?? .max)
        out.add(parts) { out, part in
            out.add(part.id)
            out.add(part.title)
            out.add(part.bonusPercent)
            out.add(part.floor)
        }
        out.add(profiles) { out, profile in
            out.add(profile.id)
            out.add(profile.title)
            out.add(profile.base.sorted { $0.key < $1.key }) { out, base in
                out.add(base.key)
                out.add(base.value.hundredths)
            }
        }
        out.add(items) { $0.add($1) }
        out.add(special.onceMax)
        out.add(special.yearMax)
        out.add(cycle)
        out.add(grades) { out, grade in
            out.add(grade.id)
            out.add(grade.title)
            out.add(grade.atLeast.hundredths)
        }
        for number in terms.numbers { out.add(UInt16(clamping: number)) }
        out.add(contest.map { [$0] } ?? []) { out, contest in
            out.add(contest.base.hundredths)
            out.add(contest.meanPercent)
        }
        out.add(calendar.holidays.sorted()) { $0.add($1.number) }
        out.add(calendar.exchangedWorkdays.sorted()) { $0.add($1.number) }
        return out.sealed()
    }

    package static func decode(_ bytes: [UInt8], at place: String) throws(Fault) -> RulePack {
        do throws(FixedDamage) {
            var reader = try FixedReader(bytes, magic: magic, maxBytes: Limits.rulePackMaxBytes)
            let pack = try read(&reader)
            try reader.end()
            return pack
        } catch {
            throw Fault(
                "read a rule pack", at: place, cause: error.cause,
                hint: "The pack before stays; publish it anew.")
        }
    }

    private static func read(_ reader: inout FixedReader) throws(FixedDamage) -> RulePack {
        var pack = RulePack(
            id: try reader.identifier(), title: try reader.phrase(),
            from: CivilDay(number: try reader.number()), parts: [], profiles: [], items: [])
        let until: Int32 = try reader.number()
        pack.until = until == .max ? nil : CivilDay(number: until)
        pack.parts = try reader.list(max: Limits.rulePartsMaxCount) { reader throws(FixedDamage) in
            RulePart(
                id: try reader.identifier(), title: try reader.phrase(), bonusPercent: try reader.percent(),
                floor: try reader.maybePoints())
        }
        pack.profiles = try reader.list(max: Limits.rulePartsMaxCount) { reader throws(FixedDamage) in
            let (id, title): (RuleProfileID, Phrase) = (try reader.identifier(), try reader.phrase())
            let base = try reader.list(max: Limits.rulePartsMaxCount) { reader throws(FixedDamage) in
                let part: RulePartID = try reader.identifier()
                return (part, try reader.points())
            }
            return RuleProfile(id: id, title: title, base: Dictionary(base) { first, _ in first })
        }
        pack.items = try reader.list(max: Limits.ruleItemsMaxCount) { reader throws(FixedDamage) in
            try reader.item()
        }
        pack.special = SpecialBounds(onceMax: try reader.maybePoints(), yearMax: try reader.maybePoints())
        pack.cycle = try reader.maybePoints()
        pack.grades = try reader.list(max: Limits.rulePartsMaxCount) { reader throws(FixedDamage) in
            RuleGrade(
                id: try reader.identifier(), title: try reader.phrase(), atLeast: try reader.points())
        }
        var numbers: [Int] = []
        for _ in pack.terms.numbers {
            let number: UInt16 = try reader.number()
            numbers.append(Int(number))
        }
        pack.terms.numbers = numbers
        pack.contest = try reader.list(max: 1) { reader throws(FixedDamage) in
            CellContest(base: try reader.points(), meanPercent: try reader.percent())
        }.first
        pack.calendar.holidays = try reader.days()
        pack.calendar.exchangedWorkdays = try reader.days()
        return pack
    }
}

extension RuleTerms {
    /// In the order of the bytes.
    fileprivate var numbers: [Int] {
        get {
            [
                publicationDays, objectionDays, reviewDays, secondAskDays, secondReviewDays, soonDays,
                weekSignaturesCount, monthSignaturesCount,
            ]
        }
        set {
            (publicationDays, objectionDays, reviewDays, secondAskDays) = (
                newValue[0], newValue[1], newValue[2], newValue[3]
            )
            (secondReviewDays, soonDays, weekSignaturesCount, monthSignaturesCount) = (
                newValue[4], newValue[5], newValue[6], newValue[7]
            )
        }
    }
}

extension FixedWriter {
    fileprivate mutating func add(_ phrase: Phrase) {
        add(phrase.zh)
        add(phrase.en)
    }

    fileprivate mutating func add(_ points: Points?) { add(points?.hundredths ?? .min) }

    fileprivate mutating func add(_ item: RuleItem) {
        add(item.id)
        add(item.title)
        switch item.kind {
        case .daily(let part):
            add(UInt8(0))
            add(part)
        case .special(let isUnbounded): add(UInt8(isUnbounded ? 2 : 1))
        case .penalty: add(UInt8(3))
        case .cell: add(UInt8(4))
        }
        add(item.points.lowerBound.hundredths)
        add(item.points.upperBound.hundredths)
        add(UInt8(item.needsEvidence ? 1 : 0))
        add(UInt8(clamping: item.signaturesCount))
        add(Role.allCases.filter(item.roles.contains)) { $0.add($1.rawValue) }
    }
}

extension FixedReader {
    fileprivate mutating func phrase() throws(FixedDamage) -> Phrase { Phrase(try text(), try text()) }

    fileprivate mutating func maybePoints() throws(FixedDamage) -> Points? {
        let number: Int64 = try number()
        guard number != .min else { return nil }
        guard number.magnitude <= UInt64(Limits.hundredthsMaxCount) else {
            throw FixedDamage(cause: "points are out of bounds")
        }
        return Points(hundredths: number)
    }

    fileprivate mutating func points() throws(FixedDamage) -> Points {
        guard let points = try maybePoints() else { throw FixedDamage(cause: "points are missing") }
        return points
    }

    fileprivate mutating func percent() throws(FixedDamage) -> Int64 {
        let number: Int64 = try number()
        guard (0...1_000).contains(number) else { throw FixedDamage(cause: "a share is none") }
        return number
    }

    fileprivate mutating func days() throws(FixedDamage) -> Set<CivilDay> {
        Set(
            try list(max: Limits.ruleDaysMaxCount) { reader throws(FixedDamage) in
                CivilDay(number: try reader.number())
            })
    }

    fileprivate mutating func item() throws(FixedDamage) -> RuleItem {
        let (id, title): (RuleItemID, Phrase) = (try identifier(), try phrase())
        let number: UInt8 = try number()
        let kind: RuleItem.Kind
        switch number {
        case 0: kind = .daily(try identifier())
        case 1, 2: kind = .special(isUnbounded: number == 2)
        case 3: kind = .penalty
        case 4: kind = .cell
        default: throw FixedDamage(cause: "a choice is unknown here")
        }
        let (least, most) = (try points(), try points())
        guard least <= most else { throw FixedDamage(cause: "points are the wrong way round") }
        let (flag, signatures): (UInt8, UInt8) = (try self.number(), try self.number())
        let roles = try list(max: Role.allCases.count) { reader throws(FixedDamage) in
            guard let role = Role(rawValue: try reader.text()) else {
                throw FixedDamage(cause: "a role is unknown here")
            }
            return role
        }
        return RuleItem(
            id: id, title: title, kind: kind, points: least...most, needsEvidence: flag == 1,
            signaturesCount: Int(signatures), roles: Set(roles))
    }
}
