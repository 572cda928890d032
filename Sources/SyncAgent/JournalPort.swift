// SPDX-License-Identifier: Apache-2.0
import CLinux
import CWatch
package import Facility
import Glibc
package import Journal
package import NIOCore
import NIOPosix
package import Sync

/// The journals of this terminal's other processes, read only; on a thread of its own, because SQLite blocks.
///
/// Always true: one process writes each journal, every stream is in at most one, files that were put aside
/// come before their successors, and what cannot be read now is tried again at the next question.
package actor JournalPort {
    private let loop: any EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    private let journals: [JournalSuccession]
    /// What officers did at the panel of a post, and the calls: of each such journal one stream is taken and
    /// no other, because its process hears a browser, or the network.
    private let others: [(stream: Stream, journal: JournalSuccession)]
    /// Where a stream was found.
    private var places: [Stream: JournalSuccession] = [:]
    /// In which boot a run of a process was.
    private var boots: [UInt64: BootID] = [:]
    /// The batch after the one that the hub has in hand.
    private var ahead: [SyncClass: (plan: SyncPlan, request: SyncRequest)] = [:]
    /// The newest time that an entry told, Unix milliseconds.
    private var newestWallMs: Int64 = 0
    private var faults: [Fault] = []

    /// `others`: where processes write of which one stream is believed; there need not be such a file.
    package init(_ paths: [String], others: [Stream: String] = [:], on loop: any EventLoop) {
        journals = paths.map { JournalSuccession(path: $0) }
        self.others = others.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            ($0.key, JournalSuccession(path: $0.value))
        }
        self.loop = loop
    }

    /// Of the file that is written now.
    package var generation: UInt64 { journals.compactMap(\.generation).max() ?? 0 }

    /// The newest entry of each stream. Also where a file that could not be read before is tried again.
    package func heads() -> [StreamHead] {
        var heads: [StreamHead] = []
        let others = others.map { (only: Optional($0.stream), journal: $0.journal) }
        for (only, journal) in journals.map({ (only: nil, journal: $0) }) + others {
            do throws(Fault) {
                // A stream has one writer: what the alarm process writes is nobody else's.
                for head in try journal.heads()
                where only == nil || only == head.stream && !heads.contains(where: { $0.stream == only }) {
                    heads.append(head)
                    places[head.stream] = journal
                }
                for run in try journal.runs() where boots[run.run] == nil {
                    boots[run.run] = BootID(bytes: run.bootID)
                    noteTime(run.at)
                }
            } catch { faults.append(error) }
            faults += journal.takeFaults()
        }
        return heads
    }

    /// What could not be read since the last question.
    package func takeFaults() -> [Fault] {
        defer { faults = [] }
        return faults
    }

    /// The batch that the plan asks for: made ahead, or now.
    package func request(for plan: SyncPlan) throws(Fault) -> SyncRequest {
        if let made = ahead.removeValue(forKey: plan.urgency), plan.isMet(by: made.request, of: made.plan) {
            return made.request.numbered(plan.number)
        }
        return try fill(plan)
    }

    /// While the hub has `request` in hand: reads and writes what follows if it takes all of it. A hub that
    /// does not is asked by another plan, and this is forgotten.
    package func makeReady(after request: SyncRequest, of plan: SyncPlan) {
        guard let next = plan.following(request), let made = try? fill(next), made.count > 0 else { return }
        ahead[plan.urgency] = (next, made)
    }

    /// Reads what the plan names and writes the body.
    private func fill(_ plan: SyncPlan) throws(Fault) -> SyncRequest {
        try plan.fill(
            boot: { boots[$0] },
            read: { cursor, limit throws(Fault) in
                // Not more than the batch can hold: entries may be large, and this process is small.
                let entries =
                    try places[cursor.stream]?.events(
                        past: cursor, limit: limit, maxBytes: min(plan.maxBytes, Limits.syncReadBytes)) ?? []
                for entry in entries { noteTime(entry.event.at) }
                return entries
            })
    }

    /// The latest time that a clock which was set has told here; 0: none.
    package func latestKnownWallMs() -> Int64 { newestWallMs }

    private func noteTime(_ at: Moment) {
        guard at.uncertaintyMs != Limits.wallUnknownMs, at.wallMs >= Limits.wallPlausibleFromMs else {
            return
        }
        newestWallMs = max(newestWallMs, at.wallMs)
    }
}

/// Tells when somebody wrote to a journal: waits on the kernel's word (inotify), on a thread of its own.
package final class JournalBell: Sendable {
    private let descriptor: Int32
    private let pool: NIOThreadPool

    package init(directories: [String]) {
        descriptor = wp_watch_directories()
        for directory in Set(directories) { _ = wp_watch_directory(descriptor, directory) }
        pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
    }

    deinit { close(descriptor) }

    /// Returns at the next write, at the latest after `ms`.
    package func wait(ms: Int) async {
        let descriptor = descriptor
        _ = try? await pool.runIfActive {
            var ready: [Int16] = [0]
            _ = wp_poll([descriptor], &ready, 1, Int64(ms) * 1_000_000)
            wp_watch_drain(descriptor)
        }
    }
}
