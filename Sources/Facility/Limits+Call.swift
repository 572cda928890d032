// SPDX-License-Identifier: Apache-2.0

/// The bounds of a call: its machine and its signalling. Those of the voice stand with the voice.
extension Limits {
    /// Calls that one terminal knows at a time; a further one is refused as busy, unless it is more urgent
    /// than one that waits: then the least urgent, youngest one is told busy instead.
    package static let callsMaxCount = 32
    /// A post that was invited and has not said that it rings counts as unreachable after this.
    package static let callReachMs = 2_000
    /// An officer's call that nobody answered ends after this. A detainee's rings on.
    package static let callRingMs = 60_000
    /// A detainee's call that no post could be reached for is offered anew this often.
    package static let callOfferAgainMs = 2_000
    /// Nothing was received of the other end for so long: it is gone, and a detainee's call rings again.
    package static let callSilenceMs = 3_000
    /// Looks for that, and for what has been spoken, this often.
    package static let callLookMs = 500
    /// The notice that help has been told is said again in a cell that waits, this often.
    package static let callNoticeMs = 20_000
    /// An officer's opening waits so long for its entry in the record; then it is refused.
    package static let callAuditMs = 2_000
    /// Texts of a call: reasons, names of phones; longer ones are refused.
    package static let callReasonMaxBytes = 200
    /// A message of SIP longer than this is dropped unread by the library's own bound; ours for a body.
    package static let sipBodyMaxBytes = 8 * 1_024
    /// Lines and formats read of a session description; one with more is refused.
    package static let sdpLinesMaxCount = 256
    package static let sdpFormatsMaxCount = 64
    /// Signalling of one call that is under way at once from strangers is none; this bounds friends.
    package static let sipCallsPerSecondCount = 50
    /// A registration is asked for so long, and renewed by the library before.
    package static let sipRegistrationMs = 300_000
    /// A registrar that does not answer: the next one is asked after this.
    package static let sipRegistrarRetryMs = 5_000
    /// A phone makes the keys of its voice within this; then its call ends.
    package static let handshakeMs = 5_000
    /// Our last words of a handshake are said again for so long, until the phone speaks.
    package static let handshakeLingerMs = 200
    /// Voice begins when the other end has confirmed the answer, and at the latest after this: a lost packet
    /// of signalling holds up no voice.
    package static let voiceBeginMs = 20
    /// The process tells watchpost-alarm this often that there is sound; silence of `soundLostMs` is a fault.
    package static let soundReportMs = 1_000
    package static let soundLostMs = 5_000
}
