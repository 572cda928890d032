// SPDX-License-Identifier: Apache-2.0
import CFaultyDisk
import CLinux
import Facility
import Glibc
import Journal
import Testing

/// A journal's directory for one test, and the waiting for what its thread reports. Gone with the test.
final class JournalTrial: Sendable {
    static let terminal: TerminalID = {
        guard let terminal = TerminalID("cell-101") else { fatalError() }
        return terminal
    }()
    private static let installed: Void = faulty_disk_install()

    let directory: String
    let path: String
    private let bell: Int32

    init(directory: String? = nil) {
        _ = Self.installed
        if let directory {
            self.directory = directory
        } else {
            let parent = getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir
            var name = Array((parent + "/journal-XXXXXX").utf8CString)
            guard mkdtemp(&name) != nil else { fatalError("no temporary directory") }
            self.directory = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        path = self.directory + "/events.db"
        bell = wp_eventfd()
    }

    deinit {
        removeFiles()
        rmdir(directory)
        close(bell)
    }

    func removeFiles() {
        let names = [path] + (1...9).map { "\(path).damaged-\($0)" }
        for name in names { for suffix in ["", "-wal", "-shm"] { unlink(name + suffix) } }
        for suffix in [".lock", ".heads", ".reserve"] { unlink(path + suffix) }
    }

    func journal(
        run: UInt64 = 1, terminal: TerminalID = JournalTrial.terminal,
        durability: EventJournal.Durability = .full
    ) -> EventJournal {
        EventJournal(path: path, terminal: terminal, run: run, durability: durability) { [bell] in
            wp_eventfd_wake(bell)
        }
    }

    static func event(
        _ sequence: UInt64, run: UInt64 = 1, stream: Facility.Stream = .alarm, subject: String = "",
        standing: Bool = false,
        payload: [UInt8] = [1, 2, 3]
    ) -> JournalEvent {
        JournalEvent(
            id: EventID(terminal: terminal, stream: stream, run: run, sequence: sequence),
            at: Moment(uptime: Uptime(nanoseconds: sequence), wallMs: -5, uncertaintyMs: .max), kind: 7,
            subject: Array(subject.utf8), standing: standing, payload: payload)
    }

    func event(
        _ sequence: UInt64, run: UInt64 = 1, stream: Facility.Stream = .alarm, subject: String = "",
        standing: Bool = false,
        payload: [UInt8] = [1, 2, 3]
    ) -> JournalEvent {
        Self.event(sequence, run: run, stream: stream, subject: subject, standing: standing, payload: payload)
    }

    /// Everything reported until `isDone` holds of it; a journal that says nothing for long fails the test.
    func reports(of journal: EventJournal, until isDone: ([JournalReport]) -> Bool) -> [JournalReport] {
        var all = journal.takeReports()
        while !isDone(all) {
            var ready: Int16 = 0
            guard wp_poll([bell], &ready, 1, 60_000_000_000) > 0 else {
                Issue.record("the journal is silent after \(all)")
                return all
            }
            wp_eventfd_drain(bell)
            all += journal.takeReports()
        }
        return all
    }

    func stored(_ events: [JournalEvent], by journal: EventJournal) -> [JournalReport] {
        for event in events { journal.append(event, urgent: true, now: event.at.uptime) }
        return reports(of: journal) { reports in
            let stored = reports.stored
            return events.allSatisfy { stored.contains($0.id) }
        }
    }

    /// One whole life of a process: opened, these stored, stopped. Returns all reports.
    @discardableResult
    func live(run: UInt64 = 1, _ events: [JournalEvent]) -> [JournalReport] {
        let journal = journal(run: run)
        for event in events { journal.append(event, urgent: true, now: event.at.uptime) }
        journal.start()
        journal.stop()
        return journal.takeReports()
    }

    /// All events of a stream in the file, without the journal's own notices.
    func recorded(_ stream: Facility.Stream = .alarm) throws -> [JournalEvent] {
        try JournalReader(path: path).events(past: .beginning(of: stream), limit: 100_000).map(\.event)
            .filter { !$0.id.isNotice }
    }

    func notices() throws -> [String] {
        try JournalReader(path: path).events(past: .beginning(of: .health), limit: 100_000).map(\.event)
            .filter(\.id.isNotice).map { String(decoding: $0.payload, as: UTF8.self) }
    }

    /// Changes the file behind the journal's back, as someone with a SQLite shell would.
    func tamper(_ sql: String) throws {
        let database = try Database(path: path, access: .readWrite)
        let triggers = try database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        var names: [String] = []
        while try triggers.step() { names.append(triggers.text(0)) }
        let keep = try database.prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")
        var definitions: [String] = []
        while try keep.step() { definitions.append(keep.text(0)) }
        for name in names { try database.execute("DROP TRIGGER \(name)") }
        try database.execute(sql)
        for definition in definitions { try database.execute(definition) }
        database.close()
    }
}

extension [JournalReport] {
    var stored: Set<EventID> {
        Set(compactMap { if case .stored(let id) = $0 { id } else { nil } })
    }
    var faults: [Fault] { compactMap { if case .faulted(let fault) = $0 { fault } else { nil } } }
    var quarantined: [String] { compactMap { if case .quarantined(let path) = $0 { path } else { nil } } }
    var standing: [StandingEntry]? {
        compactMap { if case .opened(let standing, _) = $0 { standing } else { nil } }.first
    }
    var dropped: Int { reduce(0) { if case .dropped(let count) = $1 { $0 + count } else { $0 } } }
}

/// A small generator with a seed, so that a failing trial can be run again.
struct SeededDice {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((z ^ (z >> 31)) % UInt64(bound))
    }
}

func fileBytes(_ path: String) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, Int(wp_file_size(path))))
    guard !bytes.isEmpty else { return [] }
    let got = wp_read_file(path, &bytes, bytes.count)
    return Array(bytes.prefix(max(0, Int(got))))
}

func writeFile(_ path: String, _ bytes: [UInt8]) {
    unlink(path)
    _ = wp_write_file(path, bytes, bytes.count)
}
