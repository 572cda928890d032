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
    private let parts: Mutex<Parts?>

    private struct Running {
        /// nil: held.
        var capture: SoundThread?
        let listen: @Sendable () -> Void
        let claim: UInt64
        let rank: SoundRank
    }

    private struct Parts: ~Copyable {
        // SAFETY: made by the thread that makes the session and handed once to the thread that runs it.
        nonisolated(unsafe) let sender: VoiceSender
        nonisolated(unsafe) let receiver: VoiceReceiver
    }

    /// Refuses a plan whose codec is not here or whose keys are none, and a rate that is not the speaker's.
    /// The card may be gone: it is tried again.
    /// `recorder`: hears both sides while the gate is open; whoever made it ends it after `stop`.
    package init(
        socket: MediaSocket, plan: MediaPlan, speaker: Speaker, settings: VoiceSettings,
        recorder: CallRecorder? = nil
    ) throws(Fault) {
        try Self.check(plan, rateHz: settings.sampleRateHz)
        precondition(settings.sampleRateHz == speaker.rateHz, "a call at the rate of its loudspeaker")
        localPort = socket.localPort
        self.socket = socket
        self.speaker = speaker
        exchange = VoiceExchange(plan: plan, settings: settings)
        let reference = ReferenceLine(rateHz: settings.sampleRateHz)
        let sender = try VoiceSender(
            socket: socket, exchange: exchange, reference: reference, card: speaker.card, recorder: recorder)
        let receiver = try VoiceReceiver(
            socket: socket, exchange: exchange, reference: reference, recorder: recorder)
        parts = Mutex(Parts(sender: sender, receiver: receiver))
    }

    deinit { stop() }

    /// What the threads' buffers are made for, and nothing else.
    private static func check(_ plan: MediaPlan, rateHz: Int) throws(Fault) {
        guard [10, 20, 40, 60].contains(plan.frameMs) else {
            throw Fault(
                "agree on a call", at: "ptime \(plan.frameMs)", cause: "no frame of ours is so long",
                hint: "Answer with a ptime of 10, 20, 40 or 60.")
        }
        guard [8_000, 16_000, 48_000].contains(rateHz) else {
            throw Fault(
                "agree on a call", at: "\(rateHz) Hz", cause: "voice has another rate",
                hint: "Set the voice rate to 16000 or 48000.")
        }
    }

    /// Begins to listen and to play, as `rank` allows. The gate stays shut. Once.
    package func start(rank: SoundRank = .alarmCall) {
        guard let taken = parts.withLock({ $0.take() }) else { return }
        // SAFETY: each goes to the one thread that has it from here on.
        nonisolated(unsafe) let sender = taken.sender
        nonisolated(unsafe) let receiver = taken.receiver
        let listen: @Sendable () -> Void = { sender.run() }
        let made = Running(
            capture: SoundThread("wp-capture", listen), listen: listen,
            claim: speaker.add(receiver, rank: rank), rank: rank)
        running.withLock { $0 = made }
    }

    /// A held call leaves the microphone and the loudspeaker to others.
    package func hold(_ on: Bool) {
        exchange.isHeld.store(on, ordering: .releasing)
        running.withLock { running in
            guard let known = running, on == (known.capture != nil) else { return }
            speaker.rank(known.claim, on ? .background : known.rank)
            known.capture?.join()
            running?.capture = on ? nil : SoundThread("wp-capture", known.listen)
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
        try Self.check(plan, rateHz: exchange.settings.sampleRateHz)
        _ = try plan.codec.made(exchange.settings, frameMs: plan.frameMs, isOwn: plan.redundancy != nil)
        if let keys = plan.srtp {
            _ = try MediaGuard(suite: keys.suite, key: keys.sendKey)
            _ = try MediaGuard(suite: keys.suite, key: keys.receiveKey)
        }
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
            speaker.end(running.claim)
            running.capture?.join()
        }
    }

    package func report() -> VoiceReport { exchange.report() }
}
