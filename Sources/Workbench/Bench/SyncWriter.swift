// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Foundation
import Journal
import PanelLink

/// Alarms of the bench, whoever's journal tells of them. On the bench's thread.
final class SyncAlarms {
    var open: [AlarmRecord] = []
}

/// One terminal's journal that grows by chance: events of every stream, alarms that several journals tell of,
/// files that are damaged and put aside. On the bench's thread; the journal has its own.
final class SyncWriter {
    let config: TerminalConfig
    private let alarms: SyncAlarms
    private let officer: OfficerID?
    private var journal: EventJournal
    private var run: UInt64
    private var sequences: [Facility.Stream: UInt64] = [:]
    /// Every entry of the files that were put aside, as they were before they were damaged.
    private(set) var before: [JournalEntry] = []
    private(set) var asideCount = 0

    init(_ config: TerminalConfig, _ alarms: SyncAlarms, using dice: inout Dice) {
        (self.config, self.alarms) = (config, alarms)
        officer = config.site.officers.first?.id
        run = dice.next()
        journal = EventJournal(path: config.journalPath, terminal: config.terminal, run: run, wake: {})
        journal.start()
    }

    func stop() { journal.stop() }

    // MARK: Growing

    func grow(_ count: Int, using dice: inout Dice) {
        for _ in 0..<count {
            if dice.chance(45) { alarm(using: &dice) } else { other(using: &dice) }
        }
        _ = journal.takeReports()
    }

    private func next(_ stream: Facility.Stream) -> EventID {
        sequences[stream, default: 0] += 1
        return EventID(
            terminal: config.terminal, stream: stream, run: run, sequence: sequences[stream] ?? 1)
    }

    private func other(using dice: inout Dice) {
        let stream = dice.pick([.call, .page, .conduct, .duty, .health, .health] as [Facility.Stream])
        let subject: [UInt8] = dice.chance(30) ? [UInt8(dice.within(1...9))] : []
        let event = JournalEvent(
            id: next(stream), at: EventJournal.machineClock(), kind: UInt16(dice.within(1...99)),
            subject: subject, standing: !subject.isEmpty && dice.chance(50),
            payload: dice.bytes(dice.within(0...300)))
        journal.append(event, urgent: false, now: event.at.uptime)
    }

    /// A new alarm, or a further fact of one that is open; posts tell of cells' alarms.
    private func alarm(using dice: inout Dice) {
        let at = EventJournal.machineClock()
        let id = next(.alarm)
        guard !alarms.open.isEmpty, dice.chance(70) else {
            let record = AlarmRecord(
                id: id, point: AlarmPoint(terminal: config.terminal, name: TestSite.button),
                alarmClass: dice.pick([.emergency, .cellCall]), cause: .press, raised: at)
            alarms.open.append(record)
            return tell(record, id, at)
        }
        let index = dice.within(0...alarms.open.count - 1)
        let deed = Deed(
            afterMs: UInt32(dice.within(0...60_000)), terminal: config.terminal, officer: officer,
            ground: .officer)
        alarms.open[index].revision += 1
        switch dice.within(0...5) {
        case 0: alarms.open[index].annunciated = alarms.open[index].annunciated ?? deed
        case 1: alarms.open[index].acknowledged = alarms.open[index].acknowledged ?? deed
        case 2: alarms.open[index].attended = alarms.open[index].attended ?? deed
        case 3 where alarms.open.count > 5: alarms.open[index].cleared = deed
        case _: alarms.open[index].presses += 1
        }
        let record = alarms.open[index]
        if !record.isOpen { alarms.open.remove(at: index) }
        tell(record, id, at)
    }

    private func tell(_ record: AlarmRecord, _ id: EventID, _ at: Moment) {
        let told = Annunciation(record: record, ageMs: 5, custodian: record.id.terminal)
        let event = JournalEvent(
            id: id, at: at, kind: 1, subject: encodeEventID(record.id), standing: record.isOpen,
            payload: Message.annunciation(told).encode())
        journal.append(event, urgent: true, now: at.uptime)
    }

