// SPDX-License-Identifier: Apache-2.0
import CVoiceDSP
import Facility
import Glibc

/// Something to be played: a tone that was made or a clip that was read, at the rate of the card. Never
/// changes once made; any thread.
package final class Sound: Sendable {
    // SAFETY: written in the initialiser alone.
    private nonisolated(unsafe) let samples: SampleBlock
    package let count: Int
    package let repeats: Bool
    /// What everything else is lowered to while it sounds; 1: not at all.
    package let ducksTo: Float

    package init(_ made: [Int16], repeats: Bool = false, ducksTo: Float = 0.1) {
        let block = SampleBlock(max(1, made.count))
        for index in made.indices { block[index] = made[index] }
        samples = block
        count = made.count
        self.repeats = repeats
        self.ducksTo = ducksTo
    }

    package subscript(index: Int) -> Int16 { samples[index] }

    func add(to block: SampleBlock, count wanted: Int, at start: Int, from: Float, to: Float) {
        guard count > 0 else { return }
        let step = (to - from) / Float(max(1, wanted))
        for index in 0..<wanted {
            var at = start + index
            if at >= count {
                guard repeats else { return }
                at %= count
            }
            let sum = Float(block.base[index]) + Float(samples.base[at]) * (from + step * Float(index))
            block.base[index] = Int16(max(-32_768, min(32_767, sum)))
        }
    }

    /// Writes what it is at `place`, `place + step` … to `out`, between its samples where these fall there;
    /// before `first` and behind its end it is silence.
    func write(to out: inout [Float], count wanted: Int, at place: Double, step: Double, first: Int) {
        for index in 0..<wanted { out[index] = 0 }
        // A ring so long that no place of a sound comes round.
        wp_air_add(samples.base, 1 << 40, Int64(first), Int64(count), place, step, 1, &out, wanted)
    }
}

/// The tones that a terminal makes itself, so that they sound with every file gone.
package enum Tone: Hashable, Sendable, CaseIterable {
    /// A detainee's call: two tones, twice, every three seconds.
    case ring
    /// A detainee's emergency: without a pause.
    case alarm
    /// A call of an officer or a phone: one low pair, every four seconds.
    case knock
    /// Somebody is about to be heard: three rising tones, once.
    case attention
    /// A microphone was opened: short, every five seconds.
    case gateOpen
    /// An emergency page.
    case emergency
    /// The other side is busy; the line is dead.
    case busy
    /// 1 kHz for the sound test.
    case test

    /// Frequency in Hz (0: silence) and length in ms, in order; `repeats` from the beginning.
    private var pattern: (parts: [(hz: Double, ms: Int)], repeats: Bool, level: Double) {
        switch self {
        case .ring: ([(660, 300), (880, 300), (0, 150), (660, 300), (880, 300), (0, 1_650)], true, 0.35)
        case .attention: ([(523, 180), (659, 180), (784, 360)], false, 0.35)
        case .gateOpen: ([(1_400, 120), (0, 4_880)], true, 0.15)
        case .alarm: ([(980, 250), (740, 250)], true, 0.5)
        case .knock: ([(440, 350), (0, 120), (440, 350), (0, 3_180)], true, 0.25)
        case .emergency: ([(1_200, 100), (900, 100), (600, 100)], true, 0.6)
        case .busy: ([(425, 480), (0, 480)], true, 0.25)
        case .test: ([(1_000, 1_000)], false, 0.4)
        }
    }

    /// The tone's samples; each part begins and ends softly.
    package func sound(rateHz: Int) -> Sound {
        let pattern = pattern
        var made: [Int16] = []
        made.reserveCapacity(pattern.parts.reduce(0) { $0 + rateHz * $1.ms / 1_000 })
        let edge = rateHz / 200
        for part in pattern.parts {
            let count = rateHz * part.ms / 1_000
            for index in 0..<count {
                guard part.hz > 0 else {
                    made.append(0)
                    continue
                }
                let soft = min(1, Double(min(index, count - 1 - index)) / Double(edge))
                let phase = 2 * Double.pi * part.hz * Double(index) / Double(rateHz)
                made.append(Int16(32_767 * pattern.level * soft * sin(phase)))
            }
        }
        // A voice goes on under the sign that a microphone is open, and under nothing else.
        return Sound(made, repeats: pattern.repeats, ducksTo: self == .gateOpen ? 1 : 0.1)
    }
}
