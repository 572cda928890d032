// SPDX-License-Identifier: Apache-2.0

/// How the voice of a page is coded, 20 ms a packet. The raw value stands in the configuration and on the
/// wire.
package enum PageCodec: UInt8, Sendable, CaseIterable, Hashable {
    case opus = 1
    case g722, pcma, pcmu

    /// As RFC 3551 numbers it; Opus has no number of its own: the group says that it is Opus.
    package var payloadType: UInt8 {
        switch self {
        case .opus: 111
        case .g722: 9
        case .pcma: 8
        case .pcmu: 0
        }
    }
}

/// A multicast group that carries one page at a time. A value; any thread.
package struct PageGroup: Hashable, Sendable {
    /// IPv4, 224.0.0.0/4.
    package var address: UInt32
    package var port: UInt16
    package var codec: PageCodec

    package init(address: UInt32, port: UInt16, codec: PageCodec) {
        (self.address, self.port, self.codec) = (address, port, codec)
    }
}

/// 广播: how pages go from terminal to terminal, to loudspeakers of others, and from senders of others.
/// Compiled with the rest. A value; any thread.
package struct PagePlan: Hashable, Sendable {
    /// Loudspeakers that are not ours: they hear plain RTP.
    package struct Receiver: Hashable, Sendable {
        package var name: String
        package var group: PageGroup
        /// Whose pages they hear.
        package var zones: [ZoneID]

        package init(name: String, group: PageGroup, zones: [ZoneID]) {
            (self.name, self.group, self.zones) = (name, group, zones)
        }
    }

    /// A sender that is not ours (Algo, Polycom's RTP, a phone): plain RTP to a group that we listen to.
    package struct Sender: Hashable, Sendable {
        package var name: String
        package var group: PageGroup
        package var rank: SoundRank
        /// The only address that is listened to; 0: whoever sends to the group.
        package var source: UInt32
        /// Where it is heard.
        package var zones: [ZoneID]

        package init(name: String, group: PageGroup, rank: SoundRank, source: UInt32, zones: [ZoneID]) {
            (self.name, self.group, self.rank) = (name, group, rank)
            (self.source, self.zones) = (source, zones)
        }
    }

    /// Where our own terminals hear each other, sealed.
    package var group: PageGroup
    /// How many routers a packet may pass.
    package var ttl: UInt8
    /// How long the attention tone before a page is; 0: none.
    package var toneMs: UInt16
    /// Where each terminal is told of pages, UDP.
    package var ports: [TerminalID: UInt16]
    /// Terminals that multicast does not reach: they get copies of their own.
    package var unicast: Set<TerminalID>
    package var receivers: [Receiver]
    package var senders: [Sender]

    package init(
        group: PageGroup, ttl: UInt8 = 1, toneMs: UInt16 = 1_000, ports: [TerminalID: UInt16],
        unicast: Set<TerminalID> = [], receivers: [Receiver] = [], senders: [Sender] = []
    ) {
        (self.group, self.ttl, self.toneMs, self.ports) = (group, ttl, toneMs, ports)
        (self.unicast, self.receivers, self.senders) = (unicast, receivers, senders)
    }
}
