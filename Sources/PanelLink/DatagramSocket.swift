// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc

/// An IPv4 UDP socket. Used on the line thread; never blocks; closed when let go of.
package final class DatagramSocket: Sendable {
    /// For `wp_poll`.
    package let descriptor: Int32
    package let port: UInt16

    /// Port 0: one of the kernel's choice. The address need not be up yet.
    package init(address: UInt32, port: UInt16) throws(Fault) {
        var bound: UInt16 = 0
        let descriptor = wp_udp_open(address, port, Int32(Limits.socketBufferBytes), &bound)
        guard descriptor >= 0 else {
            throw Fault(
                "open alarm socket", at: "\(Self.text(address)):\(port)",
                cause: SystemError.text(-descriptor),
                hint: "See who has the port with `ss -ulpn`; one agent runs per terminal.")
        }
        self.descriptor = descriptor
        self.port = bound
    }

    deinit { close(descriptor) }

    /// False: the kernel did not take it now (no route, full); the next repetition tries again.
    @discardableResult
    package func send(_ bytes: [UInt8], address: UInt32, port: UInt16) -> Bool {
        wp_udp_send(descriptor, bytes, bytes.count, address, port) == 0
    }

    /// One datagram into `buffer`, cut at its end; `nil`: none is waiting. A buffer one byte longer than
    /// `Limits.datagramMaxBytes` lets `Link` see that one was too long.
    package func receive(into buffer: inout [UInt8]) -> (count: Int, address: UInt32, port: UInt16)? {
        var address: UInt32 = 0
        var port: UInt16 = 0
        let capacity = buffer.count
        let count = wp_udp_receive(descriptor, &buffer, capacity, &address, &port)
        return count >= 0 ? (Int(count), address, port) : nil
    }

    /// `10.1.0.7`
    package static func text(_ address: UInt32) -> String {
        "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)"
    }
}

/// The kernel's words for its error numbers.
enum SystemError {
    static func text(_ number: Int32) -> String { String(cString: strerror(number)) }
}
