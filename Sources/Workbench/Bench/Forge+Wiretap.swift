// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Foundation
import PanelLink
import Synchronization

/// The cable between a cell and its post, with somebody on it: passes every datagram on, once and at once,
/// and remembers the newest of each direction. A thread of its own ("wiretap"); any thread looks at what it
/// remembers.
final class Wiretap: Sendable {
    /// What came for the post, and for the cell.
    enum Direction: Int, CaseIterable, Sendable { case toPost, toCell }

    private struct State {
        var heard: [[[UInt8]]] = [[], []]
        var passed = 0
        var isListening = false
        var isEnding = false
    }

    private static let keepCount = 400
    private let sockets: [DatagramSocket]
    private let targets: [UInt16]
    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)

    /// Passes what comes to `port(.toPost)` to the post's own port, and likewise for the cell.
    init(post: UInt16, cell: UInt16) throws(Fault) {
        sockets = [
            try DatagramSocket(address: 0x7f00_0001, port: 0),
            try DatagramSocket(address: 0x7f00_0001, port: 0),
        ]
        targets = [post, cell]
        let thread = Thread { [self] in
            pass()
            ended.signal()
        }
        thread.name = "wiretap"
        thread.start()
    }

    func port(_ direction: Direction) -> UInt16 { sockets[direction.rawValue].port }
    func target(_ direction: Direction) -> UInt16 { targets[direction.rawValue] }

    /// Remembers from now on.
    func listen() { state.withLock { $0.isListening = true } }

    func heard(_ direction: Direction) -> [[UInt8]] { state.withLock { $0.heard[direction.rawValue] } }

    var passed: Int { state.withLock { $0.passed } }

    func end() {
        state.withLock { $0.isEnding = true }
        ended.wait()
        ended.signal()
    }

    private func pass() {
        var buffer = [UInt8](repeating: 0, count: Limits.datagramMaxBytes + 1)
        while !state.withLock({ $0.isEnding }) {
            var ready: [Int16] = [0, 0]
            _ = wp_poll(sockets.map(\.descriptor), &ready, 2, 50_000_000)
            for place in sockets.indices {
                while let count = sockets[place].receive(into: &buffer)?.count {
                    let bytes = Array(buffer[..<count])
                    sockets[place].send(bytes, address: 0x7f00_0001, port: targets[place])
                    state.withLock { state in
                        state.passed += 1
                        guard state.isListening else { return }
                        state.heard[place].append(bytes)
                        if state.heard[place].count > Self.keepCount { state.heard[place].removeFirst() }
                    }
                }
            }
        }
    }
}
