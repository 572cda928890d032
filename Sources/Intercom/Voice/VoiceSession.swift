// SPDX-License-Identifier: Apache-2.0
package import Audio
package import Facility
import Synchronization

/// One call's voice: two named threads of its own (capture, playback), no allocation per frame. Everything
/// here may be called from any thread. Always true: before `openGate` not one packet leaves.
///
///     out: card ─> echo canceller ─> duplex ─> gate ─> encode ─> [RED] ─> [SRTP] ─> UDP        VoiceSender
///     in:  UDP ─> source ─> [SRTP] ─> jitter buffer ─> decode ─> mix with sounds ─> card       VoiceReceiver
///                                                                      └─ reference ─> echo canceller
package final class VoiceSession: Sendable {
    package let localPort: UInt16
    private let exchange: VoiceExchange
    private let socket: MediaSocket
    private let card: SoundCard
    /// What is played beside the other side's voice.
    package let sounds: SoundMixer
    private let threads = Mutex<[SoundThread]>([])
    private let parts: Mutex<Parts?>

    private struct Parts: ~Copyable {
        // SAFETY: made by the thread that makes the session and handed once to the thread that runs it.
        nonisolated(unsafe) let sender: VoiceSender
        nonisolated(unsafe) let receiver: VoiceReceiver
    }

    /// Refuses a plan whose codec is not here or whose keys are none. The card may be gone: it is tried
    /// again.
    /// `recorder`: hears both sides while the gate is open; whoever made it ends it after `stop`.
    package init(
        socket: MediaSocket, plan: MediaPlan, card: SoundCard, settings: VoiceSettings,
        recorder: CallRecorder? = nil
    ) throws(Fault) {
        try Self.check(plan, rateHz: settings.sampleRateHz)
        localPort = socket.localPort
        self.socket = socket
        self.card = card
        exchange = VoiceExchange(plan: plan, settings: settings)
        sounds = SoundMixer(rateHz: settings.sampleRateHz)
        let reference = ReferenceLine(rateHz: settings.sampleRateHz)
        let sender = try VoiceSender(
            socket: socket, exchange: exchange, reference: reference, card: card, recorder: recorder)
        let receiver = try VoiceReceiver(
            socket: socket, exchange: exchange, reference: reference, card: card, sounds: sounds,
            recorder: recorder)
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

    /// Begins to listen and to play. The gate stays shut. Once.
    package func start() {
        guard let taken = parts.withLock({ $0.take() }) else { return }
        // SAFETY: each goes to the one thread that has it from here on.
        nonisolated(unsafe) let sender = taken.sender
        nonisolated(unsafe) let receiver = taken.receiver
        let made = [
            SoundThread("wp-capture") { sender.run() }, SoundThread("wp-playback") { receiver.run() },
        ]
        threads.withLock { $0 = made }
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

    /// Ends both threads and waits for them; once stopped, a session stays so.
    package func stop() {
        exchange.isStopped.store(true, ordering: .releasing)
        let running = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in running { thread.join() }
    }

    package func report() -> VoiceReport { exchange.report() }
}
