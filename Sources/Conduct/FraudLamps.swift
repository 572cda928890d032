// SPDX-License-Identifier: Apache-2.0
package import Facility

/// 疑点提示: what a supervisor should look at: lamps, not verdicts. They change no points. A value; any thread.
package struct FraudLamp: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable, Hashable {
        case copiedText, backDating, unusualOfficer, sameEvidence

        package var phrase: Phrase {
            switch self {
            case .copiedText: Phrase("文字与其他记录雷同", "the same words as other entries")
            case .backDating: Phrase("补记时间过晚", "entered long after the act")
            case .unusualOfficer: Phrase("该民警记分与同事差异很大", "this officer scores unlike the others")
            case .sameEvidence: Phrase("同一证据重复使用", "the same evidence twice")
            }
        }
    }

    package var kind: Kind
    package var officer: OfficerID
    /// The entries it is about, in the one order.
    package var entries: [EventID]
}

/// From when on a lamp is lit. A value.
package struct FraudBounds: Hashable, Sendable {
    /// The same words for so many people.
    package var copiedCount = 3
    /// Words shorter than this are formulas that anybody uses.
    package var copiedMinBytes = 24
    /// Calendar days between act and entry.
    package var lateDays: Int32 = 3
    /// So many times the usual distance from the middle officer, and at least so many entries, of at least so
    /// many officers.
    package var outlierTimes: Int64 = 6
    package var outlierMinCount = 10
    package var officersMinCount = 5
    package init() {}
}

extension ConductLedger {
    /// `entered`: the day on which an entry was written, by its terminal's honest time; nil: not known.
    package func lamps(
        in month: CivilMonth, bounds: FraudBounds = FraudBounds(), entered: (EventID) -> CivilDay?
    ) -> [FraudLamp] {
        let entries = scores.keys.compactMap { id in score(id).map { (id: id, entry: $0) } }
            .filter { CivilMonth(of: $0.entry.day) == month }
            .sorted { Self.isBefore(($0.entry.day, $0.id), ($1.entry.day, $1.id)) }
        return copied(entries, bounds) + late(entries, bounds, entered) + outliers(entries, bounds)
            + sharedEvidence(entries)
    }

    private typealias Entries = [(id: EventID, entry: LedgerEntry)]

    private func copied(_ entries: Entries, _ bounds: FraudBounds) -> [FraudLamp] {
        var groups: [String: Entries] = [:]
        for one in entries {
            // Names and numbers are what a copy changes.
            let words = one.entry.note.lowercased().filter { $0.isLetter }
            guard words.utf8.count >= bounds.copiedMinBytes else { continue }
            groups["\(one.entry.officer) \(words)", default: []].append(one)
        }
        return groups.values.compactMap { group in
            guard Set(group.map(\.entry.subject)).count >= bounds.copiedCount, let first = group.first else {
                return nil
            }
            return FraudLamp(kind: .copiedText, officer: first.entry.officer, entries: group.map(\.id))
        }.sorted(by: Self.isEarlier)
    }

    private func late(
        _ entries: Entries, _ bounds: FraudBounds, _ entered: (EventID) -> CivilDay?
    ) -> [FraudLamp] {
        entries.compactMap { one in
            guard let day = entered(one.id), day.number - one.entry.day.number > bounds.lateDays else {
                return nil
            }
            return FraudLamp(kind: .backDating, officer: one.entry.officer, entries: [one.id])
        }
    }

    /// How much an officer takes off in a mean entry, against the middle of all, in mean absolute distances:
    /// one who scores as they all do is never far from the middle, however strict the house is.
    private func outliers(_ entries: Entries, _ bounds: FraudBounds) -> [FraudLamp] {
        let groups = Dictionary(grouping: entries, by: \.entry.officer)
            .filter { $0.value.count >= bounds.outlierMinCount }
        guard groups.count >= bounds.officersMinCount else { return [] }
        let means = groups.mapValues { group in
            group.reduce(Int64(0)) { $0 + $1.entry.points.hundredths } / Int64(group.count)
        }
        let middle = Self.middle(Array(means.values))
        // A quarter of a point is nobody's fault, even where all others are alike.
        let usual = max(25, Self.middle(means.values.map { abs($0 - middle) }))
        return means.filter { abs($0.value - middle) > bounds.outlierTimes * usual }.keys.sorted().map {
            FraudLamp(kind: .unusualOfficer, officer: $0, entries: (groups[$0] ?? []).map(\.id))
        }
    }

    private static func middle(_ values: [Int64]) -> Int64 {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    private func sharedEvidence(_ entries: Entries) -> [FraudLamp] {
        var users: [[UInt8]: Entries] = [:]
        for one in entries {
            for hash in Set(one.entry.evidence.map(\.sha256)) { users[hash, default: []].append(one) }
        }
        return users.values.compactMap { group in
            // One act may be scored for several people; for one person it is one act.
            let acts = Dictionary(grouping: group) { one in "\(one.entry.subject) \(one.entry.item)" }
            let days = Set(group.map(\.entry.day))
            guard group.count > 1, acts.values.contains(where: { $0.count > 1 }) || days.count > 1,
                let first = group.first
            else { return nil }
            return FraudLamp(kind: .sameEvidence, officer: first.entry.officer, entries: group.map(\.id))
        }.sorted(by: Self.isEarlier)
    }

    private static func isEarlier(_ a: FraudLamp, _ b: FraudLamp) -> Bool {
        guard let first = a.entries.first, let second = b.entries.first else { return false }
        return first.isBefore(second)
    }
}
