// SPDX-License-Identifier: Apache-2.0
import CFaultyDisk
import CLinux
import CSQLite
import Facility
import Glibc
import Journal
import Testing

@Test(arguments: [
    (FAULTY_SYNC, SQLITE_IOERR | 4 << 8), (FAULTY_WRITE, SQLITE_IOERR | 3 << 8),
    (FAULTY_READ, SQLITE_IOERR | 1 << 8),
    (FAULTY_WRITE, SQLITE_FULL), (FAULTY_SYNC, SQLITE_FULL),
])
func writer_storesEachEventOnce_whenTheNthOperationFails(_ operation: Int, _ code: Int32) throws {
    // Before the file exists and while it is used: n counts over both.
    for n in 0..<16 {
        let trial = JournalTrial()
        faulty_disk_order(trial.path, Int32(operation), Int32(n), 1, code)
        let journal = trial.journal()
        journal.start()
        var reports: [JournalReport] = []
        for sequence in 1...4 {
            reports += trial.stored(
                [trial.event(UInt64(sequence), subject: "a\(sequence)", standing: true)], by: journal)
        }
        let failed = faulty_disk_clear(trial.path)
        journal.stop()
        reports += journal.takeReports()
        #expect(failed == 0 || !reports.faults.isEmpty, "n \(n)")
        #expect(reports.dropped == 0 && reports.quarantined.isEmpty, "n \(n)")
        #expect(try trial.recorded().map(\.id.sequence) == [1, 2, 3, 4], "n \(n)")
        #expect(verifyJournal(path: trial.path).breaks == [], "n \(n)")
    }
}

@Test func writer_keepsEntriesInMemoryAndStoresThem_whenTheDiskIsReadOnlyForAWhile() throws {
    let trial = JournalTrial()
    let journal = trial.journal()
    journal.start()
    _ = trial.stored([trial.event(1)], by: journal)
    faulty_disk_order(trial.path, Int32(FAULTY_WRITE), 0, -1, SQLITE_READONLY)
    journal.append(trial.event(2), urgent: true, now: Uptime(nanoseconds: 77))
    var reports = trial.reports(of: journal) { !$0.faults.isEmpty }
    #expect(journal.depth == 1 && journal.oldestWaiting == Uptime(nanoseconds: 77))
    #expect(faulty_disk_clear(trial.path) > 0)
    reports += trial.reports(of: journal) { $0.contains(.recovered) }
    journal.stop()
    reports += journal.takeReports()
    #expect(reports.stored == [trial.event(2).id])
    #expect(try trial.recorded() == [trial.event(1), trial.event(2)])
    #expect(try trial.notices().count == 1)
    #expect(verifyJournal(path: trial.path).isIntact)
}

@Test func writer_opensByItself_whenItsDirectoryAppears() throws {
    let trial = JournalTrial()
    rmdir(trial.directory)
    let journal = trial.journal()
    journal.start()
    let fault = trial.reports(of: journal) { !$0.faults.isEmpty }.faults.first
    #expect(fault?.cause == "No such file or directory")
    mkdir(trial.directory, 0o700)
    _ = trial.stored([trial.event(1)], by: journal)
    journal.stop()
    #expect(try trial.recorded() == [trial.event(1)])
}

@Test func writer_reportsWhatItGivesUp_whenItStopsOnABrokenDisk() {
    let trial = JournalTrial()
    let journal = trial.journal()
    journal.start()
    _ = trial.stored([trial.event(1)], by: journal)
    faulty_disk_order(trial.path, Int32(FAULTY_WRITE), 0, -1, SQLITE_IOERR)
    journal.append(trial.event(2), urgent: true, now: Uptime(nanoseconds: 0))
    journal.stop()
    faulty_disk_clear(trial.path)
    let reports = journal.takeReports()
    #expect(reports.dropped == 1 && !reports.faults.isEmpty && reports.stored.isEmpty)
}

@Test func writer_storesAlarmsFromTheReserve_whenTheFileSystemIsFull() throws {
    let directory = JournalTrial().directory + "-small"
    mkdir(directory, 0o700)
    defer { rmdir(directory) }
    guard mount("tmpfs", directory, "tmpfs", 0, "size=12m") == 0 else {
        print(
            "skipped: mounting a small file system needs root: \(String(cString: strerror(errno)))"
        )
        return
    }
    defer { umount2(directory, Int32(MNT_DETACH)) }
    let trial = JournalTrial(directory: directory)
    let journal = trial.journal()
    journal.start()
    _ = trial.stored([trial.event(1)], by: journal)
    let ballast = directory + "/ballast"
    #expect(wp_reserve_file(ballast, wp_free_bytes(directory) - 8_192) == 0)
    // Others fill what is left and then wait; alarms are stored from the reserve.
    let large = [UInt8](repeating: 1, count: 60_000)
    for sequence in 1...3 {
        journal.append(
            trial.event(UInt64(sequence), stream: .health, payload: large), urgent: false,
            now: Uptime(nanoseconds: 0))
    }
    var reports = trial.reports(of: journal) { !$0.faults.isEmpty }
    #expect(reports.faults.first?.cause.contains("SQLite 13") == true)
    reports += trial.stored([trial.event(2, payload: large), trial.event(3)], by: journal)
    #expect(wp_file_size(trial.path + ".reserve") == -1)
    #expect(!reports.contains(.recovered))
    unlink(ballast)
    reports += trial.reports(of: journal) { $0.contains(.recovered) }
    journal.stop()
    reports += journal.takeReports()
    #expect(wp_file_size(trial.path + ".reserve") == Int64(Limits.journalReserveBytes))
    #expect(try trial.recorded().count == 3)
    #expect(try trial.recorded(.health).count == 3)
    #expect(reports.dropped == 0)
    #expect(verifyJournal(path: trial.path).breaks == [])
}
