// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What the tool and the panel say to `watchpost-sound` of their terminal, and what it answers.
///
/// A value; any thread. One datagram, one message, as with the alarm agent; the kinds begin at 64.
package enum SoundMessage: Hashable, Sendable {
    case command(SoundCommand)
    /// nil: done.
    case reply(token: UInt64, refusal: CallRefusal?)
    case query(token: UInt64)
    case call(token: UInt64, CallLine)
    case status(token: UInt64, SoundStatus)
    /// What a sound test heard.
    case tested(token: UInt64, SoundTest)
    /// How does the last page of this post stand: `page`, then a `paged` for each terminal, then `end`.
    case pageQuery(token: UInt64)
    case page(token: UInt64, PageReport)
    case paged(token: UInt64, PagedLine)
    case end(token: UInt64, count: UInt32)
}

/// What an officer does to a call.
package struct SoundCommand: Hashable, Sendable {
    package enum Deed: Hashable, Sendable {
        /// `to`: a terminal or a phone, by its name.
        case call(to: String, CallMode, CallGrounds)
        /// nil: the first of the queue.
        case answer(CallID?)
        case hangUp(CallID?)
        case mute(Bool)
        case hold(Bool)
        /// The key of push-to-talk.
        case push(Bool)
        /// Plays a sweep and looks for it in the own microphone. True: what is found is kept.
        case test(keeps: Bool)
        case page(PageOrder)
        case endPage
    }

    package var token: UInt64
    package var officer: OfficerID?
    package var deed: Deed

    package init(token: UInt64, officer: OfficerID?, deed: Deed) {
        self.token = token
        self.officer = officer
        self.deed = deed
    }
}

/// Where a call stands.
package enum CallPhase: UInt8, Sendable, CaseIterable, Hashable {
    case offering = 1
    case ringing = 2
    case recording = 3
    case talking = 4
    case held = 5
}

/// One call of a terminal as its list shows it.
package struct CallLine: Hashable, Sendable {
    package var id: CallID
    package var phase: CallPhase
    package var urgency: CallClass
    package var mode: CallMode
    /// Empty: nobody yet.
    package var far: String
    package var alarm: EventID?
    package var ageMs: UInt32
    package var isMicrophoneOpen: Bool
    package var twoWayMs: UInt32
    /// -1: not known yet.
    package var mouthToEarMs: Int32
    /// Level of what is heard, dB under full scale: so a tone can be seen.
    package var heardDb: Int32
    package var packetsReceived: UInt64

    package init(
        id: CallID, phase: CallPhase, urgency: CallClass, mode: CallMode, far: String, alarm: EventID?,
        ageMs: UInt32, isMicrophoneOpen: Bool = false, twoWayMs: UInt32 = 0, mouthToEarMs: Int32 = -1,
        heardDb: Int32 = -96, packetsReceived: UInt64 = 0
    ) {
        self.id = id
        self.phase = phase
        self.urgency = urgency
        self.mode = mode
        self.far = far
        self.alarm = alarm
        self.ageMs = ageMs
        self.isMicrophoneOpen = isMicrophoneOpen
        self.twoWayMs = twoWayMs
        self.mouthToEarMs = mouthToEarMs
        self.heardDb = heardDb
        self.packetsReceived = packetsReceived
    }
}

/// The process about itself.
package struct SoundStatus: Hashable, Sendable {
    package var isWorking: Bool
    package var isRegistered: Bool
    package var strangers: UInt64
    package var readyMs: UInt32

    package init(isWorking: Bool, isRegistered: Bool, strangers: UInt64, readyMs: UInt32) {
        self.isWorking = isWorking
        self.isRegistered = isRegistered
        self.strangers = strangers
        self.readyMs = readyMs
    }
}

/// What a terminal heard of its own loudspeaker.
package struct SoundTest: Hashable, Sendable {
    package enum Outcome: UInt8, Sendable, CaseIterable, Hashable {
        case heard = 1
        /// The loudspeaker, the microphone or the card does not work.
        case notHeard = 2
        /// Something more important wanted the loudspeaker.
        case interrupted = 3
    }

    package var outcome: Outcome
    /// From loudspeaker to microphone.
    package var delayUs: UInt32
    /// What came back against what was played, and how far it stood out of everything else; hundredths of dB.
    package var levelCentiDb: Int32
    package var clearCentiDb: Int32
    package var isKept: Bool

    package init(
        outcome: Outcome, delayUs: UInt32 = 0, levelCentiDb: Int32 = 0, clearCentiDb: Int32 = 0,
        isKept: Bool = false
    ) {
        self.outcome = outcome
        self.delayUs = delayUs
        self.levelCentiDb = levelCentiDb
        self.clearCentiDb = clearCentiDb
        self.isKept = isKept
    }
}
