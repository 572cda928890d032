// SPDX-License-Identifier: Apache-2.0
import Audio
import Testing

struct EchoCancellerTests {
    /// A loudspeaker 40 ms and a few reflections away, noise-like sound whose loudness changes as speech
    /// does.
    static func left(_ kind: EchoCanceller.Kind, near: Bool) -> (
        echo: Double, left: Double, canceller: EchoCanceller
    ) {
        let canceller = EchoCanceller(kind, rateHz: 16_000, suppressesNoise: false)
        let (microphone, reference, out) = (SampleBlock(160), SampleBlock(160), SampleBlock(160))
        var state: UInt32 = 3
        var past = [Double](repeating: 0, count: 4_000)
        var (echo, left, smooth) = (0.0, 0.0, 0.0)
        for step in 0..<600 {
            for index in 0..<160 {
                state = state &* 1_664_525 &+ 1_013_904_223
                let loud = (step / 30) % 3 == 0 ? 600.0 : 9_000
                smooth = smooth * 0.6 + (Double(state >> 8) / Double(1 << 24) - 0.5) * loud
                let at = (step * 160 + index) % past.count
                past[at] = smooth
                reference[index] = Int16(smooth)
                func back(_ samples: Int) -> Double { past[(at + past.count - samples) % past.count] }
                let heard = 0.7 * back(640) + 0.3 * back(900) - 0.2 * back(1_500)
                state = state &* 1_664_525 &+ 1_013_904_223
                let voice = near ? (Double(state >> 8) / Double(1 << 24) - 0.5) * 6_000 : 0
                microphone[index] = Int16(max(-32_000, min(32_000, heard + voice)))
                if step >= 300 { echo += heard * heard + voice * voice }
            }
            canceller.run(microphone, reference: reference, into: out)
            if step >= 300 { for index in 0..<160 { left += Double(out[index]) * Double(out[index]) } }
        }
        return (echo, left, canceller)
    }

    @Test(arguments: [(EchoCanceller.Kind.adaptive, 300.0), (.speex, 8)])
    func echo_isTaken(kind: EchoCanceller.Kind, least: Double) {
        let (echo, left, canceller) = Self.left(kind, near: false)
        #expect(echo / max(1, left) > least, "\(echo / max(1, left))")
        #expect(canceller.reductionDb > 5)
    }

    /// Where libwebrtc-audio-processing is not installed, or was not when this was built, it is our own.
    @Test func echo_isTakenByWebRTC_orByOurOwn() {
        let (echo, left, canceller) = Self.left(.webrtc, near: false)
        #expect(canceller.kind == (EchoCanceller.hasWebRTC ? .webrtc : .adaptive))
        #expect(echo / max(1, left) > 100, "\(echo / max(1, left))")
    }

    @Test func voice_isKept_whileTheOtherSideSpeaks() {
        let (both, left, _) = Self.left(.adaptive, near: true)
        // The voice is about half of what was heard; 3 dB of it may go.
        #expect(left / both > 0.06, "\(left / both)")
    }

    @Test func microphone_passes_whenOff() {
        let (echo, left, _) = Self.left(.off, near: false)
        #expect(abs(left / echo - 1) < 0.01)
    }
}
