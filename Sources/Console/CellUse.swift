// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// 监室停用: whether one cell may be used although its alarm may be broken, who decided it, and why.
///
/// A value without clock. Always true: a new fault of the alarm path makes a usable cell *doubtful*, at
/// once, and that demands a decision; doubt ends by a decision or with the last fault; an officer's "not
/// usable" ends only by an officer's word; every change is an entry to be stored, and the entries alone tell
/// how it stands.
package struct CellUse: Hashable, Sendable {
    /// Why it changed.
    package enum Ground: String, Codable, Hashable, Sendable, CaseIterable {
        case trouble
        case mended
        case officer
    }

    package struct Entry: Hashable, Sendable {
        package var atMs: Int64
        package var use: Use
        package var ground: Ground
        /// The fault that came or ended; for a decision all that stood, so that it covers them.
        package var causes: [AlarmCause]
        package var officer: OfficerID?
        package var reason: String

        package init(
            atMs: Int64, use: Use, ground: Ground, causes: [AlarmCause] = [], officer: OfficerID? = nil,
            reason: String = ""
        ) {
            self.atMs = atMs
            self.use = use
            self.ground = ground
            self.causes = causes
            self.officer = officer
            self.reason = reason
        }
    }

    package let terminal: TerminalID
    package private(set) var use = Use.usable
    /// The newest last.
    package private(set) var entries: [Entry] = []
    /// Faults of the alarm path that stand.
    package private(set) var standing: Set<AlarmCause> = []

    /// With all that the store kept, the oldest first. Faults that ended since the last entry have to be
    /// told.
    package init(terminal: TerminalID, entries: [Entry] = []) {
        self.terminal = terminal
        for entry in entries { take(entry) }
    }

    package var demandsDecision: Bool { use == .doubtful }

    /// A trouble stands at this cell; may be told as often as one likes. The entry to store when it was news.
    package mutating func trouble(_ cause: AlarmCause, now: Moment) -> Entry? {
        guard cause.breaksAlarmPath, !standing.contains(cause) else { return nil }
        let next: Use = use == .usable ? .doubtful : use
        return take(Entry(atMs: now.wallMs, use: next, ground: .trouble, causes: [cause]))
    }

    package mutating func troubleEnded(_ cause: AlarmCause, now: Moment) -> Entry? {
        guard standing.contains(cause) else { return nil }
        let next: Use = use == .doubtful && standing.count == 1 ? .usable : use
        return take(Entry(atMs: now.wallMs, use: next, ground: .mended, causes: [cause]))
    }

    /// An officer decides; `usable` while a fault stands is a decision too, with its reason.
    package mutating func decide(
        isUsable: Bool, reason: String, by officer: OfficerID, now: Moment
    ) throws(ConsoleRefusal) -> Entry {
        guard reason.isReason else { throw .reasonMissing }
        return take(
            Entry(
                atMs: now.wallMs, use: isUsable ? .usable : .notUsable, ground: .officer,
                causes: standing.sorted { $0.rawValue < $1.rawValue }, officer: officer, reason: reason))
    }

    @discardableResult
    private mutating func take(_ entry: Entry) -> Entry {
        use = entry.use
        switch entry.ground {
        case .trouble: standing.formUnion(entry.causes)
        case .mended: standing.subtract(entry.causes)
        case .officer: standing = Set(entry.causes)
        }
        entries.append(entry)
        if entries.count > Limits.useEntriesCount { entries.removeFirst() }
        return entry
    }
}

/// `GET /api/cells/{terminal}/use`.
package struct UseView: Codable, Hashable, Sendable {
    package struct Entry: Codable, Hashable, Sendable {
        package var at: Int64
        package var use: Use
        package var ground: CellUse.Ground
        package var causes: [String]
        @OrNull package var officer: OfficerView?
        package var reason: String
        package var zh: String
        package var en: String
    }
    package var terminal: String
    package var title: String
    package var use: Use
    package var demandsDecision: Bool
    package var faults: [String]
    /// The newest first.
    package var entries: [Entry]

    package init(_ cell: CellUse, _ book: PlaceBook) {
        terminal = cell.terminal.text
        title = book.title(cell.terminal)
        use = cell.use
        demandsDecision = cell.demandsDecision
        faults = cell.standing.sorted { $0.rawValue < $1.rawValue }.map { "\($0)" }
        entries = cell.entries.reversed().map { entry in
            let said = entry.phrase(book)
            return Entry(
                at: entry.atMs, use: entry.use, ground: entry.ground, causes: entry.causes.map { "\($0)" },
                officer: entry.officer.map { OfficerView($0, book) }, reason: entry.reason, zh: said.zh,
                en: said.en)
        }
    }
}

extension Use {
    package var phrase: Phrase {
        switch self {
        case .usable: Phrase("可以使用", "usable")
        case .doubtful: Phrase("待决定", "to be decided")
        case .notUsable: Phrase("停用", "not usable")
        }
    }
}

extension CellUse.Entry {
    package func phrase(_ book: PlaceBook) -> Phrase {
        let cause = Phrase(
            causes.map(\.phrase.zh).joined(separator: "、"), causes.map(\.phrase.en).joined(separator: ", "))
        switch ground {
        case .trouble: return Phrase("\(cause.zh)，待决定", "\(cause.en): to be decided")
        case .mended: return Phrase("\(cause.zh)已排除", "\(cause.en): mended")
        case .officer:
            let name = officer.map(book.name) ?? ""
            return Phrase("\(name)：\(use.phrase.zh)，\(reason)", "\(name): \(use.phrase.en), \(reason)")
        }
    }
}
