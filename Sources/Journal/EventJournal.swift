// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc
import Synchronization

/// The terminal's record. One thread of its own ("journal"), one file, one writer. Any thread may append;
/// nothing here ever blocks the caller, whatever the disk does. At idle nothing wakes.
package final class EventJournal: Sendable {
    package enum Durability: Sendable {
        /// What is reported as stored survives a power cut.
        case full
        /// It does not. Only there to prove that the power-cut test can fail.
        case normalForTheNegativeControl
    }

    package let path: String
    package let terminal: TerminalID
    package let run: UInt64
    let durability: Durability
    let clock: @Sendable () -> Moment
    let wake: @Sendable () -> Void
    let bootID: [UInt8]
    private let queue = Mutex(JournalQueue())
    private let thread = Mutex<pthread_t?>(nil)
    private let bell: Int32

    /// `wake` is called from the journal's thread and from appending ones, after a report was added; it must
    /// not block. `clock` dates the journal's own entries only.
    package init(
        path: String, terminal: TerminalID, run: UInt64, durability: Durability = .full,
        clock: @escaping @Sendable () -> Moment = EventJournal.machineClock,
        wake: @escaping @Sendable () -> Void
    ) {
        self.path = path
        self.terminal = terminal
        self.run = run
        self.durability = durability
        self.clock = clock
        self.wake = wake
        var boot = [UInt8](repeating: 0, count: 16)
        wp_boot_id(&boot)
        bootID = boot
        bell = wp_eventfd()
        precondition(bell >= 0, "no descriptor left for the journal's bell")
    }

    deinit { close(bell) }

    /// Begins the thread; the file is opened there.
    package func start() {
        thread.withLock { thread in
            guard thread == nil else { return }
            var started = pthread_t()
            let failed = pthread_create(
                &started, nil,
                { context in
                    guard let context else { return nil }
                    JournalWriter(Unmanaged<EventJournal>.fromOpaque(context).takeRetainedValue()).work()
                    return nil
                }, Unmanaged.passRetained(self).toOpaque())
            precondition(failed == 0, "no thread for the journal")
            thread = started
        }
    }

    /// Any thread, never blocks. When the queue is full the oldest entries go, `urgent` ones of the alarm
    /// stream last.
    package func append(_ event: JournalEvent, urgent: Bool, now: Uptime) {
        precondition(event.id.terminal == terminal, "a journal records its own terminal's events")
        precondition(
            event.id.sequence < JournalNotice.firstSequence, "sequences from 2^62 are the journal's own")
        precondition(event.subject.count <= Limits.journalSubjectMaxBytes, "subject too long")
        precondition(event.payload.count <= Limits.journalPayloadMaxBytes, "payload too long")
        let hasDropped = queue.withLock { queue in
            let before = queue.droppedUnrecorded
            queue.add(.init(event: event, urgent: urgent, since: now))
            return queue.droppedUnrecorded != before
        }
        wp_eventfd_wake(bell)
        if hasDropped { wake() }
    }

    /// On the line thread, after `wake`.
    package func takeReports() -> [JournalReport] { queue.withLock { $0.takeReports() } }

    /// Entries that no commit has confirmed.
    package var depth: Int { queue.withLock { $0.depth } }

    /// When the oldest of them was appended; longer ago than `Limits.journalStallMs` is a fault to show.
    package var oldestWaiting: Uptime? { queue.withLock { $0.oldestWaiting } }

    /// Stores what waits, tries a broken disk once more (what it does not take is reported as dropped), joins
    /// the thread. Waits for the disk, so only a process that ends calls it.
    package func stop() {
        queue.withLock { $0.isStopping = true }
        wp_eventfd_wake(bell)
        let started = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let started { pthread_join(started, nil) }
    }

    /// The machine's clocks; how far off the wall clock is, the journal does not know.
    package static let machineClock: @Sendable () -> Moment = {
        Moment(
            uptime: Uptime(nanoseconds: wp_uptime_ns()), wallMs: wp_wall_ms(),
            uncertaintyMs: Limits.wallUnknownMs)
    }

    // MARK: For the journal's thread

    var isStopping: Bool { queue.withLock { $0.isStopping } }
    var uptime: Uptime { Uptime(nanoseconds: wp_uptime_ns()) }
    var reservePath: String { path + ".reserve" }
    var directory: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    func update<Result: Sendable>(_ change: (inout sending JournalQueue) -> sending Result) -> Result {
        queue.withLock(change)
    }

    /// Until then, whatever is appended meanwhile; a stop ends it.
    func wait(until: Uptime) {
        while !isStopping, uptime < until { waitForBell(orAt: until) }
    }

    /// Monotonic, and without a time for ever: an idle journal wakes nothing.
    func waitForBell(orAt time: Uptime?) {
        var ready: Int16 = 0
        let now = uptime
        let waitNs = time.map { $0 > now ? Int64($0.nanoseconds - now.nanoseconds) : 0 } ?? -1
        if wp_poll([bell], &ready, 1, waitNs) > 0 { wp_eventfd_drain(bell) }
    }
}
