// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Who tries to enter something, and on what day it is. A value.
package struct LedgerAuthor: Hashable, Sendable {
    package var officer: OfficerID
    package var role: Role
    package var today: CivilDay

    package init(officer: OfficerID, role: Role, today: CivilDay) {
        self.officer = officer
        self.role = role
        self.today = today
    }
}

extension ConductLedger {
    /// Whether this may be entered, before it is written; nil: it may. What was entered elsewhere and is not
    /// known here yet cannot be asked: of two that contradict each other the first in the one order counts.
    package func refusal(of entry: ConductEntry, by author: LedgerAuthor) -> LedgerRefusal? {
        do throws(LedgerRefusal) {
            switch entry {
            case .placed(let placement):
                guard packs.contains(where: { $0.profile(placement.profile) != nil }) else {
                    throw .noPackInForce(placement.from)
                }
            case .scored(let score): try check(score, author)
            case .reversed(let reversal): try check(reversal, author)
            case .signed(let signature): try check(signature, author)
            case .objected(let objection): try check(objection, author)
            case .answered(let answer): try check(answer, author)
            case .reviewed(let review): try check(review, author)
            case .closed(let close): try check(close, author)
            case .published(let publication): try check(publication, author)
            }
            return nil
        } catch {
            return error
        }
    }

    private func check(_ score: LedgerEntry, _ author: LedgerAuthor) throws(LedgerRefusal) {
        guard score.day <= author.today else { throw .dayToCome(score.day) }
        guard let pack = pack(on: score.day) else { throw .noPackInForce(score.day) }
        guard pack.id == score.pack else { throw .otherPackInForce(pack.id) }
        guard let item = pack.item(score.item) else { throw .unknownItem(score.item) }
        guard item.points.contains(score.points) else { throw .pointsNotTheRules(score.points, item.points) }
        guard item.roles.contains(author.role) else { throw .roleMayNot(author.role) }
        guard !item.needsEvidence || !score.evidence.isEmpty else { throw .evidenceMissing }
        guard score.evidence.count <= Limits.conductNamesMaxCount else { throw .tooLong }
        try Self.check(score.note)
        switch score.subject {
        case .cell: guard item.kind == .cell else { throw .wrongSubject }
        case .resident(let resident):
            guard item.kind != .cell else { throw .wrongSubject }
            guard placement(of: resident, on: score.day) != nil else { throw .personNotHere(score.day) }
        }
    }

    private func check(_ reversal: Reversal, _ author: LedgerAuthor) throws(LedgerRefusal) {
        guard scores[reversal.entry] != nil else { throw .noSuchEntry }
        guard reversal.day <= author.today else { throw .dayToCome(reversal.day) }
        if let first = self.reversal(of: reversal.entry) { throw .reversedAlready(first.reversal.day) }
        try Self.check(reason: reversal.reason)
        // An officer may take back what was their own; what another entered, a supervisor.
        guard author.role == .supervisor || score(reversal.entry)?.officer == author.officer else {
            throw .roleMayNot(author.role)
        }
    }

    private func check(_ signature: Signature, _ author: LedgerAuthor) throws(LedgerRefusal) {
        guard let entry = score(signature.entry) else { throw .noSuchEntry }
        guard signature.day <= author.today else { throw .dayToCome(signature.day) }
        let names = signers[signature.entry] ?? []
        guard entry.officer != signature.officer, !names.contains(signature.officer) else {
            throw .signedAlready
        }
    }

    private func check(_ objection: Objection, _ author: LedgerAuthor) throws(LedgerRefusal) {
        guard let entry = score(objection.entry) else { throw .noSuchEntry }
        guard objection.day <= author.today else { throw .dayToCome(objection.day) }
        guard entry.subject == .resident(objection.resident) else { throw .notTheirs }
        try Self.check(reason: objection.text)
        switch roadOfObjection(for: objection.entry, on: objection.day).next {
        case .mayObject(let stage, let until):
            guard stage == objection.stage else { throw stage == .review ? .noAnswerYet : .objectedAlready }
            if let until, objection.day > until { throw .termOver(until) }
        case .awaits: throw objection.stage == .review ? .objectedAlready : .noAnswerYet
        case .over(let since): throw .termOver(since)
        case .struck: throw .reversedAlready(reversal(of: objection.entry)?.reversal.day ?? objection.day)
        }
    }

