// SPDX-License-Identifier: Apache-2.0
package import Facility

/// 异议之路: what a person scored can do about an entry, and until when; what is owed to them, and since when.
/// A value of one day; any thread.
package struct RoadOfObjection: Hashable, Sendable {
    package enum Next: Hashable, Sendable {
        /// `until` nil: not published yet, so no term runs.
        case mayObject(Objection.Stage, until: CivilDay?)
        /// An answer is owed by this day.
        case awaits(EventID, Objection.Stage, due: CivilDay)
        case over(since: CivilDay)
        /// It was reversed: there is nothing left to object to.
        case struck
    }

    /// What a supervisor is warned of.
    package enum Warning: String, CaseIterable, Sendable, Hashable {
        case dueSoon, overdue
    }

    package var next: Next
    package var warning: Warning?
    /// Upheld, and no reversal yet: a promise not kept.
    package var owesReversal: Bool
}

extension ConductLedger {
    func objection(_ id: EventID) -> Objection? {
        for list in objections.values {
            if let found = list.first(where: { $0.id == id }) { return found.objection }
        }
        return nil
    }

    /// The road of one entry as it is on a day.
    package func roadOfObjection(for id: EventID, on today: CivilDay) -> RoadOfObjection {
        guard let entry = score(id), let rules = pack(entry.pack) else {
            return RoadOfObjection(next: .over(since: today), warning: nil, owesReversal: false)
        }
        let (terms, calendar) = (rules.terms, rules.calendar)
        let raised = objections[id] ?? []
        let answered = raised.compactMap { objection in answers[objection.id]?.first.map { (objection, $0) } }
        let isUpheld = answered.contains { $0.1.answer.isUpheld }
        if reversal(of: id) != nil {
            return RoadOfObjection(next: .struck, warning: nil, owesReversal: false)
        }
        guard let last = raised.last else {
            let until = publicationDay(of: id, entry).map { calendar.end(of: terms.objectionDays, after: $0) }
            let next: RoadOfObjection.Next =
                until.map { today > $0 } == true
                ? .over(since: until ?? today) : .mayObject(.review, until: until)
            return RoadOfObjection(next: next, warning: nil, owesReversal: false)
        }
        if let answer = answers[last.id]?.first?.answer {
            guard last.objection.stage == .review, !answer.isUpheld else {
                return RoadOfObjection(next: .over(since: answer.day), warning: nil, owesReversal: isUpheld)
            }
            let until = calendar.end(of: terms.secondAskDays, after: answer.day)
            let next: RoadOfObjection.Next =
                today > until ? .over(since: until) : .mayObject(.secondReview, until: until)
            return RoadOfObjection(next: next, warning: nil, owesReversal: isUpheld)
        }
        let days = last.objection.stage == .review ? terms.reviewDays : terms.secondReviewDays
        let due = calendar.end(of: days, after: last.objection.day)
        let left = calendar.workingDays(after: today, to: due)
        let warning: RoadOfObjection.Warning? =
            today > due ? .overdue : left <= terms.soonDays ? .dueSoon : nil
        return RoadOfObjection(
            next: .awaits(last.id, last.objection.stage, due: due), warning: warning, owesReversal: isUpheld)
    }

    /// Every objection that waits for an answer or a reversal, the most urgent first: for the supervisor's
    /// list, and what is overdue for the next above.
    package func objectionsOpen(on today: CivilDay) -> [(entry: EventID, road: RoadOfObjection)] {
        objections.keys.map { ($0, roadOfObjection(for: $0, on: today)) }.filter { _, road in
            if case .awaits = road.next { return true }
            return road.owesReversal
        }.sorted { a, b in
            (dueDay(a.1), a.0.sequence) != (dueDay(b.1), b.0.sequence)
                ? (dueDay(a.1), a.0.sequence) < (dueDay(b.1), b.0.sequence) : a.0.isBefore(b.0)
        }.map { (entry: $0.0, road: $0.1) }
    }

    private func dueDay(_ road: RoadOfObjection) -> CivilDay {
        if case .awaits(_, _, let due) = road.next { return due }
        return CivilDay(number: .min)
    }

    /// When the month in which it counts was published where the person was; nil: not yet.
    private func publicationDay(of id: EventID, _ entry: LedgerEntry) -> CivilDay? {
        guard let posted = scores[id] else { return nil }
        let month = month(of: posted, day: entry.day)
        switch entry.subject {
        case .cell(let cell): return publications[month]?[cell]?.publication.day
        case .resident(let resident):
            guard let cell = standing(of: resident, in: month)?.cell else { return nil }
            return publications[month]?[cell]?.publication.day
        }
    }
}
