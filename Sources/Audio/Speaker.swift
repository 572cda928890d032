// SPDX-License-Identifier: Apache-2.0
import CLinux
import CVoiceDSP
package import Facility
import Glibc
import Synchronization

/// A call's far side, as it is heard. Its methods are called by the playing thread alone, between `add` and
/// `end`.
package protocol HeardVoice: AnyObject {
    /// Two sockets of which it takes; readable, and `receive` is called.
    var descriptors: (Int32, Int32) { get }
    func receive()
    /// The next samples of it, in time, whether they are heard or not.
    func next(_ block: SampleBlock, count: Int)
    /// What the loudspeaker plays instead of those: with every sound, from then on.
    func played(_ mixed: SampleBlock, count: Int, soundsAtNs: UInt64, watch: CardWatch)
}

/// The one loudspeaker of a terminal, always this one's: calls and sounds claim it, the arbiter says who is
/// heard, one thread plays. Any thread claims. Always true: while nothing claims it the card is closed and
/// the thread asleep; whoever ended a claim is not called any more.
///
///     tones, notices ─> SoundMixer ──────────┐ Loudspeaker: who is heard
///     calls ─> HeardVoice (the first alone) ─┴─> mixed ─> SteadyPlayback ─> card
///                    ^────────────────────────────┘ echo canceller, record
package final class Speaker: Sendable {
    /// What whoever made it is told, on the playing thread.
    package enum Report: Hashable, Sendable {
        /// A sound's first sample is in the card, and is heard at that time.
        case began(UInt64, atNs: UInt64)
        case ended(UInt64)
        /// What has the loudspeaker is of another rank now; nil: it is free.
        case rank(SoundRank?)
        /// nil: the card works again.
        case trouble(String?)
    }

    package typealias Loan = @Sendable (_ isWantedBack: () -> Bool) -> Void

    package let card: SoundCard
    package let rateHz: Int
    private let stage: Mutex<SpeakerStage>
    private let told: @Sendable (Report) -> Void
    private let bell = wp_eventfd()
    private let isStopped = Atomic(false)
    private let thread = Mutex<SoundThread?>(nil)
    private let named = Atomic<UInt64>(1 << 32)

    package init(_ card: SoundCard, rateHz: Int, told: @escaping @Sendable (Report) -> Void = { _ in }) {
        self.card = card
        self.rateHz = rateHz
        self.told = told
        stage = Mutex(SpeakerStage(rateHz: rateHz))
    }

    deinit { close(bell) }

    package func start() { thread.withLock { $0 = SoundThread("wp-playback") { self.run() } } }

    /// The thread is gone after. Claims are played no more.
    package func stop() {
        isStopped.store(true, ordering: .releasing)
        wp_eventfd_wake(bell)
        thread.withLock { $0.take() }?.join()
    }

    // MARK: - Claims

    /// A sound wants to be heard; the one of the same name makes way. `start`: when it is where, and it is
    /// held in step with the machine's clock; nil: at once.
    package func play(_ sound: Sound, as id: UInt64, rank: SoundRank, start: SoundStart? = nil) {
        let now = wp_uptime_ns()
        stage.withLock { stage in
            stage.sounds[id] = (sound, start)
            stage.claim(Loudspeaker.Claim(id: id, rank: rank, since: now))
        }
        wp_eventfd_wake(bell)
    }

    /// A call wants to be heard; its claim's name.
    package func add(_ voice: sending any HeardVoice, rank: SoundRank) -> UInt64 {
        let id = named.add(1, ordering: .relaxed).newValue
        let now = wp_uptime_ns()
        stage.withLock { stage in
            stage.voices.append((id, voice))
            stage.claim(Loudspeaker.Claim(id: id, rank: rank, isVoice: true, since: now))
        }
        wp_eventfd_wake(bell)
        return id
    }

    package func rank(_ id: UInt64, _ rank: SoundRank) { stage.withLock { $0.rank(id, rank) } }

    /// A sound ends with a ramp; a voice is not touched any more.
    package func end(_ id: UInt64) {
        // Whoever ends what is not there wakes nobody.
        if stage.withLock({ $0.end(id) }) { wp_eventfd_wake(bell) }
    }

    /// From now on, dB under full scale: what sounds is lowered at once. nil: none.
    package func cap(_ capDb: Double?) { stage.withLock { $0.volume.capDb = capDb } }

    /// How loud the room is, dB under full scale; nil: nobody knows.
    package func follow(_ roomDb: Double?) { stage.withLock { $0.volume.roomDb = roomDb } }

    /// From now on what is played is written there as well, and nowhere else.
    package func tap(_ line: ReferenceLine) { stage.withLock { $0.tap = line } }
    package func untap(_ line: ReferenceLine) { stage.withLock { if $0.tap === line { $0.tap = nil } } }

    /// What is claimed now, the most important first.
    package var claims: [Loudspeaker.Claim] { stage.withLock { $0.arbiter.claims } }

    /// Lends the card, both directions, on the playing thread. False: it is claimed, or lent. The borrower
    /// looks often whether it is wanted back.
    package func lend(_ loan: @escaping Loan) -> Bool {
        let isLent = stage.withLock { stage in
            guard stage.arbiter.claims.isEmpty, stage.loan == nil else { return false }
            stage.loan = loan
            return true
        }
        wp_eventfd_wake(bell)
        return isLent
    }

    // MARK: - The playing thread

    private func run() {
        let mixed = SampleBlock(rateHz * Limits.playoutStepUs / 1_000_000)
        var descriptors = [Int32](repeating: -1, count: Limits.speakerDescriptorsCount)
        var playback: SteadyPlayback?
        var (isTroubled, busyNs) = (false, UInt64(0))
        var rank: SoundRank?
        descriptors[0] = bell
        while !isStopped.load(ordering: .acquiring) {
            let (count, isIdle, loan) = stage.withLock { $0.look(&descriptors) }
            if case let now = stage.withLock({ $0.rank }), now != rank {
                rank = now
                told(.rank(now))
            }
            if let loan {
                playback = nil
                loan { isStopped.load(ordering: .acquiring) || stage.withLock { $0.isClaimed } }
                stage.withLock { $0.loan = nil }
                continue
            }
            let now = wp_uptime_ns()
            if !isIdle { busyNs = now }
            if isIdle, now - busyNs >= UInt64(Limits.speakerLingerMs) * 1_000_000 {
                // A card in trouble is tried again, so that its return is told.
                let again = now + UInt64(Limits.cardRetryMs) * 1_000_000
                if !isTroubled { playback = nil }
                _ = wp_wait_readable_until_ns(descriptors, 1, isTroubled ? again : .max)
                wp_eventfd_drain(bell)
                if !isTroubled { continue }
            }
            let open = playback ?? SteadyPlayback(card, rateHz: rateHz)
            playback = open
            feed(open, mixed)
            if isTroubled != (open.watch.trouble != nil) {
                isTroubled.toggle()
                told(.trouble(open.watch.trouble?.description))
            }
            wait(open, descriptors, count)
        }
    }

    private func feed(_ playback: SteadyPlayback, _ mixed: SampleBlock) {
        var turns = 0
        while playback.queued < playback.wanted, turns < Limits.speakerStepsPerTurnCount {
            let soundsAt = playback.nextFrameNs
            let watch = playback.watch
            let event = stage.withLock { $0.fill(mixed, soundsAtNs: soundsAt, watch: watch) }
            let isHeard = playback.write(mixed, count: mixed.capacity)
            turns += 1
            switch event {
            case .began(let id): if isHeard { told(.began(id, atNs: soundsAt)) }
            case .ended(let id): told(.ended(id))
            case nil: break
            }
        }
    }

    private func wait(_ playback: SteadyPlayback, _ descriptors: [Int32], _ count: Int) {
        let room = max(0, playback.queued - playback.wanted)
        let due = wp_uptime_ns() + max(200_000, UInt64(room) * 1_000_000_000 / UInt64(rateHz))
        guard wp_wait_readable_until_ns(descriptors, count, due) > 0 else { return }
        wp_eventfd_drain(bell)
        stage.withLock { stage in
            for (_, voice) in stage.voices { voice.receive() }
        }
    }
}
