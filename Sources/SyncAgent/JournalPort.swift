// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc
package import Journal
package import NIOCore
import NIOPosix
package import Sync

/// The journals of this terminal's other processes, read only; on a thread of its own, because SQLite blocks.
///
/// Always true: one process writes each file, every stream is in at most one file, and a file that cannot be
/// read now is tried again at the next question.
package actor JournalPort {
    private let loop: any EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    private let paths: [String]
    private var readers: [String: JournalReader] = [:]
    private var inodes: [String: ino_t] = [:]
    /// Where a stream was found.
    private var places: [Stream: String] = [:]
    /// In which boot a run of a process was.
    private var boots: [UInt64: BootID] = [:]
    /// The batch after the one that the hub has in hand.
    private var ahead: [SyncClass: (plan: SyncPlan, request: SyncRequest)] = [:]
    package private(set) var fault: Fault?

    package init(_ paths: [String], on loop: any EventLoop) {
        self.paths = paths
        self.loop = loop
    }

    /// Of the file that is written now.
    package var generation: UInt64 { readers.values.map(\.generation).max() ?? 0 }

    /// The newest entry of each stream. Also where a file that could not be read before is tried again.
    package func heads() -> [StreamHead] {
        var heads: [StreamHead] = []
        for path in paths {
            guard let reader = reader(path) else { continue }
            do throws(Fault) {
                for head in try reader.heads() {
                    heads.append(head)
                    places[head.stream] = path
                }
                for run in try reader.runs() where boots[run.run] == nil {
                    boots[run.run] = BootID(bytes: run.bootID)
                }
            } catch { letGo(of: path, error) }
        }
        return heads
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
                guard let path = places[cursor.stream], let reader = reader(path) else { return [] }
                do throws(Fault) {
                    return try reader.events(past: cursor, limit: limit)
                } catch {
                    letGo(of: path, error)
                    throw error
                }
            })
    }

    private func letGo(of path: String, _ fault: Fault) {
        self.fault = fault
        readers[path] = nil
    }

    /// A file that its writer put aside for a new one is let go of.
    private func reader(_ path: String) -> JournalReader? {
        var now = stat()
        guard stat(path, &now) == 0 else {
            readers[path] = nil
            return nil
        }
        if let open = readers[path], inodes[path] == now.st_ino { return open }
        do throws(Fault) {
            let reader = try JournalReader(path: path)
            readers[path] = reader
            inodes[path] = now.st_ino
            fault = nil
            return reader
        } catch {
            fault = error
            return nil
        }
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
