// SPDX-License-Identifier: Apache-2.0

/// The bounds of talking from the console.
extension Limits {
    /// A ticket that no page has used by then is worth nothing.
    package static let talkTicketMs = 10_000
    /// Talks of one hub at once, tickets included; a further one is refused (503).
    package static let talksMaxCount = 16
    /// One Opus packet (RFC 6716 §3.2.1: a frame of 1,275 bytes and its first byte); longer: the talk ends.
    package static let voicePacketMaxBytes = 1_276
    /// One message between hub and gateway; longer: the connection ends.
    package static let talkFrameMaxBytes = 2_048
    /// Voice packets that a page sends within a second, twice what 20 ms make; more are dropped.
    package static let talkPacketsPerSecondCount = 100
    /// The gateway that does not take the connection by then has failed.
    package static let talkConnectMs = 2_000
    /// A page that says nothing for so long is gone: the talk ends.
    package static let talkSilenceMs = 5_000

    // MARK: The gateway

    /// One packet of a page's voice.
    package static let pagePacketMs = 20
    /// A page's voice is played so much after it came, so that the next packet is there in time; what is
    /// later than `pageLagMs` is left out.
    package static let pageLeadMs = 40
    package static let pageLagMs = 200
    /// How a page's call stands is asked this often.
    package static let pageLookMs = 100
}
