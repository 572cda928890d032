// SPDX-License-Identifier: Apache-2.0
import CLinux
import CVoiceDSP
import Facility
import Glibc
import Synchronization

/// A sound card of software, paced by CLOCK_MONOTONIC, with what surrounds it: a room between its loudspeaker
/// and its microphone, somebody who speaks into it, other cards that it hears. Any thread makes, wires,
/// unplugs.
///
///     speech ────────────────────────────┐
///     another card's loudspeaker ────────┼─> microphone ─> SimulatedCapture
///     own loudspeaker ─> clip ─> room ───┘
///     SimulatedPlayback ─> loudspeaker (AirLine)
package final class SimulatedCard: Sendable {
    /// How the card and its room are.
    package struct Settings: Sendable {
        /// How fast its two clocks run against the machine's.
        package var captureDriftPpm = 0.0
        package var playbackDriftPpm = 0.0
        /// Frames move in steps of this length.
        package var periodUs = 2_500
        /// The loudspeaker in the microphone, from time 0 on, at the rate that the card is opened with;
        /// empty: none.
        package var room: [Float] = []
        /// Where the loudspeaker begins to clip softly; 0: never.
        package var clipLevel: Float = 0
        /// Hiss of the microphone, as an amplitude.
        package var noise: Float = 0

        package init() {}
    }

    package let settings: Settings
    /// What it plays.
    package let loudspeaker = AirLine()
    private let lines = Mutex<[(line: AirLine, gain: Float)]>([])
    private let speech = Mutex<(samples: [Int16], fromNs: UInt64, repeats: Bool)>(([], 0, false))
    private let broken = Atomic<Int32>(0)
    private let opened = Atomic<Int>(0)

    package init(_ settings: Settings = Settings()) { self.settings = settings }

    /// From now on the microphone hears that line as well: another card's loudspeaker.
    package func hears(_ line: AirLine, gain: Float = 1) { lines.withLock { $0.append((line, gain)) } }

    /// Somebody speaks into the microphone from `ns` on, in the rate that the card is opened with.
    package func says(_ samples: [Int16], fromNs ns: UInt64, repeats: Bool = false) {
        speech.withLock { $0 = (samples, ns, repeats) }
    }

    /// From now on every use of the card fails with that number (ENODEV: unplugged; EBUSY: somebody else's).
    package func fail(_ number: Int32 = ENODEV) { broken.store(number, ordering: .releasing) }
    package func comeBack() { broken.store(0, ordering: .releasing) }
    /// How often either end was opened: a leak shows here.
    package var openCount: Int { opened.load(ordering: .acquiring) }

    var failure: Int32 { broken.load(ordering: .acquiring) }
    func wasOpened() { opened.add(1, ordering: .relaxed) }

    /// Adds what the microphone hears to `out`.
    func hear(
        from frame: Int64, of clock: CardClock, count: Int, to out: inout [Float], scratch: inout [Float]
    ) {
        lines.withLock { lines in
            for (line, gain) in lines { line.add(from: frame, of: clock, gain: gain, to: &out, count: count) }
        }
        speech.withLock { speech in
            guard !speech.samples.isEmpty else { return }
            let start = frame - Int64(clock.frames(at: speech.fromNs))
            for index in 0..<count {
                let at = Int(start) + index
                guard at >= 0, speech.repeats || at < speech.samples.count else { continue }
                out[index] += Float(speech.samples[at % speech.samples.count])
            }
        }
        let taps = settings.room.count
        if taps > 0 {
            for index in 0..<(taps - 1 + count) { scratch[index] = 0 }
            loudspeaker.add(
                from: frame - Int64(taps - 1), of: clock, gain: 1, to: &scratch, count: taps - 1 + count)
            wp_soft_clip(&scratch, settings.clipLevel, taps - 1 + count)
            wp_convolve_add(scratch, settings.room, taps, &out, count)
        }
        if settings.noise > 0 {
            var state = UInt32(truncatingIfNeeded: frame) &* 2_654_435_761 | 1
            for index in 0..<count {
                state ^= state << 13
                state ^= state >> 17
                state ^= state << 5
                out[index] += settings.noise * (Float(state) / Float(UInt32.max) * 3.46 - 1.73)
            }
        }
    }
}

