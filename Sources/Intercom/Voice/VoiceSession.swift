// SPDX-License-Identifier: Apache-2.0
package import Audio
package import Facility
import Synchronization

/// One call's voice: a capture thread of its own, the terminal's loudspeaker shared with all that sounds, no
/// allocation per frame. Everything here may be called from any thread. Always true: before `openGate` not
/// one packet leaves.
///
///     out: card ─> echo canceller ─> duplex ─> gate ─> encode ─> [RED] ─> [SRTP] ─> UDP        VoiceSender
///     in:  UDP ─> source ─> [SRTP] ─> jitter buffer ─> decode ─> Speaker ─> card               VoiceReceiver
///                                                                   └─ reference ─> echo canceller
package final class VoiceSession: Sendable {
    package let localPort: UInt16
    private let exchange: VoiceExchange
    private let socket: MediaSocket
    private let speaker: Speaker
    private let running = Mutex<Running?>(nil)

    private struct Running {
        let ends: VoiceEnds
        /// nil: held.
        var capture: SoundThread?
    }

    /// Refuses a plan whose codec is not here or whose keys are none, and a rate that is not the speaker's.
    /// The card may be gone: it is tried again.
    package init(
        socket: MediaSocket, plan: MediaPlan, speaker: Speaker, settings: VoiceSettings
    ) throws(Fault) {
        try Self.check(plan, settings)
        precondition(settings.sampleRateHz == speaker.rateHz, "a call at the rate of its loudspeaker")
        localPort = socket.localPort
        (self.socket, self.speaker) = (socket, speaker)
        exchange = VoiceExchange(plan: plan, settings: settings)
    }

    deinit { stop() }

    /// What the threads' buffers are made for; a codec and keys that are there.
    private static func check(_ plan: MediaPlan, _ settings: VoiceSettings) throws(Fault) {
        guard [10, 20, 40, 60].contains(plan.frameMs) else {
            throw Fault(
                "agree on a call", at: "ptime \(plan.frameMs)", cause: "no frame of ours is so long",
                hint: "Answer with a ptime of 10, 20, 40 or 60.")
        }
        guard [8_000, 16_000, 48_000].contains(settings.sampleRateHz) else {
            throw Fault(
                "agree on a call", at: "\(settings.sampleRateHz) Hz", cause: "voice has another rate",
                hint: "Set the voice rate to 16000 or 48000.")
        }
        // Nothing is made here: who answers waits for this.
        switch plan.codec {
        case .g722: if !G722Codec.isThere { _ = try G722Codec() }
        case .opus, .pcma, .pcmu: break
        }
        for key in plan.srtp.map({ [$0.sendKey, $0.receiveKey] }) ?? [] {
            guard let suite = plan.srtp?.suite, key.count != suite.keyBytes else { continue }
            throw MediaGuard.refusal(suite, keyBytes: key.count)
        }
    }

    /// Begins to listen and to play, as `rank` allows; the gate is as it is. Once. `recorder`: hears both
    /// sides while the gate is open; whoever made it ends it after `stop`.
    package func start(rank: SoundRank = .alarmCall, recorder: CallRecorder? = nil) {
        running.withLock { running in
            guard running == nil, !exchange.isStopped.load(ordering: .acquiring) else { return }
            let ends = VoiceEnds(
                socket: socket, exchange: exchange, speaker: speaker, recorder: recorder, rank: rank)
            running = Running(ends: ends, capture: Self.capture(ends))
        }
    }

    private static func capture(_ ends: VoiceEnds) -> SoundThread {
        SoundThread("wp-capture", urgent: false) { ends.listen() }
    }

    /// A held call leaves the microphone and the loudspeaker to others.
    package func hold(_ on: Bool) {
        exchange.isHeld.store(on, ordering: .releasing)
        running.withLock { running in
            guard let known = running, on == (known.capture != nil) else { return }
            known.capture?.join()
            known.ends.setHeld(on)
            running?.capture = on ? nil : Self.capture(known.ends)
        }
    }

    /// Lets the microphone's voice leave; the audit entry must stand before.
    package func openGate() { exchange.isGateOpen.store(true, ordering: .releasing) }
    package func closeGate() { exchange.isGateOpen.store(false, ordering: .releasing) }
    /// Sends silence; the other side is heard on.
    package func mute(_ isMuted: Bool) { exchange.isMuted.store(isMuted, ordering: .releasing) }
    /// The key of push-to-talk.
    package func pushToTalk(_ isHeld: Bool) { exchange.isKeyHeld.store(isHeld, ordering: .releasing) }

    /// A new agreement: hold, another address, another codec, new keys. Refused as `init` does; then the old
    /// one holds.
    package func update(_ plan: MediaPlan) throws(Fault) {
        try Self.check(plan, exchange.settings)
        exchange.steering.withLock { $0.plan = plan }
        exchange.planNumber.add(1, ordering: .acquiringAndReleasing)
    }

    /// Sends one key (0 to 9, *, #, A to D) by RFC 4733; false when the other side takes none or too many
    /// wait.
    package func send(dtmf key: Character) -> Bool {
        guard let key = TelephoneEvent.key(of: key) else { return false }
        return exchange.steering.withLock { steering in
            guard steering.plan.telephoneEvent != nil, steering.keys.count < 16 else { return false }
            steering.keys.append(key)
            return true
        }
    }

    /// Neither listens nor plays after; once stopped, a session stays so.
    package func stop() {
        exchange.isStopped.store(true, ordering: .releasing)
        if let running = running.withLock({ $0.take() }) {
            running.ends.end()
            running.capture?.join()
        }
    }

    package func report() -> VoiceReport { exchange.report() }
}
