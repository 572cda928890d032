// SPDX-License-Identifier: Apache-2.0
import CLinux
import CWatch
package import Facility
import Glibc
import Journal
import NIOPosix

/// From the files to the running process.
package enum SyncRun {
    /// Returns when the process is to be started anew (a renewed certificate). The hub need not be there.
    package static func run(configuration: String, identity directory: String) async throws(Fault) {
        wp_heap_small()
        signal(SIGPIPE, SIG_IGN)
        let config = try CompiledSite.readNewestGood(configuration).config
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
            identity: identity, config: config, configuration: configuration, loop: loops.next(),
            threads: threads)
        try await terminal.run()
    }
}