/// The microphone of a simulated card. One thread.
final class SimulatedCapture: PCMCapture {
    private let card: SimulatedCard
    private let clock: CardClock
    private let period: Int
    private var next: Int64
    private var heard: [Float]
    private var scratch: [Float]

    init(_ card: SimulatedCard, rateHz: Int) {
        let now = wp_uptime_ns()
        self.card = card
        clock = CardClock(rateHz: rateHz, driftPpm: card.settings.captureDriftPpm, startNs: now)
        period = max(1, rateHz * card.settings.periodUs / 1_000_000)
        next = clock.pointer(at: now, period: period)
        heard = Array(repeating: 0, count: Limits.soundBlockMaxCount)
        scratch = Array(repeating: 0, count: Limits.soundBlockMaxCount + card.settings.room.count)
        card.wasOpened()
    }

    var rateHz: Int { clock.rateHz }
    var lastFrameNs: UInt64 { clock.ns(of: Double(next)) }

    func read(_ block: SampleBlock, count: Int, waitingMs: Int) -> PCMOutcome {
        let last = next + Int64(count)
        let whole = (last + Int64(period) - 1) / Int64(period) * Int64(period)
        let dueNs = clock.ns(of: Double(whole)) + 1_000
        let patience = wp_uptime_ns() + UInt64(waitingMs) * 1_000_000
        wp_wait_until_ns(min(dueNs, patience))
        guard card.failure == 0 else { return .gone(card.failure) }
        guard dueNs <= patience else { return .late }
        let pointer = clock.pointer(at: wp_uptime_ns(), period: period)
        guard pointer - next <= Int64(rateHz * Limits.simulatedCardBufferMs / 1_000) else {
            next = pointer
            return .recovered
        }
        for index in 0..<count { heard[index] = 0 }
        card.hear(from: next, of: clock, count: count, to: &heard, scratch: &scratch)
        wp_to_samples(heard, block.base, count)
        next = last
        return .done
    }
}

/// The loudspeaker of a simulated card. One thread.
final class SimulatedPlayback: PCMPlayback {
    private let card: SimulatedCard
    private let clock: CardClock
    private let period: Int
    private var written: Int64

    init(_ card: SimulatedCard, rateHz: Int) {
        let now = wp_uptime_ns()
        self.card = card
        clock = CardClock(rateHz: rateHz, driftPpm: card.settings.playbackDriftPpm, startNs: now)
        period = max(1, rateHz * card.settings.periodUs / 1_000_000)
        written = clock.pointer(at: now, period: period)
        card.loudspeaker.open(clock, at: written)
        card.wasOpened()
    }

    var rateHz: Int { clock.rateHz }
    var leastQueue: Int { 2 * period }

    func queued() -> Int { max(0, Int(written - clock.pointer(at: wp_uptime_ns(), period: period))) }

    var nextFrameNs: UInt64 { max(wp_uptime_ns(), clock.ns(of: Double(written))) }

    func write(_ block: SampleBlock, count: Int) -> PCMOutcome {
        guard card.failure == 0 else { return .gone(card.failure) }
        let pointer = clock.pointer(at: wp_uptime_ns(), period: period)
        let ranDry = pointer > written
        // What is written after an underrun sounds in the period after the one that sounds now.
        if ranDry { written = pointer + Int64(period) }
        guard written - pointer + Int64(count) <= Int64(rateHz * Limits.simulatedCardBufferMs / 1_000) else {
            return .late
        }
        card.loudspeaker.write(block, count: count, at: written)
        written += Int64(count)
        return ranDry ? .recovered : .done
    }
}
