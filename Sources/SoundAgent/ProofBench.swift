// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import CVoiceDSP
import Facility
import Glibc
import Intercom

/// Plays in rooms that are made up, in no time of their own: each sounds as it should, from a dead
/// loudspeaker, and from one that lost 10 dB; of the day's clips and of the night's tone. `--bench proof
/// [PLAYS]` prints a JSON line of each.
///
///     clip ─> room (0.2 … 0.8 s of echo) ─┬─> microphone ─> PlayProof ─> heard, not heard, too quiet
///     speech, doors, fans, a neighbour ───┘ 0 … 30 dB below
struct ProofBench {
    /// What was said of all plays.
    struct Tally: Hashable {
        var plays = 0
        /// Said to be lost and was not.
        var falseReports = 0
        var openHeard = 0
        var deadFound = 0
        /// Heard from a loudspeaker that was dead.
        var deadHeard = 0
        /// 10 dB down, and said to be lost or too quiet.
        var quietFound = 0
        /// The same of speech and music alone: what a day is made of, without the tones of bells.
        var unitsPlayed = 0
        var unitsDeadFound = 0
        var unitsQuietFound = 0
        /// The most that was played before it was certain, milliseconds.
        var worstMs = 0
        var cpuPercent = 0.0
    }

    private let rateHz = VoiceSettings().sampleRateHz
    private var chance = SplitMix(state: 7)
    private let clips: [[Int16]]
    private let speech: [[Int16]]
    private static let bells = [2, 3]
    static let quietTone = 5
    private var rooms: [Room] = []

    /// One room as its microphone hears it.
    private struct Room {
        var level: EchoLevel
        var delay: Int
        /// Each clip as it arrives.
        var echoes: [[Float]]
    }

    init(rooms count: Int = 12) throws(Fault) {
        let rate = rateHz
        let notices = try NoticeClip.allCases.map { notice throws(Fault) in try notice.samples(rateHz: rate) }
        let attention = Self.samples(.attention, ms: 720, rateHz: rate)
        speech = notices
        clips = [
            notices[0] + notices[1], attention + notices[2] + notices[3],
            Self.samples(.alarm, ms: 10_000, rateHz: rate), Self.samples(.ring, ms: 18_000, rateHz: rate),
            Self.music(rateHz: rate), Calibration.quietTone(rateHz: rate),
        ]
        for _ in 0..<count { rooms.append(try makeRoom()) }
    }

    static func run(_ arguments: [String]) throws(Fault) {
        let plays = arguments.first.flatMap { Int($0) } ?? 1_000
        var bench = try ProofBench()
        for (name, only) in [("proof", nil), ("quiet-tone", quietTone)] {
            let tally = bench.play(plays, only: only)
            print(
                "{\"bench\":\"\(name)\",\"plays\":\(tally.plays),\"falseReports\":\(tally.falseReports),"
                    + "\"openHeard\":\(tally.openHeard),\"deadFound\":\(tally.deadFound),"
                    + "\"deadHeard\":\(tally.deadHeard),\"quietFound\":\(tally.quietFound),"
                    + "\"units\":\(tally.unitsPlayed),\"unitsDeadFound\":\(tally.unitsDeadFound),"
                    + "\"unitsQuietFound\":\(tally.unitsQuietFound),\"worstMs\":\(tally.worstMs),"
                    + "\"cpuPercent\":\(tally.cpuPercent)}")
        }
    }

    /// So many plays, each three times: well, dead, 10 dB down. `only`: of that clip; nil: of the day's.
    mutating func play(_ plays: Int, only: Int? = nil) -> Tally {
        var tally = Tally()
        var (spentNs, heardMs) = (UInt64(0), 0)
        for _ in 0..<plays {
            let room = rooms[chance.below(rooms.count)]
            let number = only ?? chance.below(Self.quietTone)
            let noise = noise(clips[number].count, under: room.echoes[number])
            let isUnit = !Self.bells.contains(number)
            tally.plays += 1
            tally.unitsPlayed += isUnit ? 1 : 0
            for gain: Float in [1, 0, 0.316] {
                let begunNs = wp_uptime_ns()
                let result = hear(clips[number], room.echoes[number], gain, noise, room)
                spentNs += wp_uptime_ns() - begunNs
                heardMs += result.afterMs
                if result.verdict != .unsure { tally.worstMs = max(tally.worstMs, result.afterMs) }
                switch (gain, result.verdict) {
                case (1, .heard): tally.openHeard += 1
                case (1, .notHeard), (1, .tooQuiet): tally.falseReports += 1
                case (0, .notHeard):
                    tally.deadFound += 1
                    tally.unitsDeadFound += isUnit ? 1 : 0
                case (0, .heard), (0, .tooQuiet): tally.deadHeard += 1
                case (0.316, .tooQuiet), (0.316, .notHeard):
                    tally.quietFound += 1
                    tally.unitsQuietFound += isUnit ? 1 : 0
                case (_, _): break
                }
            }
        }
        tally.cpuPercent = Double(spentNs / 10_000) / Double(max(1, heardMs))
        return tally
    }

