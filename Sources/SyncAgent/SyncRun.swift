// SPDX-License-Identifier: Apache-2.0
import CLinux
import CWatch
package import Facility
import Glibc
import Journal
import NIOPosix

/// What `watchpost-sync` reads and writes besides its identity. A value.
package struct SyncPlaces: Hashable, Sendable {
    /// What a technician applied.
    package var configuration: String
    /// What the hub sent instead, for the daemons' next start.
    package var site: String
    /// The journal of a post's panel; on a cell there is none.
    package var panel: String
    /// The journal of calls, with the recordings beside it; a terminal without sound has none.
    package var calls: String

    package init(
        configuration: String, identity: String, panel: String = "/var/lib/watchpost-panel/duty.db",
        calls: String = "/var/lib/watchpost-sound/call.db"
    ) {
        self.configuration = configuration
        (self.panel, self.calls) = (panel, calls)
        site = identity + "/bundles/site.db"
    }
}

/// From the files to the running process.
package enum SyncRun {
    /// Returns when the process is to be started anew (a renewed certificate). The hub need not be there.
    package static func run(_ places: SyncPlaces, identity directory: String) async throws(Fault) {
        wp_heap_small()
        signal(SIGPIPE, SIG_IGN)
        let config = try CompiledSite.readNewestGood(places.configuration).config
        let identity = try HubIdentity.read(directory)
        guard identity.terminal == config.terminal else {
            throw Fault(
                "start sync", at: directory,
                cause:
                    "the hub knows this machine as \(identity.terminal), its file says \(config.terminal)",
                hint: "Join again with a code for \(config.terminal).")
        }
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        if let socket = getenv("NOTIFY_SOCKET") { _ = wp_notify(String(cString: socket), "READY=1") }
        let terminal = SyncTerminal(
            identity: identity, config: config, places: places, loop: loops.next(),
            threads: threads)
        try await terminal.run()
    }
}
