// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc

/// The UDP sockets of one call's voice: RTP on an even port, RTCP on the next. Made before the offer, so that
/// its port stands in the SDP; closed with the last reference. Any thread.
package final class MediaSocket: Sendable {
    /// Even, host byte order.
    package let localPort: UInt16
    package let rtp: Int32
    package let rtcp: Int32

    /// Binds a free pair of ports of `range` at `host` (IPv4, host byte order); tries them from a random
    /// place on, so that two processes seldom meet.
    package init(host: UInt32, ports range: ClosedRange<UInt16> = Limits.mediaPortsCount) throws(Fault) {
        let first = Int(range.lowerBound) + Int(range.lowerBound) % 2
        let pairs = (Int(range.upperBound) - first + 1) / 2
        var failure = EADDRINUSE
        guard pairs > 0 else {
            throw Self.fault(host: host, cause: "no pair of ports in \(range)")
        }
        let start = Int.random(in: 0..<pairs)
        for offset in 0..<pairs {
            let port = UInt16(first + (start + offset) % pairs * 2)
            var bound: UInt16 = 0
            let even = wp_udp_open(host, port, Int32(Limits.mediaReceiveBytes), &bound)
            guard even >= 0 else {
                failure = -even
                if failure == EADDRINUSE { continue } else { break }
            }
            let odd = wp_udp_open(host, port + 1, Int32(Limits.mediaReceiveBytes), &bound)
            if odd >= 0 {
                (localPort, rtp, rtcp) = (port, even, odd)
                return
            }
            failure = -odd
            close(even)
            if failure != EADDRINUSE { break }
        }
        throw Self.fault(host: host, cause: String(cString: strerror(failure)))
    }

    deinit {
        close(rtp)
        close(rtcp)
    }

    private static func fault(host: UInt32, cause: String) -> Fault {
        let address = "\(host >> 24).\(host >> 16 & 255).\(host >> 8 & 255).\(host & 255)"
        return Fault(
            "open a voice port", at: address, cause: cause,
            hint: "See that the address is this terminal's and that nobody else uses its voice ports.")
    }
}