    /// Until it is certain, or the clip ends.
    private func hear(
        _ clip: [Int16], _ echo: [Float], _ gain: Float, _ noise: [Float], _ room: Room
    ) -> PlayProof.Result {
        var proof = PlayProof(rateHz: rateHz, level: room.level)
        let step = rateHz / 100
        let (played, heard) = (SampleBlock(step), SampleBlock(step))
        for start in stride(from: 0, to: clip.count - step, by: step) {
            for index in 0..<step {
                let at = start + index - room.delay
                played[index] = at >= 0 ? clip[at] : 0
                let sum = echo[start + index] * gain + noise[start + index]
                heard[index] = Int16(max(-32_768, min(32_767, sum)))
            }
            if let result = proof.feed(played, heard, count: step) { return result }
        }
        return proof.measure()
    }

    // MARK: - Rooms

    private mutating func makeRoom() throws(Fault) -> Room {
        let tail = rateHz * (200 + chance.below(600)) / 1_000
        let (delay, gain) = (rateHz / 1_000 * (2 + chance.below(30)), 0.1 + 0.4 * chance.fraction())
        // From so much louder than its echo to so much quieter.
        let reverb = 0.02 + 0.08 * chance.fraction()
        var taps = [Float](repeating: 0, count: delay + rateHz / 4)
        taps[delay] = gain
        for index in (delay + rateHz / 500)..<taps.count {
            let decay = exp(-6.9 * Float(index - delay) / Float(tail))
            taps[index] = gain * reverb * decay * (chance.fraction() * 2 - 1)
        }
        let reversed: [Float] = taps
        let sweep = Calibration.sweep(rateHz: rateHz)
        let silence = [Int16](repeating: 0, count: rateHz * Limits.calibrationMaxMs / 1_000)
        let heard = Self.through(sweep + silence, reversed).map { Int16(max(-32_768, min(32_767, $0))) }
        guard let found = Calibration.find(sweep, in: heard, rateHz: rateHz), let level = found.level else {
            throw Fault(
                "make a room", at: "--bench proof", cause: "its own sweep is not heard in it",
                hint: "The rooms of ProofBench are wrong.")
        }
        let delayed = Int((found.delayMs * Double(rateHz) / 1_000).rounded())
        return Room(level: level, delay: delayed, echoes: clips.map { Self.through($0, reversed) })
    }

    private static func through(_ sound: [Int16], _ taps: [Float]) -> [Float] {
        let past = [Float](repeating: 0, count: taps.count - 1)
        var heard = [Float](repeating: 0, count: sound.count)
        wp_convolve_add(past + sound.map { Float($0) }, taps, taps.count, &heard, sound.count)
        return heard
    }

    private static func samples(_ tone: Tone, ms: Int, rateHz: Int) -> [Int16] {
        let sound = tone.sound(rateHz: rateHz)
        return (0..<(rateHz * ms / 1_000)).map { sound[$0 % sound.count] }
    }

    /// Chords with their overtones, half a second each.
    private static func music(rateHz: Int) -> [Int16] {
        (0..<(rateHz * 4)).map { index in
            let root = [262.0, 349, 392, 330, 294, 440, 392, 262][index * 2 / rateHz]
            let time = Double(index) / Double(rateHz)
            let fade = exp(-3 * Double(index % (rateHz / 2)) / Double(rateHz / 2))
            var sum = 0.0
            for (third, overtone) in [(1.0, 1.0), (1.25, 1), (1.5, 1), (1, 2), (1.25, 3), (1.5, 4), (1, 6)] {
                sum += sin(2 * .pi * root * third * overtone * time) / overtone
            }
            return Int16(3_000 * fade * sum)
        }
    }

    // MARK: - Noise

    /// Somebody speaks, doors fall shut, a fan runs; 0 to 30 dB under what the loudspeaker gives.
    private mutating func noise(_ count: Int, under echo: [Float]) -> [Float] {
        var noise = [Float](repeating: 0, count: count)
        switch chance.below(3) {
        case 0:
            for _ in 0..<(1 + chance.below(3)) {
                let (voice, from) = (speech[chance.below(speech.count)], chance.below(rateHz))
                for index in noise.indices { noise[index] += Float(voice[(index + from) % voice.count]) }
            }
        case 1:
            for _ in 0..<(1 + chance.below(4)) {
                let from = chance.below(count)
                for index in from..<min(count, from + rateHz / 2) {
                    let decay = exp(-8 * Float(index - from) / Float(rateHz / 2))
                    noise[index] += 8_000 * decay * (chance.fraction() * 2 - 1)
                }
            }
        case _:
            var low: Float = 0
            for index in noise.indices {
                low = 0.9 * low + chance.fraction() * 2 - 1
                noise[index] = 1_000 * low
            }
        }
        let wanted = pow(10, -Float(chance.below(31)) / 20)
        let scale = wanted * Self.loudness(echo) / max(1, Self.loudness(noise))
        for index in noise.indices { noise[index] = noise[index] * scale + 12 * (chance.fraction() - 0.5) }
        return noise
    }

    private static func loudness(_ samples: [Float]) -> Float {
        (samples.reduce(0) { $0 + $1 * $1 } / Float(max(1, samples.count))).squareRoot()
    }
}

/// Chance that is the same each time.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    /// 0 ..< 1.
    mutating func fraction() -> Float { Float(next() >> 40) / Float(1 << 24) }
}
