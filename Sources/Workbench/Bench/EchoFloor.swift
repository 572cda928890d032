// SPDX-License-Identifier: Apache-2.0
import CLinux
import DeskLink
package import Facility
import PanelLink

/// The floor under every figure: a raw UDP datagram to another process and back, on this machine, in this
/// run.
package enum EchoFloor {
    /// Body of the other process: sends back what it gets until nothing came for ten seconds.
    package static func serve(port: UInt16) throws(Fault) {
        let socket = try DatagramSocket(address: 0x7f00_0001, port: port)
        var buffer = [UInt8](repeating: 0, count: 512)
        var ready: [Int16] = [0]
        wp_timer_slack_ns(1)
        while wp_poll([socket.descriptor], &ready, 1, 10_000_000_000) > 0 {
            while let (count, address, port) = socket.receive(into: &buffer) {
                socket.send(Array(buffer[..<count]), address: address, port: port)
            }
        }
    }
}

/// The asking side. On the bench's thread.
struct EchoClient {
    private let socket: DatagramSocket
    private let port: UInt16
    private var buffer = [UInt8](repeating: 0, count: 512)

    init(port: UInt16) throws(Fault) {
        socket = try DatagramSocket(address: 0x7f00_0001, port: 0)
        self.port = port
    }

    /// Nanoseconds there and back of a datagram as long as an annunciation; nil when none returned within 100
    /// ms.
    mutating func roundTrip() -> Int64? {
        while socket.receive(into: &buffer) != nil {}
        let sent = Uptime.now.nanoseconds
        socket.send([UInt8](repeating: 7, count: 460), address: 0x7f00_0001, port: port)
        var ready: [Int16] = [0]
        guard wp_poll([socket.descriptor], &ready, 1, 100_000_000) > 0, socket.receive(into: &buffer) != nil
        else { return nil }
        return Int64(Uptime.now.nanoseconds - sent)
    }
}
