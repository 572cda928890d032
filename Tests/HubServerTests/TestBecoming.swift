// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import NIOCore
import NIOPosix

@testable import HubServer

/// Looks again and again, on a thread that may wait; what it waits for has two minutes.
func becomes(_ isSo: @escaping @Sendable () async throws -> Bool) async throws -> Bool {
    let threads = NIOThreadPool(numberOfThreads: 1)
    threads.start()
    let end = Uptime.now.advanced(ms: 120_000)
    var holds = try await isSo()
    while !holds, Uptime.now < end {
        try await threads.runIfActive { pause(ms: 25) }
        holds = try await isSo()
    }
    try await threads.shutdownGracefully()
    return holds
}

/// One that was free a moment ago.
func freePort() async throws -> Int {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .bind(host: "127.0.0.1", port: 0).get()
    defer { channel.close(promise: nil) }
    return channel.localAddress?.port ?? 0
}
