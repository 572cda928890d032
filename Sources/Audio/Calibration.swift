// SPDX-License-Identifier: Apache-2.0
import CLinux
import CVoiceDSP
package import Facility
import Glibc

/// How long a board's loudspeaker takes to its own microphone: plays a sweep, looks for it in what comes
/// back. A thread that may wait; the card must be free.
package enum Calibration {
    /// What was found.
    package struct Result: Hashable, Sendable {
        package var delayMs: Double
        /// How far the sweep stands out of everything else.
        package var clearDb: Double
        /// What came back against what was played: a dead loudspeaker or a blocked microphone shows here.
        package var gainDb: Double
        /// The same by bands, and with the room's echo: what `PlayProof` compares with.
        package var level: EchoLevel?
    }

    /// Half a second from 300 to 6,000 Hz, softly begun and ended.
    package static func sweep(rateHz: Int) -> [Int16] {
        let count = rateHz / 2
        return (0..<count).map { index in
            let time = Double(index) / Double(rateHz)
            let phase = 2 * Double.pi * (300 * time + (6_000 - 300) * time * time)
            let soft = min(1, Double(min(index, count - 1 - index)) / Double(rateHz / 50))
            return Int16(12_000 * soft * sin(phase))
        }
    }

    /// The sweep for four seconds, so quiet that it wakes nobody: what a night's round plays.
    package static func quietTone(rateHz: Int) -> [Int16] {
        let sweep = sweep(rateHz: rateHz).map { Int16(Double($0) * pow(10, Limits.quietToneDb / 20)) }
        return Array(repeatElement(sweep, count: 8).joined())
    }

    /// Where the sweep lies in `heard` (its first sample was sound when the sweep's first was); nil: it does
    /// not stand out of the rest by `Limits.calibrationClearDb`.
    package static func find(_ sweep: [Int16], in heard: [Int16], rateHz: Int) -> Result? {
        let lags = min(heard.count - sweep.count, rateHz * Limits.calibrationMaxMs / 1_000)
        guard lags > 1 else { return nil }
        let played = SampleBlock(sweep.count)
        for index in sweep.indices { played[index] = sweep[index] }
        let playedPower = wp_power(played.base, sweep.count) * Double(sweep.count)
        var reversed = [Float](repeating: 0, count: sweep.count)
        for index in sweep.indices { reversed[index] = Float(sweep[sweep.count - 1 - index]) / 32_768 }
        let floats = heard.map { Float($0) / 32_768 }
        var found = [Float](repeating: 0, count: lags)
        wp_convolve_add(floats, reversed, sweep.count, &found, lags)
        var best = 0
        for index in found.indices where abs(found[index]) > abs(found[best]) { best = index }
        var (rest, others) = (0.0, 0)
        for index in found.indices where abs(index - best) > rateHz / 200 {
            rest += Double(found[index]) * Double(found[index])
            others += 1
        }
        let peak = Double(found[best]) * Double(found[best])
        let clear = 10 * log10(peak / max(1e-12, rest / Double(max(1, others))))
        guard peak > 0, clear >= Limits.calibrationClearDb else { return nil }
        let gain = Double(abs(found[best])) / max(1e-9, playedPower / 32_768 / 32_768)
        return Result(
            delayMs: Double(best) * 1_000 / Double(rateHz), clearDb: clear,
            gainDb: 20 * log10(max(1e-6, gain)),
            level: PlayProof.level(played: sweep, heard: Array(heard[best...]), rateHz: rateHz))
    }

    /// Plays and listens: about 1.5 s, again when the card stumbled meanwhile. nil: it was wanted back.
    package static func run(
        _ card: SoundCard, rateHz: Int, isWantedBack: () -> Bool = { false }
    ) throws(Fault) -> Result? {
        let sweep = sweep(rateHz: rateHz)
        for _ in 0..<Limits.calibrationTriesCount {
            let heard = try listen(to: sweep, card, rateHz: rateHz, isWantedBack: isWantedBack)
            if isWantedBack() { return nil }
            guard let heard else { continue }
            if let result = find(sweep, in: heard, rateHz: rateHz) { return result }
            throw Fault(
                "hear the loudspeaker", at: card.description, cause: "the sweep did not come back",
                hint:
                    "See that the loudspeaker plays, that the microphone is open and that both are turned up."
            )
        }
        throw Fault(
            "hear the loudspeaker", at: card.description, cause: "the card loses frames",
            hint: "See what else keeps this terminal busy, and try again.")
    }

    /// What was heard from the moment on at which the sweep began to sound; nil: frames were lost on the way.
    private static func listen(
        to sweep: [Int16], _ card: SoundCard, rateHz: Int, isWantedBack: () -> Bool
    ) throws(Fault) -> [Int16]? {
        let (capture, playback) = (
            try card.openCapture(rateHz: rateHz), try card.openPlayback(rateHz: rateHz)
        )
        let step = rateHz / 100
        let (out, heard) = (SampleBlock(step), SampleBlock(step))
        var (played, startNs) = (-20 * step, UInt64(0))
        var (taken, firstNs): ([Int16], UInt64) = ([], 0)
        let until = wp_uptime_ns() + 3_000_000_000
        while taken.count < sweep.count + rateHz * Limits.calibrationMaxMs / 1_000, wp_uptime_ns() < until {
            if isWantedBack() { return nil }
            while playback.queued() < 6 * step {
                for index in 0..<step {
                    let at = played + index
                    out[index] = at >= 0 && at < sweep.count ? sweep[at] : 0
                }
                if played == 0 { startNs = playback.nextFrameNs }
                switch playback.write(out, count: step) {
                case .done: played += step
                case .recovered where played < 0: played += step
                case .recovered, .late, .gone: return nil
                }
            }
            guard capture.read(heard, count: step, waitingMs: Limits.cardWaitMs) == .done else {
                if firstNs > 0 { return nil }
                continue
            }
            let blockNs = capture.lastFrameNs - UInt64(step) * 1_000_000_000 / UInt64(rateHz)
            guard startNs > 0, blockNs >= startNs || firstNs > 0 else { continue }
            if firstNs == 0 { firstNs = blockNs }
            for index in 0..<step { taken.append(heard[index]) }
        }
        guard firstNs > 0 else { return nil }
        let late = Int((firstNs - startNs) * UInt64(rateHz) / 1_000_000_000)
        return [Int16](repeating: 0, count: late) + taken
    }
}
