// SPDX-License-Identifier: Apache-2.0

/// The bounds of sound: cards, voice, clips and recordings.
extension Limits {
    // MARK: Media

    /// Ports that voice takes, in pairs (RTP even, RTCP odd); when all are taken no further call is offered.
    package static let mediaPortsCount: ClosedRange<UInt16> = 16_384...20_479
    /// What the kernel keeps of voice that is not yet read; more is dropped by the kernel.
    package static let mediaReceiveBytes = 65_536
    /// A longer packet is refused.
    package static let mediaPacketMaxBytes = 1_500
    /// Packets taken in one turn of the playback thread; the rest waits for the next turn.
    package static let mediaPacketsPerTurnCount = 64
}
