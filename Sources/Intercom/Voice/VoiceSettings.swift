// SPDX-License-Identifier: Apache-2.0

import Audio
package import Facility

/// How one terminal treats voice: from its board's configuration. Read when a call's voice begins.
package struct VoiceSettings: Hashable, Sendable {
    /// Which canceller removes the loudspeaker from the microphone.
    package enum Canceller: Hashable, Sendable {
        /// Our own: a frequency-domain Kalman filter and residual suppression.
        case adaptive
        /// speexdsp, 256 ms, with its residual suppression.
        case speex
        /// Of libwebrtc-audio-processing, where that is installed; else our own.
        case webrtc
        /// A handset or headset: nothing is heard of the loudspeaker.
        case off
    }

    /// Who may be heard at which time.
    package enum Talk: Hashable, Sendable {
        /// Both at once; falls back to `halfDuplex` by itself while the echo is bad.
        case fullDuplex
        /// The louder side; the other is lowered.
        case halfDuplex
        /// This side speaks while its key is held, and hears otherwise.
        case pushToTalk
    }

    /// 16,000 or 48,000: what the path works at.
    package var sampleRateHz = 16_000
    package var canceller = Canceller.adaptive
    package var suppressesNoise = true
    package var controlsGain = false
    package var talk = Talk.fullDuplex
    /// What `watchpost sound calibrate` found for this board: loudspeaker to microphone inside the card.
    package var calibratedDelayMs = 0
    package var opusBitsPerSecond = 96_000
    /// Between our own terminals; each frame is sent three times.
    package var ownBitsPerSecond = 96_000
    /// 0 to 10: a slow processor takes less.
    package var opusComplexity = 5
    /// Without SRTP nothing leaves and nothing is heard, unless this is set.
    package var allowsPlainRTP = true

    package init() {}
}

extension VoiceSettings.Canceller {
    /// As a board names it.
    package init(_ name: CancellerName) {
        switch name {
        case .adaptive: self = .adaptive
        case .speex: self = .speex
        case .webrtc: self = .webrtc
        case .off: self = .off
        }
    }

    var kind: EchoCanceller.Kind {
        switch self {
        case .adaptive: .adaptive
        case .speex: .speex
        case .webrtc: .webrtc
        case .off: .off
        }
    }
}
