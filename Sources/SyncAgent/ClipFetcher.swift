// SPDX-License-Identifier: Apache-2.0
import CLinux
import Clips
import DeskLink
import Facility
import Glibc
import NIOPosix
import Synchronization

//  index in force ─> what is here and whole? ─ GET /v1/clips/SHA256, piece by piece, what is not ─> .part
//      ─> hash ─> renamed in ─> all there? index renamed in, the rest forgotten ─> POST /v1/clips

/// Brings down the contents that the library's index names and this terminal lacks. One task runs it; files
/// are read and written on a thread of their own.
///
/// Always true: the library that plays is whole: its index turns only when every content is here; a content
/// that is not what its name says is thrown away, told here and at the hub, and fetched again; what was here
/// already costs the network nothing.
final class ClipFetcher: Sendable {
    /// By what a file is known not to have changed since it was hashed.
    private struct Stamp: Hashable {
        let inode: UInt
        let byteCount: Int64
        let changedNs: Int64
    }

    private struct State {
        /// Contents that were hashed and found right, with the time.
        var right: [String: (stamp: Stamp, at: Uptime)] = [:]
        /// Thrown away, and not yet told to the hub.
        var refused: [String] = []
        /// What the hub was told last.
        var told: ClipReport?
    }

    let folder: ClipFolder
    private let threads: NIOThreadPool
    private let mustYield: @Sendable () async -> Bool
    private let say: @Sendable (Fault) -> Void
    private let state = Mutex(State())

    /// `mustYield`: an alarm waits for the way.
    init(
        _ folder: ClipFolder, threads: NIOThreadPool, mustYield: @escaping @Sendable () async -> Bool,
        say: @escaping @Sendable (Fault) -> Void
    ) {
        (self.folder, self.threads, self.mustYield, self.say) = (folder, threads, mustYield, say)
    }

    /// One look. `bytes`: the index as the hub signed it.
    func bring(_ bytes: [UInt8], version: Int64, _ client: HubClient) async throws(Fault) {
        let index = try ClipIndex(bytes, at: "clips \(version)")
        try await onThread { [folder] in try folder.make() }
        var held: [String: Int64] = [:]
        var fault: Fault?
        for sha256 in index.contents { held[sha256] = try await byteCount(sha256) }
        for sha256 in index.contents where held[sha256] == nil {
            do throws(Fault) {
                let free = wp_free_bytes(folder.path)
                guard free < 0 || free > Limits.clipsReserveBytes,
                    held.values.reduce(0, +) < Limits.clipsBudgetBytes
                else { throw noRoom }
                guard try await fetch(sha256, client) else { break }
                held[sha256] = try await byteCount(sha256)
            } catch {
                // One that does not hold keeps no other from coming.
                fault = fault ?? error
            }
        }
        if held.count == index.contents.count {
            try await onThread { [folder] in
                guard (try? folder.index()) != index else { return }
                try folder.turn(to: index)
            }
        }
        await report(index, held, version: version, client)
        if let fault { throw fault }
    }

    /// Nil: it is not here, or not any more.
    private func byteCount(_ sha256: String) async throws(Fault) -> Int64? {
        let now = Uptime.now
        let known = state.withLock { $0.right[sha256] }
        let (finding, stamp) = try await onThread { [folder] in
            let stamp = Self.stamp(folder.file(sha256))
            if let known, let stamp, known.stamp == stamp,
                now.ms(since: known.at) < Limits.clipsCheckMs
            {
                return (ClipFolder.Finding.sound(byteCount: stamp.byteCount), Stamp?.none)
            }
            return (folder.look(sha256), stamp)
        }
        switch finding {
        case .sound(let byteCount):
            if let stamp { state.withLock { $0.right[sha256] = (stamp, now) } }
            return byteCount
        case .missing: return nil
        case .wrong:
            refuse(sha256)
            say(
                Fault(
                    "check clip", at: folder.file(sha256), cause: "its content is not what its name says",
                    hint: "It is fetched anew by itself; if that repeats, check the storage medium."))
            try await onThread { [folder] in folder.forget(sha256) }
            return nil
        }
    }

    private func refuse(_ sha256: String) {
        state.withLock { state in
            state.right[sha256] = nil
            if state.refused.count < Limits.clipReportMaxCount { state.refused.append(sha256) }
        }
    }

    private static func stamp(_ path: String) -> Stamp? {
        var about = stat()
        guard lstat(path, &about) == 0 else { return nil }
        let changed = about.st_ctim
        return Stamp(
            inode: UInt(about.st_ino), byteCount: Int64(about.st_size),
            changedNs: Int64(changed.tv_sec) * 1_000_000_000 + Int64(changed.tv_nsec))
    }

    /// False: the hub is away, or does not have it either; what came stays.
    private func fetch(_ sha256: String, _ client: HubClient) async throws(Fault) -> Bool {
        var have = try await onThread { [folder] in folder.have(sha256) }
        while true {
            while await mustYield(), !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(Limits.recordingsYieldMs))
            }
            let last = have + Int64(Limits.bundlePieceBytes) - 1
            switch await client.get("/v1/clips/\(sha256)", bytes: have...last) {
            case .answered(let piece) where Int64(piece.count) <= last - have + 1:
                try await onThread { [folder] in try folder.append(piece, to: sha256) }
                have += Int64(piece.count)
                guard have <= last else { continue }
            // All of it was here before.
            case .refused(416, _, _) where have > 0: break
            case .answered, .refused, .nothing: return false
            }
            do throws(Fault) {
                try await onThread { [folder] in try folder.finish(sha256) }
            } catch {
                refuse(sha256)
                throw error
            }
            return true
        }
    }

    /// Once for each change; again while the hub did not take it.
    private func report(
        _ index: ClipIndex, _ held: [String: Int64], version: Int64, _ client: HubClient
    ) async {
        let units = index.units.count { held[$0.sha256] != nil }
        let refused = state.withLock { $0.refused }
        let news = ClipReport(
            version: version, unitCount: units, byteCount: held.values.reduce(0, +),
            missingCount: index.units.count - units, refused: refused)
        guard state.withLock({ $0.told != news }) else { return }
        let answer = await client.post("/v1/clips", Array(news.text.utf8), type: "text/plain")
        guard case .answered = answer else { return }
        state.withLock { state in
            state.refused.removeFirst(refused.count)
            state.told = news
            state.told?.refused = []
        }
    }

    private var noRoom: Fault {
        Fault(
            "take clip", at: folder.path, cause: "there is no room: what is left is kept for alarms",
            hint: "Make room on the disk, or remove units at the hub; the last library stays in force.")
    }

    private func onThread<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws(Fault) -> Result {
        do { return try await threads.runIfActive(work) } catch let fault as Fault { throw fault } catch {
            throw Fault(
                "take clip", at: folder.path, cause: "\(error)",
                hint: "It is tried again by itself; if that repeats, restart watchpost-sync.")
        }
    }
}
