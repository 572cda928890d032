// SPDX-License-Identifier: Apache-2.0
package import Facility

/// 考核积分: a person's points over the months, and the cycles that they completed. A value; any thread.
package struct CycleStanding: Hashable, Sendable {
    /// A cycle that ended: in which month, how many months it took, what grade is proposed for it.
    package struct Ended: Hashable, Sendable {
        package var month: CivilMonth
        package var monthsCount: Int
        /// The mean of its months, towards zero.
        package var mean: Points
        package var grade: RuleGradeID?
    }

    package var ended: [Ended] = []
    /// What is carried: below zero stays below zero.
    package var points: Points = .zero
    /// Of the cycle that runs.
    package var monthsCount = 0
}

extension ConductLedger {
    /// Up to and with `month`. A month's whole total enters, penalties and all; at the pack's cycle so many
    /// are taken off and the rest is carried.
    package func cycles(of resident: ResidentID, through month: CivilMonth) -> CycleStanding {
        var cycle = CycleStanding()
        var sum = Points.zero
        for standing in standings(of: resident, through: month) {
            cycle.points += standing.total
            sum += standing.total
            cycle.monthsCount += 1
            guard let pack = pack(standing.pack), let whole = pack.cycle, whole > .zero else { continue }
            while cycle.points >= whole {
                cycle.points -= whole
                let mean = sum.share(1, of: Int64(max(1, cycle.monthsCount)))
                cycle.ended.append(
                    CycleStanding.Ended(
                        month: standing.month, monthsCount: cycle.monthsCount, mean: mean,
                        grade: pack.grade(of: mean)))
                (cycle.monthsCount, sum) = (0, .zero)
            }
        }
        return cycle
    }
}

extension RulePack {
    /// The highest grade that so many points reach.
    package func grade(of points: Points) -> RuleGradeID? {
        grades.filter { $0.atLeast <= points }.max { $0.atLeast < $1.atLeast }?.id
    }
}
