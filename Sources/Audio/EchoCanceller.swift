// SPDX-License-Identifier: Apache-2.0
import CSpeexDSP
import CVoiceDSP
import CWebRTC
import Facility

/// Takes the loudspeaker out of the microphone, 10 ms at a time, and measures how well that goes. The capture
/// thread's; nothing is allocated after the beginning. Always true: the output is as long as the input.
package final class EchoCanceller {
    package enum Kind: Hashable, Sendable { case adaptive, speex, webrtc, off }

    /// What it is: our own where the library of another is not installed.
    package let kind: Kind
    private let rateHz: Int
    private let stepCount: Int
    // SAFETY: made and freed here, used by the one thread that has this canceller.
    private let speex: OpaquePointer?
    private let preprocess: OpaquePointer?
    private let own: OpaquePointer?
    private let webrtc: OpaquePointer?

    package private(set) var microphoneDb = Decibel.silence
    package private(set) var farDb = Decibel.silence
    package private(set) var nearDb = Decibel.silence
    /// What is left of the echo, while the other side alone speaks; held otherwise.
    package private(set) var residualDb = Decibel.silence
    /// −1: not known yet.
    package private(set) var reductionDb = -1.0
    private var (microphonePower, farPower, nearPower) = (0.0, 0.0, 0.0)
    private var (echoBefore, echoAfter) = (0.0, 0.0)

    package static var hasWebRTC: Bool { wp_webrtc_is_there() == 1 }

    package init(_ wished: Kind, rateHz: Int, suppressesNoise: Bool, tailMs: Int = Limits.echoTailMs) {
        webrtc = wished == .webrtc ? wp_webrtc_new(Int32(rateHz), suppressesNoise ? 1 : 0) : nil
        kind = wished == .webrtc && webrtc == nil ? .adaptive : wished
        self.rateHz = rateHz
        stepCount = rateHz / 100
        own =
            kind == .adaptive
            ? wp_echo_new(rateHz / 100, tailMs / 10, suppressesNoise ? 1 : 0) : nil
        guard kind == .speex else {
            (speex, preprocess) = (nil, nil)
            return
        }
        speex = speex_echo_state_init(Int32(rateHz / 100), Int32(rateHz * tailMs / 1_000))
        preprocess = speex_preprocess_state_init(Int32(rateHz / 100), Int32(rateHz))
        var rate = Int32(rateHz)
        var denoise: Int32 = suppressesNoise ? 1 : 0
        speex_echo_ctl(speex, SPEEX_ECHO_SET_SAMPLING_RATE, &rate)
        speex_preprocess_ctl(preprocess, SPEEX_PREPROCESS_SET_DENOISE, &denoise)
        if let speex {
            speex_preprocess_ctl(preprocess, SPEEX_PREPROCESS_SET_ECHO_STATE, .init(speex))
        }
    }

    deinit {
        wp_echo_free(own)
        wp_webrtc_free(webrtc)
        if let speex { speex_echo_state_destroy(speex) }
        if let preprocess { speex_preprocess_state_destroy(preprocess) }
    }

    /// What it adds to the delay.
    package var delayUs: Int {
        switch kind {
        case .adaptive: own.map { Int(wp_echo_delay($0)) * 1_000_000 / rateHz } ?? 0
        case .speex: 10_000
        case .webrtc: 0
        case .off: 0
        }
    }

    package func run(_ microphone: SampleBlock, reference: SampleBlock, into out: SampleBlock) {
        switch kind {
        case .adaptive: wp_echo_run(own, microphone.base, reference.base, out.base)
        case .webrtc: wp_webrtc_run(webrtc, microphone.base, reference.base, out.base)
        case .off: out.base.update(from: microphone.base, count: stepCount)
        case .speex:
            speex_echo_cancellation(speex, microphone.base, reference.base, out.base)
            speex_preprocess_run(preprocess, out.base)
        }
        measure(microphone, reference, out)
    }

    private func measure(_ microphone: SampleBlock, _ reference: SampleBlock, _ out: SampleBlock) {
        let heard = wp_power(microphone.base, stepCount)
        let played = wp_power(reference.base, stepCount)
        let left = wp_power(out.base, stepCount)
        microphonePower += (heard - microphonePower) / 8
        farPower += (played - farPower) / 8
        nearPower += (left - nearPower) / 8
        microphoneDb = Decibel.of(power: microphonePower)
        farDb = Decibel.of(power: farPower)
        nearDb = Decibel.of(power: nearPower)
        // While the other side alone speaks the canceller takes much; whoever speaks here as well leaves
        // much.
        guard farDb > Limits.voiceActiveDb else { return }
        echoBefore += (heard - echoBefore) / 200
        echoAfter += (left - echoAfter) / 200
        reductionDb = Decibel.ratio(echoBefore, to: max(echoAfter, 0.1)) ?? -1
        residualDb = Decibel.of(power: echoAfter)
    }
}
