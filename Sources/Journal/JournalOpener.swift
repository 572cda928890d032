// SPDX-License-Identifier: Apache-2.0
import CLinux
import CSQLite
import Facility
import Glibc

/// Gets the journal file open on the journal's thread: the lock, the checks, and after a damage the next
/// generation. Always true: a file is put aside, never deleted, and what stood in it stands in its successor
/// as far as this process knows it or the damaged file still tells.
final class JournalOpener {
    struct Opened {
        let file: JournalFile
        /// Set when the file is the successor of a damaged one.
        let damage: Damage?
    }

    struct Damage {
        let fault: Fault
        var aside: DamagedJournal?
    }

    private let path: String
    private let terminal: TerminalID
    private let durability: EventJournal.Durability
    private var lock: Int32 = -1
    private var damage: Damage?
    private var asideCount = 0
    /// The last file that was open in this process, as its last commit left it.
    private var known: (identity: JournalIdentity, heads: [StreamHead], standing: [StandingEntry])?

    init(path: String, terminal: TerminalID, durability: EventJournal.Durability) {
        self.path = path
        self.terminal = terminal
        self.durability = durability
    }

    deinit { if lock >= 0 { close(lock) } }

    /// The caller closes this file after a fault; what it knew is kept for a successor.
    func remember(_ file: JournalFile) {
        known = (file.identity, Array(file.heads.values), standing(of: file))
    }

    /// Using the file met damage: the next `open` puts it aside.
    func noteDamage(_ fault: Fault) {
        if asideCount < Limits.journalPutAsideMaxCount { damage = damage ?? Damage(fault: fault) }
    }

    func standing(of file: JournalFile) -> [StandingEntry] {
        file.standing.values.sorted {
            ($0.event.id.stream.rawValue, $0.sequence) < ($1.event.id.stream.rawValue, $1.sequence)
        }
    }

    /// `notice` makes the entry that a successor begins with.
    func open(notice: ([String]) -> JournalEvent) throws(DatabaseFault) -> Opened {
        try takeLock()
        if damage == nil {
            do throws(DatabaseFault) {
                if let file = try existing() { return Opened(file: file, damage: nil) }
            } catch  where error.isDamage && asideCount < Limits.journalPutAsideMaxCount {
                damage = Damage(fault: error.fault)
            }
        }
        guard let damage else {
            let identity = JournalIdentity(terminal: terminal, generation: 0)
            let file = try JournalFile(path: path, identity: identity, begin: true, durability: durability)
            return Opened(file: file, damage: nil)
        }
        return try succeed(damage, notice: notice)
    }

    /// `nil` when no journal was ever here.
    private func existing() throws(DatabaseFault) -> JournalFile? {
        let remembered = JournalHeads.read(for: path)
        if isBlank {
            guard remembered != nil else { return nil }
            throw .damaged(path, "the journal file is gone or empty")
        }
        if wp_file_size(path) <= 0 {
            throw .damaged(path, "the journal file is gone or empty, its log is there")
        }
        let identity = JournalIdentity(terminal: terminal, generation: 0)
        let file = try JournalFile(path: path, identity: identity, begin: false, durability: durability)
        let lost = try remembered?.lost(fromGeneration: file.identity.generation, hashAt: file.hash(at:))
        if let lost { throw .damaged(path, lost) }
        return file
    }

    /// No file, or one that nothing was ever committed to.
    private var isBlank: Bool {
        let size = wp_file_size(path)
        if size <= 0 { return wp_file_size(path + "-wal") <= 0 }
        guard let database = try? Database(path: path, access: .readWrite),
            let objects = try? JournalSchema.integer("SELECT count(*) FROM sqlite_schema", in: database),
            let application = try? JournalSchema.integer("PRAGMA application_id", in: database)
        else { return false }
        return objects == 0 && application == 0
    }

    // MARK: After a damage

    private func succeed(
        _ found: Damage, notice: ([String]) -> JournalEvent
    ) throws(DatabaseFault) -> Opened {
        var damage = found
        if !isBlank {
            let aside = try DamagedJournal.putAside(path)
            asideCount += 1
            damage.aside = damage.aside ?? aside
            self.damage = damage
        }
        let remembered = JournalHeads.read(for: path)
        let source = damage.aside ?? DamagedJournal.newest(of: path)
        var salvage = source?.salvage(terminal: terminal) ?? .init()
        // Nothing was put aside now: an older damaged file speaks for this one only when it is the one that
        // is missing.
        if damage.aside == nil && salvage.generation != remembered?.generation { salvage = .init() }
        let before = [salvage.generation, known?.identity.generation, remembered?.generation].compactMap {
            $0
        }.max()
        // When nothing tells the generation, the number of files put aside does.
        let generation = max((before ?? 0) + 1, UInt64(DamagedJournal.count(of: path)))
        let standing = known?.standing.map(\.event) ?? salvage.standing
        let lines = [
            "continues=\(damage.aside?.fileName ?? "nothing")", "cause=\(damage.fault.cause)",
            "generation=\(generation)", "standing=\(standing.count)",
            "standing_complete=\(known != nil || salvage.isStandingComplete ? "yes" : "no")",
        ]
        let heads = remembered?.heads ?? known?.heads ?? salvage.heads
        let file = try JournalFile(
            path: path, identity: JournalIdentity(terminal: terminal, generation: generation), begin: true,
            first: [
                notice(lines + heads.map { "head=\($0.stream) \($0.sequence) \(HashChain.hex($0.hash))" })
            ] + standing,
            durability: durability)
        self.damage = nil
        return Opened(file: file, damage: damage)
    }

    // MARK: One writer

    private func takeLock() throws(DatabaseFault) {
        guard lock < 0 else { return }
        var owner: Int64 = 0
        var name = [CChar](repeating: 0, count: 32)
        lock = wp_lock_file(path + ".lock", &owner, &name, name.count)
        if lock >= 0 { return }
        let why = errno
        let program = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let isHeld = why == EWOULDBLOCK
        throw DatabaseFault(
            code: isHeld ? SQLITE_BUSY : why == ENOSPC ? SQLITE_FULL : SQLITE_CANTOPEN,
            fault: Fault(
                "lock journal", at: path,
                cause: isHeld
                    ? "another \(program) (pid \(owner)) writes this journal"
                    : String(cString: strerror(why)),
                hint: isHeld
                    ? "End that process; one writer to a journal. It is tried again by itself."
                    : "Check that its directory exists and can be written; it is tried again by itself."))
    }
}

extension DatabaseFault {
    /// The file itself cannot be trusted; opening it again would not help.
    var isDamage: Bool {
        primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB || primaryCode == SQLITE_CONSTRAINT
    }

    /// No room on the file system.
    var isSpaceShort: Bool { primaryCode == SQLITE_FULL || code == SQLITE_IOERR | 19 << 8 }

    static func damaged(_ path: String, _ words: String) -> DatabaseFault {
        DatabaseFault(
            code: SQLITE_CORRUPT,
            fault: Fault(
                "open journal", at: path, cause: "\(words) (SQLite \(SQLITE_CORRUPT))",
                hint:
                    "A new file is begun; keep this one for inspection and check the storage medium."
            ))
    }
}
