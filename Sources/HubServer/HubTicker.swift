// SPDX-License-Identifier: Apache-2.0
import Facility
import Logging
import ServiceLifecycle

/// What time alone does at a hub: silence, ends of pauses, beats, what other hubs on the store decided.
struct HubTicker: Service {
    let hub: HubParts
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var (beatAt, refreshAt) = (hub.clock.now().uptime, hub.clock.now().uptime)
            var (roomAt, keptAt) = (beatAt, beatAt)
            let refreshMs = hub.store.isShared ? Limits.storeLookMs : Limits.rosterRefreshMs
            var follower = StoreFollower()
            try? await refresh(&follower)
            while (try? await Task.sleep(for: .milliseconds(Limits.wallTickMs))) != nil {
                let now = hub.clock.now()
                await hub.followUp.take([], await hub.wall.tick(), at: now)
                if now.uptime.ms(since: beatAt) >= Limits.streamBeatMs {
                    beatAt = now.uptime
                    await hub.wall.beat()
                }
                if now.uptime.ms(since: keptAt) >= Limits.proofsKeptMs {
                    keptAt = now.uptime
                    do { try await hub.proofs.keep() } catch { logger.error("hub: \(error)") }
                }
                if now.uptime.ms(since: roomAt) >= Limits.hubRoomLookMs {
                    roomAt = now.uptime
                    if hub.store.isShort { logger.error("hub: its disk is full; make room there") }
                    await hub.store.lookForRoom()
                }
                if now.uptime.ms(since: refreshAt) >= refreshMs {
                    refreshAt = now.uptime
                    // A store that is gone for a while changes nothing about who is shut out.
                    do { try await refresh(&follower) } catch { logger.error("hub: \(error)") }
                }
            }
            try? await hub.proofs.keep()
        }
    }

    private func refresh(_ follower: inout StoreFollower) async throws {
        try await hub.roster.refresh(from: hub.store)
        let terminals = try await hub.store.read { try $0.terminals() }
        let listed = try await hub.store.read { try $0.site() }
        if hub.places.follow(listed.site, zoneTitles: listed.zoneTitles) {
            await hub.wall.relist(hub.places.book)
        }
        let cloned = terminals.compactMap { terminal in terminal.clonedMs.map { (terminal.id, $0) } }
        await hub.wall.cloned(Dictionary(cloned) { first, _ in first }, of: terminals.map(\.id))
        if hub.store.isShared { try await follower.follow(hub, terminals) }
        try await hub.rounds.elapsed()
        let followed = await hub.wall.followedSessions
        let ended = try await hub.store.read { session in
            try followed.filter { try session.session($0) == nil }
        }
        for key in ended { await hub.wall.dismiss(session: key) }
        try await hub.keepCertificates()
        for (source, count) in hub.refusals.sums(now: hub.clock.now().uptime) {
            try await hub.audit(
                AuditNote(
                    who: "-", what: "request.refused", subject: source, outcome: "\(count) more in a minute"))
        }
    }
}

/// Looks for deliveries that are due, until the hub ends. Whatever becomes of them, nobody waits for it.
struct WebhookRunner: Service {
    let hub: HubParts

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .milliseconds(Limits.webhookLookMs))) != nil {
                _ = try? await hub.webhooks.deliver()
            }
        }
    }
}
