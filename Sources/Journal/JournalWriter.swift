// SPDX-License-Identifier: Apache-2.0
import CLinux
import CSQLite
import Facility
import Glibc

/// The work of the journal's thread; nothing of it is touched by another.
///
///     append ─> JournalQueue ─> take ─> one transaction, flushed ─> stored ─> wake
///                    ^                        │ fault
///                    └──────── give back <────┤  full: free the reserve, then alarms only
///                                             │  I/O error: close, open anew, append anew
///                                             │  read only, locked: wait in memory, try every journalRetryMs
///                                             └  damaged: put aside, begin the next generation
///
/// Always true: an entry is reported as stored only after the commit that holds it returned without error.
final class JournalWriter {
    private let journal: EventJournal
    private let opener: JournalOpener
    private var file: JournalFile?
    private var hasOpened = false
    /// The disk is full: only alarms are stored, until the reserve could be made anew.
    private var isSpaceShort = false
    private var isReserveMissing = true
    private var restoreAt: Uptime?
    /// After a fault nothing is tried before this.
    private var retryAt: Uptime?
    private var failures = 0
    private var shown: Fault?
    private var unrecorded: [Fault] = []
    private var noticeSequence = JournalNotice.firstSequence

    init(_ journal: EventJournal) {
        self.journal = journal
        opener = JournalOpener(path: journal.path, terminal: journal.terminal, durability: journal.durability)
    }

    func work() {
        wp_thread_name("journal")
        while turn() {}
    }

    /// False when the thread ends.
    private func turn() -> Bool {
        if let retryAt { journal.wait(until: retryAt) }
        let isStopping = journal.isStopping
        do throws(DatabaseFault) {
            let file = try opened()
            restoreReserve()
            if try store(in: file, alarmsOnly: isSpaceShort && !isStopping) { return true }
        } catch {
            journal.update { $0.giveBack() }
            handle(error)
            guard isStopping, retryAt != nil else { return true }
            journal.update { $0.abandon() }
            journal.wake()
            return false
        }
        if isStopping { return false }
        journal.waitForBell(orAt: isSpaceShort ? restoreAt : nil)
        return true
    }

    // MARK: Storing

    /// False when nothing waited.
    private func store(in file: JournalFile, alarmsOnly: Bool) throws(DatabaseFault) -> Bool {
        let (events, dropped) = journal.update { ($0.take(alarmsOnly: alarmsOnly), $0.droppedUnrecorded) }
        let notices = alarmsOnly ? [] : notices(dropped: dropped)
        if notices.isEmpty && events.isEmpty { return false }
        try file.append(notices + events)
        if !notices.isEmpty { unrecorded = [] }
        journal.update {
            $0.stored()
            if !notices.isEmpty { $0.recordedDropped(dropped) }
            if !isSpaceShort && shown != nil { $0.report(.recovered) }
        }
        (retryAt, failures) = (nil, 0)
        if !isSpaceShort { shown = nil }
        journal.wake()
        return true
    }

    /// Every fault and every loss becomes an entry once entries can be stored.
    private func notices(dropped: Int) -> [JournalEvent] {
        var events = unrecorded.map { notice(.faulted, ["fault=\($0)"]) }
        if dropped > 0 { events.append(notice(.dropped, ["entries=\(dropped)"])) }
        return events
    }

    private func notice(_ notice: JournalNotice, _ lines: [String]) -> JournalEvent {
        defer { noticeSequence += 1 }
        let id = EventID(
            terminal: journal.terminal, stream: .health, run: journal.run, sequence: noticeSequence)
        return notice.event(lines, id: id, at: journal.clock())
    }

    // MARK: Opening

    private func opened() throws(DatabaseFault) -> JournalFile {
        if let file { return file }
        let opened = try opener.open { lines in notice(.continues, lines) }
        let file = opened.file
        if let damage = opened.damage {
            show(damage.fault)
            if let aside = damage.aside { report(.quarantined(aside.path)) }
        }
        do throws(DatabaseFault) {
            try file.register(run: journal.run, boot: journal.bootID, at: journal.clock())
            noticeSequence = max(noticeSequence, try file.nextNotice(of: journal.run))
            if !hasOpened { report(.opened(standing: opener.standing(of: file), boots: try file.boots())) }
        } catch {
            opener.remember(file)
            if error.isDamage { opener.noteDamage(error.fault) }
            throw error
        }
        hasOpened = true
        retryAt = nil
        self.file = file
        return file
    }

    private func report(_ report: JournalReport) {
        journal.update { $0.report(report) }
        journal.wake()
    }

    // MARK: Faults

    private func handle(_ error: DatabaseFault) {
        failures += 1
        show(error.fault)
        let isFirst = failures == 1
        retryAt = journal.uptime.advanced(ms: Limits.journalRetryMs)
        if error.isSpaceShort {
            isSpaceShort = true
            isReserveMissing = true
            restoreAt = retryAt
            // The reserve's blocks are for the alarms, at once; everything else waits in memory.
            if unlink(journal.reservePath) == 0 { retryAt = nil }
            return
        }
        if let file { opener.remember(file) }
        if error.isDamage && file != nil { opener.noteDamage(error.fault) }
        // What a failed flush left in the page cache is not to be trusted: close, open anew, append anew.
        file = nil
        if isFirst && (error.isDamage || error.primaryCode == SQLITE_IOERR) { retryAt = nil }
    }

    /// After a shortage the reserve is made anew once there is room for it and as much again.
    private func restoreReserve() {
        guard isReserveMissing else { return }
        if isSpaceShort {
            if let restoreAt, journal.uptime < restoreAt { return }
            restoreAt = journal.uptime.advanced(ms: Limits.journalRetryMs)
            guard wp_free_bytes(journal.directory) >= 2 * Int64(Limits.journalReserveBytes) else { return }
        }
        let why = wp_reserve_file(journal.reservePath, Int64(Limits.journalReserveBytes))
        isReserveMissing = why != 0
        isSpaceShort = why != 0
        guard why != 0 else { return }
        restoreAt = journal.uptime.advanced(ms: Limits.journalRetryMs)
        show(
            Fault(
                "reserve space for alarms", at: journal.reservePath, cause: String(cString: strerror(why)),
                hint: "Free space on this file system; until then only alarms are stored."))
    }

    private func show(_ fault: Fault) {
        guard fault != shown else { return }
        shown = fault
        if unrecorded.count < Limits.journalBatchCount { unrecorded.append(fault) }
        report(.faulted(fault))
    }
}
