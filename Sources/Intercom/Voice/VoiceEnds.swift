// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Synchronization

/// What one call says and hears, made by its capture thread: neither a ring nor an answer waits for buffers.
/// Any thread. Always true: once over, nothing of it is heard.
final class VoiceEnds: Sendable {
    private struct Made {
        // SAFETY: the capture thread's alone; others look at the claim.
        nonisolated(unsafe) let sender: VoiceSender
        let claim: UInt64
    }

    private enum State {
        case fresh
        case made(Made)
        case over
    }

    private let socket: MediaSocket
    private let exchange: VoiceExchange
    private let speaker: Speaker
    private let recorder: CallRecorder?
    private let rank: SoundRank
    private let state = Mutex(State.fresh)

    init(
        socket: MediaSocket, exchange: VoiceExchange, speaker: Speaker, recorder: CallRecorder?,
        rank: SoundRank
    ) {
        (self.socket, self.exchange, self.speaker) = (socket, exchange, speaker)
        (self.recorder, self.rank) = (recorder, rank)
    }

    /// The capture thread's life; one after another, where the call was held between.
    func listen() {
        if case .fresh = state.withLock({ $0 }) { make() }
        // Not before: who answers is still at work on the other core.
        SoundThread.hurry()
        if case .made(let made) = state.withLock({ $0 }) { made.sender.run() }
    }

    private func make() {
        do throws(Fault) {
            let reference = ReferenceLine(rateHz: exchange.settings.sampleRateHz)
            let sender = try VoiceSender(
                socket: socket, exchange: exchange, reference: reference, card: speaker.card,
                recorder: recorder)
            let receiver = try VoiceReceiver(
                socket: socket, exchange: exchange, reference: reference, recorder: recorder)
            // SAFETY: each goes to the one thread that has it from here on.
            nonisolated(unsafe) let (said, heard) = (sender, receiver)
            let claim = speaker.add(heard, rank: rank)
            let isOver = state.withLock { state in
                guard case .fresh = state else { return true }
                state = .made(Made(sender: said, claim: claim))
                return false
            }
            if isOver { speaker.end(claim) }
        } catch {
            // The plan was tried before: memory is short.
            exchange.said.withLock { $0.trouble = error.description }
        }
    }

    /// Lowered while the call is held.
    func setHeld(_ isHeld: Bool) {
        state.withLock { state in
            if case .made(let made) = state { speaker.rank(made.claim, isHeld ? .background : rank) }
        }
    }

    func end() {
        state.withLock { state in
            if case .made(let made) = state { speaker.end(made.claim) }
            state = .over
        }
    }
}