    // MARK: Damage

    /// The process ends, its file is damaged, the next process puts it aside and goes on in a new one.
    func damage(using dice: inout Dice) throws(Fault) {
        journal.stop()
        before += try JournalReader(path: config.journalPath).all()
        try Self.damage(config.journalPath, using: &dice)
        asideCount += 1
        run = dice.next()
        sequences = [:]
        journal = EventJournal(path: config.journalPath, terminal: config.terminal, run: run, wake: {})
        journal.start()
    }

    /// A changed schema alone leaves every entry as it was; one in three times an entry in the middle is
    /// altered, too, one in three times a whole page is overwritten.
    private static func damage(_ path: String, using dice: inout Dice) throws(Fault) {
        let how = dice.within(0...2)
        do throws(DatabaseFault) {
            let database = try Database(path: path, access: .readWrite)
            try database.execute("DROP TRIGGER event_never_update; DROP TRIGGER event_is_never_replaced")
            if how == 1 {
                let stream = dice.pick(Facility.Stream.allCases).rawValue
                let place = dice.within(0...400)
                try database.execute(
                    """
                    UPDATE event SET payload = x'00' WHERE stream = \(stream) AND sequence = (SELECT sequence
                    FROM event WHERE stream = \(stream) ORDER BY sequence LIMIT 1 OFFSET \(place))
                    """)
            }
            try database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.close()
        } catch { throw error.fault }
        guard how == 2, let file = FileHandle(forUpdatingAtPath: path),
            let size = try? file.seekToEnd(), size > 80 * 4_096
        else { return }
        try? file.seek(toOffset: UInt64(dice.within(40...Int(size / 4_096) - 1)) * 4_096)
        try? file.write(contentsOf: Data(dice.bytes(4_096)))
        try? file.close()
    }

    // MARK: What the files tell

    /// As far as the entries of each stream follow on each other, file by file. Read entry by entry, so that
    /// it does not lean on how the sync process reads.
    func owed() -> [JournalEntry] {
        let aside = (0..<asideCount).map { "\(config.journalPath).damaged-\($0 + 1)" }
        return (aside + [config.journalPath]).flatMap { path -> [JournalEntry] in
            guard let reader = try? JournalReader(path: path) else { return [] }
            return Facility.Stream.allCases.flatMap { reader.sound($0) }
        }
    }
}

extension JournalReader {
    /// Every entry; the file is whole.
    func all() throws(Fault) -> [JournalEntry] {
        var all: [JournalEntry] = []
        for stream in Facility.Stream.allCases {
            var cursor = SyncCursor.beginning(of: stream)
            while true {
                let page = try events(past: cursor, limit: Limits.journalPageCount)
                guard let last = page.last else { break }
                cursor.sequence = last.sequence
                all += page
            }
        }
        return all
    }

    /// The entries of a stream up to the first that is missing, cannot be read or does not fit its hash.
    func sound(_ stream: Facility.Stream) -> [JournalEntry] {
        var sound: [JournalEntry] = []
        var cursor = SyncCursor(stream: stream, sequence: JournalGeneration.base(generation))
        var hash = HashChain.genesis(terminal: terminal, stream: stream, generation: generation)
        var limit = Limits.journalPageCount
        while true {
            guard let page = try? events(past: cursor, limit: limit) else {
                if limit == 1 { return sound }
                limit = 1
                continue
            }
            if page.isEmpty { return sound }
            for entry in page {
                let fits = HashChain.hash(of: entry.event, sequence: entry.sequence, after: hash)
                guard entry.sequence == cursor.sequence + 1, entry.previousHash == hash, entry.hash == fits
                else { return sound }
                sound.append(entry)
                (cursor.sequence, hash) = (entry.sequence, entry.hash)
            }
        }
    }
}
