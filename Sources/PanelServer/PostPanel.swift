// SPDX-License-Identifier: Apache-2.0
import Bundles
import Console
import ConsoleServer
import DeskLink
package import Facility
import Glibc
import Hummingbird
import Journal
package import Logging
import ServiceLifecycle

/// The panel of one post: the console's pages for this post's own screen, with no hub.
///
/// Made once; `run` serves until the task is cancelled or the process is told to end. Always true: it
/// listens on this machine's loopback alone, and asks nothing but its alarm process and its own files.
package struct PostPanel: Sendable {
    private let parts: PanelParts
    private let feed: AgentFeed
    private let people: PeopleWatch
    private let port: Int
    private let logger: Logger

    package init(_ options: PanelOptions, logger: Logger) throws(Fault) {
        let places = SitePlaces(installed: options.configuration, sent: options.bundles + "/site.db")
        let config = try places.read().config
        guard config.site.terminal(config.terminal)?.role == .post else {
            throw Fault(
                "start panel", at: options.configuration, cause: "\(config.terminal) is no post",
                hint: "Run the panel on posts; a cell has no screen.")
        }
        let daemon = config.runtimePath + "/alarm.sock"
        let book = PanelParts.place(config.site, config.terminal)
        parts = PanelParts(
            terminal: config.terminal, book: book, wall: PanelWall(book: book, now: PanelParts.now),
            door: PanelDoor(), deeds: PanelDeeds(terminal: config.terminal, daemon: daemon),
            talk: PanelTalk(terminal: config.terminal, daemon: SoundClient.path(config)),
            alarms: PostRecord(path: config.journalPath),
            record: PanelRecord(path: options.journal, terminal: config.terminal))
        feed = AgentFeed(terminal: config.terminal, daemon: daemon)
        people = PeopleWatch(
            folder: BundleFolder(options.bundles, terminal: config.terminal), authority: options.authority)
        port = options.port
        self.logger = logger
    }

    /// `listening` is told the port once it is open.
    package func run(
        endsOnSignals: Bool = true, listening: @escaping @Sendable (Int) async -> Void
    ) async throws {
        try feed.start()
        let server = Application(
            responder: PanelResponder(parts: parts, routes: PanelRoutes.all),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { await listening($0.localAddress?.port ?? 0) }, logger: logger)
        let services: [any Service] = [
            PanelTicker(parts: parts, people: people), FeedService(feed: feed, wall: parts.wall), server,
        ]
        do { try await serve(services, endsOnSignals: endsOnSignals, logger: logger) } catch {
            parts.record.stop()
            throw error
        }
        parts.record.stop()
    }
}

/// Brings what the alarm process tells to the wall.
private struct FeedService: Service {
    let feed: AgentFeed
    let wall: PanelWall

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await news in feed.news { await wall.take(news) }
        }
        feed.stop()
    }
}

/// What time alone does at a panel.
private struct PanelTicker: Service {
    let parts: PanelParts
    let people: PeopleWatch

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var (beatAt, lookAt) = (PanelParts.now().uptime, PanelParts.now().uptime)
            while !Task.isCancelled {
                await parts.wall.tick()
                let now = PanelParts.now().uptime
                if now >= lookAt {
                    lookAt = now.advanced(ms: Limits.panelStatusMs)
                    if let officers = await people.look() { await parts.door.admit(officers) }
                }
                if now.ms(since: beatAt) >= Limits.streamBeatMs {
                    beatAt = now
                    await parts.wall.beat()
                }
                try? await Task.sleep(for: .milliseconds(Limits.wallTickMs))
            }
        }
    }
}
