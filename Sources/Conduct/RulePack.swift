// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Which thing of a pack an `Identifier` names. Never instantiated.
package enum RulePackKind {}
package enum RulePartKind {}
package enum RuleProfileKind {}
package enum RuleItemKind {}
package enum RuleGradeKind {}

package typealias RulePackID = Identifier<RulePackKind>
package typealias RulePartID = Identifier<RulePartKind>
package typealias RuleProfileID = Identifier<RuleProfileKind>
package typealias RuleItemID = Identifier<RuleItemKind>
package typealias RuleGradeID = Identifier<RuleGradeKind>

/// 计分规则: what is scored, by whom, with how much, up to where. Data with dates, never code: texts change
/// and provinces differ. A value; any thread.
///
/// Always true: the pack in force on the day of the act decides; a new one never rewrites what was.
package struct RulePack: Hashable, Sendable {
    package var id: RulePackID
    package var title: Phrase
    /// First and last day of acts that it decides.
    package var from: CivilDay
    package var until: CivilDay?
    package var parts: [RulePart]
    package var profiles: [RuleProfile]
    package var items: [RuleItem]
    package var special: SpecialBounds
    /// 考核周期: so many points end a cycle and are taken off; nil: there are none.
    package var cycle: Points?
    package var grades: [RuleGrade]
    package var terms: RuleTerms
    package var contest: CellContest?
    package var calendar: WorkCalendar

    package init(
        id: RulePackID, title: Phrase, from: CivilDay, until: CivilDay? = nil, parts: [RulePart],
        profiles: [RuleProfile], items: [RuleItem], special: SpecialBounds = SpecialBounds(),
        cycle: Points? = nil, grades: [RuleGrade] = [], terms: RuleTerms = RuleTerms(),
        contest: CellContest? = nil, calendar: WorkCalendar = WorkCalendar()
    ) {
        self.id = id
        self.title = title
        self.from = from
        self.until = until
        self.parts = parts
        self.profiles = profiles
        self.items = items
        self.special = special
        self.cycle = cycle
        self.grades = grades
        self.terms = terms
        self.contest = contest
        self.calendar = calendar
    }

    package func isInForce(on day: CivilDay) -> Bool { from <= day && until.map { day <= $0 } ?? true }
    package func item(_ id: RuleItemID) -> RuleItem? { items.first { $0.id == id } }
    package func profile(_ id: RuleProfileID) -> RuleProfile? { profiles.first { $0.id == id } }
}

/// 部分: a part that is summed by itself (监管改造, 教育和文化改造, 劳动改造): what is over in one never makes up
/// for another.
package struct RulePart: Hashable, Sendable {
    package var id: RulePartID
    package var title: Phrase
    /// Its bonuses of a month count up to this share of its base, in hundredths.
    package var bonusPercent: Int64
    /// It does not fall below; nil: negatives are kept.
    package var floor: Points?

    package init(id: RulePartID, title: Phrase, bonusPercent: Int64, floor: Points? = nil) {
        self.id = id
        self.title = title
        self.bonusPercent = bonusPercent
        self.floor = floor
    }
}

/// 类别: whose base is how much in each part: who works, who cannot.
package struct RuleProfile: Hashable, Sendable {
    package var id: RuleProfileID
    package var title: Phrase
    package var base: [RulePartID: Points]

    package init(id: RuleProfileID, title: Phrase, base: [RulePartID: Points]) {
        self.id = id
        self.title = title
        self.base = base
    }
}

/// 条款: one thing that is scored, and the rule's points for it.
package struct RuleItem: Hashable, Sendable {
    /// Where it counts.
    package enum Kind: Hashable, Sendable {
        /// 日常加扣分: in its part of the month.
        case daily(RulePartID)
        /// 专项加分: beside the parts, up to `SpecialBounds`. `isUnbounded`: the rule takes it out of them.
        case special(isUnbounded: Bool)
        /// 处罚: beside the parts, never capped, never made up for.
        case penalty
        /// Of the cell, in its contest, not of a person.
        case cell
    }

    package var id: RuleItemID
    package var title: Phrase
    package var kind: Kind
    /// The least and the most that an officer may give: most rules leave no choice, and the two are one.
    package var points: ClosedRange<Points>
    package var needsEvidence: Bool
    /// Officers in all who must stand by it, the one who entered it among them, before a month is closed.
    package var signaturesCount: Int
    package var roles: Set<Role>

    package init(
        id: RuleItemID, title: Phrase, kind: Kind, points: ClosedRange<Points>, needsEvidence: Bool = false,
        signaturesCount: Int = 1, roles: Set<Role> = [.officer, .supervisor]
    ) {
        self.id = id
        self.title = title
        self.kind = kind
        self.points = points
        self.needsEvidence = needsEvidence
        self.signaturesCount = signaturesCount
        self.roles = roles
    }
}

/// 专项加分的上限: nil: without bound.
package struct SpecialBounds: Hashable, Sendable {
    package var onceMax: Points?
    package var yearMax: Points?

    package init(onceMax: Points? = nil, yearMax: Points? = nil) {
        self.onceMax = onceMax
        self.yearMax = yearMax
    }
}

/// 等级: proposed for a month, or at a cycle's end for the mean of its months, from this many points on.
package struct RuleGrade: Hashable, Sendable {
    package var id: RuleGradeID
    package var title: Phrase
    package var atLeast: Points

    package init(id: RuleGradeID, title: Phrase, atLeast: Points) {
        self.id = id
        self.title = title
        self.atLeast = atLeast
    }
}

/// 期限: terms in working days, and how many names stand under a week and a month.
package struct RuleTerms: Hashable, Sendable {
    /// 公示: a month becomes final when so many have passed since its publication.
    package var publicationDays = 3
    /// 异议: from publication on, so long may a person object.
    package var objectionDays = 3
    /// 复查: so soon the first answer is due.
    package var reviewDays = 5
    /// 复核: so long may a second look be asked for, and so soon is its answer due.
    package var secondAskDays = 3
    package var secondReviewDays = 5
    /// A term that ends within so many is warned of.
    package var soonDays = 1
    package var weekSignaturesCount = 2
    package var monthSignaturesCount = 2
    package init() {}
}

/// 文明监室评比: a cell's month is its base, its own items and a share of its people's mean.
package struct CellContest: Hashable, Sendable {
    package var base: Points
    package var meanPercent: Int64

    package init(base: Points, meanPercent: Int64) {
        self.base = base
        self.meanPercent = meanPercent
    }
}
