// SPDX-License-Identifier: Apache-2.0
package import Audio
import CLinux
import CVoiceDSP
package import Facility

/// One call on this machine: two sessions, two simulated cards, a wire between them that may lose packets.
/// What the benches and tests talk through. One thread steers it.
package final class BenchCall {
    package let near: SimulatedCard
    package let far: SimulatedCard
    package let caller: VoiceSession
    package let answerer: VoiceSession
    /// The loudspeakers of the two.
    package let speakers: (near: Speaker, far: Speaker)
    private let wire: LossyWire?
    let rateHz: Int

    /// How the call is made.
    package struct Terms: Sendable {
        package var codec = VoiceCodecChoice.opus(payloadType: 111, fec: false, stereo: false)
        package var frameMs = 10
        package var redundancy: UInt8? = 121
        package var lossPercent = 0
        package var srtp: SRTPSuite?
        package var settings = VoiceSettings()
        package var near = SimulatedCard.Settings()
        package var far = SimulatedCard.Settings()
        /// Other cards than simulated ones.
        package var cards: (near: SoundCard, far: SoundCard)?

        package init() {}
    }

    package init(_ terms: Terms) throws(Fault) {
        let home: UInt32 = 0x7f00_0001
        let (a, b) = (try MediaSocket(host: home), try MediaSocket(host: home))
        near = SimulatedCard(terms.near)
        far = SimulatedCard(terms.far)
        rateHz = terms.settings.sampleRateHz
        speakers = (
            Speaker(terms.cards?.near ?? .simulated(near), rateHz: rateHz),
            Speaker(terms.cards?.far ?? .simulated(far), rateHz: rateHz)
        )
        var (toB, toA) = (b.localPort, a.localPort)
        if terms.lossPercent > 0 {
            let made = try LossyWire(
                host: home, a: a.localPort, b: b.localPort, lossPercent: terms.lossPercent)
            (toB, toA) = (made.portForA, made.portForB)
            wire = made
        } else {
            wire = nil
        }
        let keys = (0..<2).map { side in
            terms.srtp.map { suite in (0..<suite.keyBytes).map { UInt8(truncatingIfNeeded: $0 * 7 + side) } }
                ?? []
        }
        func plan(_ port: UInt16, _ side: Int) -> MediaPlan {
            MediaPlan(
                remote: MediaAddress(host: home, port: port), codec: terms.codec, telephoneEvent: 101,
                redundancy: terms.redundancy, frameMs: terms.frameMs,
                srtp: terms.srtp.map { SRTPKeys(suite: $0, sendKey: keys[side], receiveKey: keys[1 - side]) })
        }
        caller = try VoiceSession(
            socket: a, plan: plan(toB, 0), speaker: speakers.near, settings: terms.settings)
        answerer = try VoiceSession(
            socket: b, plan: plan(toA, 1), speaker: speakers.far, settings: terms.settings)
    }

    package func begin() {
        speakers.near.start()
        speakers.far.start()
        caller.start()
        answerer.start()
        caller.openGate()
        answerer.openGate()
    }

    package func end() {
        caller.stop()
        answerer.stop()
        speakers.near.stop()
        speakers.far.stop()
        wire?.stop()
    }

    /// Speaks into the caller's card and takes down what the answerer's plays; nothing is allocated meanwhile
    /// by the call itself. Returns it from the moment on at which the speech began.
    package func hear(_ speech: [Int16], afterMs: Int = 500, tailMs: Int = 500) -> [Int16] {
        let start = (wp_uptime_ns() / 1_000_000_000 + 1) * 1_000_000_000 + UInt64(afterMs) * 1_000_000
        near.says(speech, fromNs: start)
        let total = speech.count + rateHz * tailMs / 1_000
        var heard: [Int16] = []
        while heard.count < total {
            let count = min(rateHz, total - heard.count)
            let from = start + UInt64(heard.count) * 1_000_000_000 / UInt64(rateHz)
            wp_wait_until_ns(from + UInt64(count) * 1_000_000_000 / UInt64(rateHz) + 100_000_000)
            heard += far.loudspeaker.listen(fromNs: from, count: count, rateHz: rateHz)
        }
        return heard
    }
}
