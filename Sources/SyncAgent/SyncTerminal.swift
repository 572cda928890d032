// SPDX-License-Identifier: Apache-2.0
import Bundles
import CLinux
import CWatch
import Clips
import DeskLink
package import Facility
import Glibc
import Journal
package import NIOCore
package import NIOPosix
import Recordings
package import Sync

/// The sync process of one terminal: what its journals hold beyond the hub's cursors goes up, orders come
/// down.
///
///     journals ─ inotify ─> JournalBell ─> SyncPump ─ two lanes, one request each ─> hub ─> SyncPump
///        └──────────── JournalPort (a thread of its own) ───────┘
///     hub ─ long poll ─> OrderTaker (a thread of its own) ─> the alarm process's local socket ─> answer
///
/// An actor on the cooperative pool; nothing it awaits blocks that pool. It keeps no state on the disk: the
/// outbox is the journal, the cursors are the hub's. Killed at any instant, it loses nothing.
package actor SyncTerminal {
    private let identity: HubIdentity
    private let journals: JournalPort
    private let bell: JournalBell
    private let orders: OrderTaker
    private let bundles: (folder: BundleFolder, installed: String, sent: String)
    private let recordings: (folder: RecordingFolder, notePath: String)
    private let renewal: IdentityRenewal
    private let threads: NIOThreadPool
    private let bootID: BootID?
    private let floor: TimeFloor
    private let address: HubAddress?
    private var told: Fault?
    private var pump: SyncPump
    private var chance = SystemRandomNumberGenerator()
    private var heads: [StreamHead] = []
    private var generation: UInt64 = 0
    private var naps: [SyncClass: Task<Void, Never>] = [:]
    private var forgottenAt: Uptime?

    package init(
        identity: HubIdentity, config: TerminalConfig, places: SyncPlaces, loop: any EventLoop,
        threads: NIOThreadPool
    ) {
        self.identity = identity
        self.threads = threads
        journals = JournalPort(
            [config.journalPath],
            others: [.duty: places.panel, .call: places.calls, .page: places.calls], on: loop)
        bell = JournalBell(
            directories: [config.journalPath, places.panel, places.calls].map(Self.directory))
        recordings = (
            RecordingFolder(beside: places.calls), identity.directory + "/" + SentRecordings.fileName
        )
        orders = OrderTaker(terminal: config.terminal, daemon: config.runtimePath + "/alarm.sock")
        bundles = (
            BundleFolder(identity.directory + "/bundles", terminal: config.terminal),
            places.configuration, places.site
        )
        pump = SyncPump()
        floor = identity.floor()
        address = identity.address()
        renewal = IdentityRenewal(identity, floor: floor, say: { Self.say($0) })
        var boot = [UInt8](repeating: 0, count: 16)
        wp_boot_id(&boot)
        bootID = BootID(bytes: boot)
    }

    private static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// Runs until the certificate was renewed (start anew with it) or the task is cancelled.
    package func run() async throws(Fault) {
        let clients = try (0..<5).map { _ throws(Fault) in try client() }
        await look()
        wp_forget_code()
        await withTaskGroup { group in
            group.addTask { await self.lane(.alarm, clients[0]) }
            group.addTask { await self.lane(.rest, clients[1]) }
            group.addTask { await self.takeOrders(clients[2]) }
            group.addTask { await self.bringBundles(clients[3]) }
            group.addTask { await self.bringRecordings(clients[4]) }
            group.addTask { await self.watch() }
            // The only one that ends by itself.
            group.addTask { await self.renewal.run() }
            while await group.next() != nil, !renewal.isDone {}
            group.cancelAll()
            for nap in naps.values { nap.cancel() }
        }
        for client in clients { await client.close() }
    }

    private func client() throws(Fault) -> HubClient {
        HubClient(
            identity.hub, tls: try identity.tls(), trust: try identity.trust(), floor: floor,
            address: address)
    }

    // MARK: Up

    private func lane(_ urgency: SyncClass, _ client: HubClient) async {
        while !Task.isCancelled {
            switch pump.next(urgency, at: .now, using: &chance) {
            case .wait(let until): await nap(urgency, until)
            case .send(let plan): await send(plan, client)
            }
            for fault in pump.takeFaults() { Self.say(fault) }
        }
    }

    private func send(_ plan: SyncPlan, _ client: HubClient) async {
        let result: SyncResult
        do throws(Fault) {
            let request = try await journals.request(for: plan)
            pump.sent(request, at: .now)
            let hello = SyncHello(
                boot: bootID, at: Self.moment(), generation: generation, heads: SyncHeads(heads),
                version: Release.version)
            async let ready: Void = journals.makeReady(after: request, of: plan)
            let answer = await client.post(
                "/v1/events", request.pieces, type: EventWire.contentType, headers: hello.headers,
                patienceMs: request.patienceMs, mouthfuls: plan.urgency == .rest ? mouthfuls : nil)
            result = Self.result(of: answer)
            await ready
            if case .reply(let reply) = result {
                floor.hubSaid(reply.nowMs)
                forgetCode()
            }
        } catch {
            sayOnce(error)
            result = .nothing
        }
        pump.take(result, of: plan.number, at: .now, using: &chance)
        // The rest stood back for it: without this word it would sleep into the next alarm, and the next.
        if plan.urgency == .alarm { naps[.rest]?.cancel() }
    }

    /// An alarm overtakes what is already leaving.
    private var mouthfuls: HubClient.Mouthfuls {
        HubClient.Mouthfuls(bytes: pump.mouthfulBytes) { await self.leave($0) }
    }

    private func leave(_ bytes: Int) async {
        while !Task.isCancelled, let until = pump.goesOn(bytes, at: .now) { await nap(.rest, until) }
    }

    /// Half of the code that joins, reads certificates and shakes hands is not needed again for long.
    private func forgetCode() {
        let now = Uptime.now
        guard forgottenAt.map({ now.ms(since: $0) > Limits.syncForgetMs }) ?? true else { return }
        forgottenAt = now
        wp_forget_code()
    }

    package static func result(of answer: HubAnswer) -> SyncResult {
        switch answer {
        case .answered(let body): (try? SyncReply(body)).map(SyncResult.reply) ?? .nothing
        case .refused(409, _, let body):
            (try? SyncReply(body)).map(SyncResult.reply) ?? .refused(status: 409, retryAfterMs: nil)
        case .refused(let status, let retryAfterMs, _): .refused(status: status, retryAfterMs: retryAfterMs)
        case .nothing: .nothing
        }
    }

    /// Until then, or until a journal grew.
    private func nap(_ urgency: SyncClass, _ until: Uptime) async {
        let ms = max(until.ms(since: .now), 1)
        let nap = Task { () -> Void in try? await Task.sleep(for: .milliseconds(ms)) }
        naps[urgency] = nap
        // A run that is called off does not sleep on.
        await withTaskCancellationHandler {
            await nap.value
        } onCancel: {
            nap.cancel()
        }
    }

    private func watch() async {
        while !Task.isCancelled {
            await bell.wait(ms: Limits.journalLookMs)
            await look()
        }
    }

    private func look() async {
        let found = await journals.heads()
        floor.raise(to: await journals.latestKnownWallMs())
        for fault in await journals.takeFaults() { sayOnce(fault) }
        guard found != heads else { return }
        heads = found
        generation = await journals.generation
        pump.note(found)
        for nap in naps.values { nap.cancel() }
    }

    private func bringRecordings(_ client: HubClient) async {
        let sender = RecordingSender(
            folder: recordings.folder, notePath: recordings.notePath, threads: threads,
            mustYield: { await self.hasMoreUrgent() }, say: { Self.say($0) })
        await sender.run(client)
    }

    /// Before the first look nobody knows.
    private func hasMoreUrgent() -> Bool {
        heads.isEmpty || SyncClass.allCases.contains { pump.hasEntries(for: $0, at: .now) }
    }

    // MARK: Down

    private func takeOrders(_ client: HubClient) async {
        let (desk, threads) = (orders, threads)
        await OrderPoll(client).run { order, receivedAt in
            try? await threads.runIfActive {
                desk.perform(order, receivedAt: receivedAt, now: .now)
            }
        }
    }

    private func bringBundles(_ client: HubClient) async {
        let say: @Sendable (Fault) -> Void = { Self.say($0) }
        let clips = ClipFetcher(
            ClipFolder(identity.directory + "/clips"), threads: threads,
            mustYield: { await self.hasAlarms() }, say: say)
        let fetcher = BundleFetcher(
            identity: identity, folder: bundles.folder, installed: bundles.installed, sent: bundles.sent,
            clips: clips, threads: threads, say: say)
        await fetcher.run(client)
    }

    private func hasAlarms() -> Bool { pump.hasEntries(for: .alarm, at: .now) }

    // MARK: Clock and words

    static func moment() -> Moment {
        let wall = wp_wall_ms()
        let uncertainty = wall < Limits.wallPlausibleFromMs ? Limits.wallUnknownMs : wp_wall_uncertainty_ms()
        return Moment(uptime: .now, wallMs: wall, uncertaintyMs: uncertainty)
    }

    /// The same fault again and again is one line.
    private func sayOnce(_ fault: Fault) {
        guard fault != told else { return }
        told = fault
        Self.say(fault)
    }

    private static func say(_ fault: Fault) {
        let line = Array("watchpost-sync: \(fault)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }
}