    private func check(_ answer: Answer, _ author: LedgerAuthor) throws(LedgerRefusal) {
        guard objection(answer.objection) != nil else { throw .noSuchEntry }
        guard answer.day <= author.today else { throw .dayToCome(answer.day) }
        guard answers[answer.objection] == nil else { throw .answeredAlready }
        guard author.role == .supervisor else { throw .roleMayNot(author.role) }
        guard !answer.officers.isEmpty else { throw .namesMissing(1) }
        guard answer.officers.count <= Limits.conductNamesMaxCount else { throw .tooLong }
        try Self.check(reason: answer.reason)
    }

    private func check(_ review: WeeklyReview, _ author: LedgerAuthor) throws(LedgerRefusal) {
        guard review.week.weekday == .monday else { throw .notAMonday }
        let sunday = review.week.advanced(by: 6)
        guard let pack = pack(on: sunday) else { throw .noPackInForce(sunday) }
        guard review.day <= author.today else { throw .dayToCome(review.day) }
        try Self.check(review.officers, pack.terms.weekSignaturesCount)
    }

    private func check(_ close: MonthClose, _ author: LedgerAuthor) throws(LedgerRefusal) {
        guard author.role == .supervisor else { throw .roleMayNot(author.role) }
        guard close.day > close.month.last else { throw .monthRuns(close.month.last) }
        guard close.day <= author.today else { throw .dayToCome(close.day) }
        guard closes[close.month] == nil else { throw .closedAlready }
        guard close.covers.count <= Limits.closeCoversMaxCount else { throw .tooLong }
        guard let pack = pack(on: close.month.last) else { throw .noPackInForce(close.month.last) }
        try Self.check(close.officers, pack.terms.monthSignaturesCount)
        if let first = firstMonth, first < close.month {
            let before = close.month.advanced(by: -1)
            guard closes[before] != nil else { throw .previousMonthOpen(before) }
        }
        for week in close.month.weeks where reviews[week, default: []].count < pack.terms.weekSignaturesCount
        {
            // A week that runs into the next month is reviewed with it.
            if week.advanced(by: 6) <= close.month.last { throw .weekUnreviewed(week) }
        }
        let unsigned = scores.values.filter { isUnsigned($0, in: close) }.map(\.id)
        if let first = unsigned.min(by: { $0.isBefore($1) }) { throw .entryUnsigned(first) }
    }

    private func isUnsigned(_ posted: PostedEntry, in close: MonthClose) -> Bool {
        guard let entry = score(posted.id), CivilMonth(of: entry.day) == close.month, close.has(posted),
            reversal(of: posted.id) == nil, let item = pack(entry.pack)?.item(entry.item)
        else { return false }
        return signers[posted.id, default: []].count + 1 < item.signaturesCount
    }

    private func check(_ publication: Publication, _ author: LedgerAuthor) throws(LedgerRefusal) {
        guard closes[publication.month] != nil else { throw .notClosed }
        guard publication.day <= author.today else { throw .dayToCome(publication.day) }
        if let first = publications[publication.month]?[publication.cell] {
            throw .publishedAlready(first.publication.day)
        }
    }

    private static func check(_ officers: [OfficerID], _ count: Int) throws(LedgerRefusal) {
        guard Set(officers).count >= count else { throw .namesMissing(count) }
        guard officers.count <= Limits.conductNamesMaxCount else { throw .tooLong }
    }

    private static func check(reason: String) throws(LedgerRefusal) {
        guard reason.contains(where: { !$0.isWhitespace }) else { throw .reasonMissing }
        try check(reason)
    }

    private static func check(_ text: String) throws(LedgerRefusal) {
        guard text.utf8.count <= Limits.conductNoteMaxBytes else { throw .tooLong }
    }

    /// The first month in which anybody was here.
    private var firstMonth: CivilMonth? {
        placements.values.compactMap { $0.first?.placement.from }.min().map { CivilMonth(of: $0) }
    }
}
