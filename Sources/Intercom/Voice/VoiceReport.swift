// SPDX-License-Identifier: Apache-2.0

/// What one call's voice is like at this moment: shown, and kept with the recording. All counts since the
/// start.
package struct VoiceReport: Hashable, Sendable {
    package var packetsSent = 0
    package var packetsReceived = 0
    /// Never came, or too late, by sequence number.
    package var packetsLost = 0
    package var packetsLate = 0
    /// Wrong source, wrong authentication, no RTP: never heard.
    package var packetsRefused = 0
    /// RFC 3550's estimate.
    package var jitterMs = 0.0
    /// From the other side's mouth to this side's ear: its card and encoder, network, buffer, our card. -1:
    /// not known yet.
    package var mouthToEarMs = -1.0
    package var roundTripMs = -1.0
    /// What the jitter buffer holds.
    package var bufferMs = 0.0
    /// How far the echo that is left lies below the loudspeaker's at the microphone (ERLE); -1: not known
    /// yet.
    package var echoReductionDb = -1.0
    /// What is left of the echo in what we send, dB under full scale.
    package var residualEchoDb = -96.0
    package var framesConcealed = 0
    /// Made good by FEC or redundancy.
    package var framesRecovered = 0
    /// Real frames that the cards took and gave.
    package var framesCaptured = 0
    package var framesPlayed = 0
    package var cardRecoveries = 0
    package var isHalfDuplex = false
    package var isGateOpen = false
    package var microphoneLevelDb = -96.0
    package var loudspeakerLevelDb = -96.0
    /// Keys that came (RFC 4733), not yet taken: at most the newest 16, in order.
    package var digits: [UInt8] = []
    /// A card that cannot be used, in a technician's words; nil: both work.
    package var cardTrouble: String?

    package init() {}
}
