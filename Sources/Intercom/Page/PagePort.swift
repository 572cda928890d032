// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc

/// A UDP socket that carries voice of pages: one that hears a group, or one of this terminal's own that sends
/// to groups and takes copies. Closed with the last reference. Any thread.
package final class PagePort: Sendable {
    package let descriptor: Int32
    /// Host byte order.
    package let number: UInt16

    /// Hears a group, on the interface that has this address (IPv4, host byte order).
    package init(hearing group: PageGroup, on interface: UInt32) throws(Fault) {
        let opened = wp_group_open(group.address, group.port, interface, Int32(Limits.mediaReceiveBytes))
        guard opened >= 0 else {
            throw Fault(
                "join a group", at: "\(Self.text(group.address)):\(group.port)",
                cause: String(cString: strerror(-opened)),
                hint:
                    "Is \(Self.text(interface)) this terminal's address? Does its network carry multicast?"
            )
        }
        (descriptor, number) = (opened, group.port)
    }

    /// One of the system's choice at this address; what it sends to groups leaves there.
    package init(at address: UInt32, ttl: UInt8) throws(Fault) {
        var bound: UInt16 = 0
        let opened = wp_udp_open(address, 0, Int32(Limits.mediaReceiveBytes), &bound)
        guard opened >= 0 else { throw Self.fault(address, -opened) }
        (descriptor, number) = (opened, bound)
        let failed = wp_group_sender(opened, address, Int32(ttl))
        guard failed == 0 else { throw Self.fault(address, -failed) }
    }

    deinit { close(descriptor) }

    private static func fault(_ address: UInt32, _ number: Int32) -> Fault {
        Fault(
            "open a page's port", at: text(address), cause: String(cString: strerror(number)),
            hint: "See that the address is this terminal's: ip address.")
    }

    private static func text(_ address: UInt32) -> String {
        "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)"
    }
}

extension PageCodec {
    /// With in-band copies where it can.
    var choice: VoiceCodecChoice {
        switch self {
        case .opus: .opus(payloadType: payloadType, fec: true, stereo: false)
        case .g722: .g722(payloadType: payloadType)
        case .pcma: .pcma(payloadType: payloadType)
        case .pcmu: .pcmu(payloadType: payloadType)
        }
    }

    func made(rateHz: Int) throws(Fault) -> any AudioCodec {
        var settings = VoiceSettings()
        (settings.sampleRateHz, settings.opusBitsPerSecond) = (rateHz, Limits.pagingBitsPerSecondCount)
        return try choice.made(settings, frameMs: Limits.pagingFrameMs, isOwn: false)
    }

    /// Whether a packet of this type can be of this codec: Opus has any number that RFC 3551 leaves free.
    func isCarried(as type: UInt8) -> Bool { self == .opus ? 96...127 ~= type : type == payloadType }
}
