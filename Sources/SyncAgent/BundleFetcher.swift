// SPDX-License-Identifier: Apache-2.0
import Bundles
import DeskLink
import Facility
import FoundationEssentials
import Journal
import NIOPosix
import Sync

//  hub ─ GET /v1/bundles/ ─> manifests ─> signed, for us, newer? ─ GET /v1/bundles/SHA256, piece by piece
//      ─> .part ─> hash ─> looked through ─> renamed in

/// Brings down what the hub has for this terminal. A value; one task runs it, files are written on a thread
/// of their own.
///
/// Always true: what is cut goes on where it was; what does not hold is thrown away and told, the last good
/// stays in force, and the next try starts clean.
struct BundleFetcher: Sendable {
    let identity: HubIdentity
    let folder: BundleFolder
    /// What a technician applied here, and where a site goes that the hub sends: `SitePlaces`.
    let installed: String
    let sent: String
    /// What the library's index names.
    let clips: ClipFetcher
    let threads: NIOThreadPool
    let say: @Sendable (Fault) -> Void

    /// Until the task is cancelled.
    func run(_ client: HubClient) async {
        var chance = SystemRandomNumberGenerator()
        var retry = RetryMachine(lastMs: Limits.syncRetryRestLastMs, afterMaxMs: Limits.syncRetryAfterMaxMs)
        var told: Fault?
        while !Task.isCancelled {
            var waitMs = Limits.bundlesLookMs
            do throws(Fault) {
                try await look(client)
                retry.succeeded()
                told = nil
            } catch {
                // The same trouble is told once.
                if told != error { say(error) }
                told = error
                retry.failed(at: .now, using: &chance)
                waitMs = max(retry.until?.ms(since: .now) ?? 0, Limits.syncRetryFirstMs)
            }
            try? await Task.sleep(for: .milliseconds(waitMs))
        }
    }

    /// One look at all kinds; one that fails keeps no other from coming; the first fault is thrown.
    func look(_ client: HubClient) async throws(Fault) {
        guard case .answered(let body) = await client.get("/v1/bundles/", waitMs: 0) else { return }
        guard let list = try? JSONDecoder().decode(BundleList.self, from: Data(body)) else { return }
        let seal = try identity.seal()
        var first: Fault?
        for manifest in list.bundles {
            do throws(Fault) { try await take(manifest, seal, client) } catch { first = first ?? error }
        }
        do throws(Fault) { try await bringClips(seal, client) } catch { first = first ?? error }
        if let first { throw first }
    }

    private func take(_ manifest: BundleManifest, _ seal: BundleSeal, _ client: HubClient) async throws(Fault)
    {
        let (folder, places) = (folder, SitePlaces(installed: installed, sent: sent))
        guard var have = try await onThread({ try folder.begin(manifest, seal) }) else { return }
        while have < manifest.size {
            let last = min(have + Int64(Limits.bundlePieceBytes), manifest.size) - 1
            // The hub is away, or something better is on the way: what came stays.
            guard
                case .answered(let piece) = await client.get(
                    "/v1/bundles/\(manifest.sha256)", bytes: have...last),
                !piece.isEmpty, Int64(piece.count) <= last - have + 1
            else { return }
            try await onThread { try folder.append(piece, manifest) }
            have += Int64(piece.count)
        }
        try await onThread {
            try folder.finish(manifest) { config throws(Fault) in try places.take(config) }
        }
    }

    /// The index that is in force is looked at each time: somebody may have changed a content here.
    private func bringClips(_ seal: BundleSeal, _ client: HubClient) async throws(Fault) {
        let folder = folder
        guard let index = try await onThread({ folder.inForce(.clips, seal) }) else { return }
        try await clips.bring(index.bytes, version: index.manifest.version, client)
    }

    private func onThread<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws(Fault) -> Result {
        do { return try await threads.runIfActive(work) } catch let fault as Fault { throw fault } catch {
            throw Fault(
                "take bundle", at: folder.path, cause: "\(error)",
                hint: "It is tried again by itself; if that repeats, restart watchpost-sync.")
        }
    }
}

extension HubIdentity {
    /// What the hub's bundles are held against: the authority that was pinned at the join.
    func seal() throws(Fault) -> BundleSeal {
        try BundleSeal(authority: authority, at: directory + "/authority.pem")
    }
}
