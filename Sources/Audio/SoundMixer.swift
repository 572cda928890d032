// SPDX-License-Identifier: Apache-2.0
import CVoiceDSP
import Facility

/// Plays one sound at a time beside a voice, and lets the voice yield to it. A value of the playing thread.
/// Always true: nothing is allocated while mixing, and a sound begins and ends with a ramp, so that nothing
/// clicks.
package struct SoundMixer {
    /// What a run of samples brought.
    package enum Event: Hashable, Sendable {
        /// Its first sample is in this run.
        case began(UInt64)
        /// It was played to its end; stopped ones do not say so.
        case ended(UInt64)
    }

    private struct Piece {
        let sound: Sound
        let id: UInt64
        /// nil: at once, from its beginning.
        let start: SoundStart?
        var follower: StepFollower?
    }

    private let rateHz: Int
    private var now: Piece?
    private var next: Piece?
    private var at = 0
    private var gain: Float = 0
    private var goal: Float = 0
    private var ducks: Float = 1
    private var scratch: [Float]

    package init(rateHz: Int) {
        self.rateHz = rateHz
        scratch = Array(repeating: 0, count: Limits.soundBlockMaxCount)
    }

    /// Begins a sound; one that sounds already ends with a ramp first. The one that is asked for already goes
    /// on.
    package mutating func play(_ sound: Sound, as id: UInt64, start: SoundStart? = nil) {
        let piece = Piece(
            sound: sound, id: id, start: start,
            follower: start.map { StepFollower($0, rateHz: rateHz) })
        if let wanted = next ?? (goal > 0 ? now : nil), wanted.id == id, wanted.sound === sound { return }
        if now == nil {
            (now, at, gain, goal) = (piece, 0, 0, 1)
        } else {
            (next, goal) = (piece, 0)
        }
    }

    /// Lets what sounds end with a ramp.
    package mutating func stop() { (next, goal) = (nil, 0) }

    /// Nothing sounds, and the voice is back where it was.
    package var isQuiet: Bool { now == nil && ducks == 1 }

    /// Adds what sounds to `block`, and lowers what was in it as the sound asks. `soundsAtNs`: when its first
    /// sample is heard.
    package mutating func mix(into block: SampleBlock, count: Int, soundsAtNs: UInt64 = 0) -> Event? {
        guard let piece = now else {
            duck(block, count, to: 1)
            return nil
        }
        if let start = piece.start, let place = now?.follower?.next(count, soundsAtNs: soundsAtNs) {
            return mix(piece, start, place, block, count)
        }
        duck(block, count, to: piece.sound.ducksTo)
        let to = gain + max(-ramp(count), min(ramp(count), goal - gain))
        piece.sound.add(to: block, count: count, at: at, from: gain, to: to)
        let event: Event? = at == 0 && goal > 0 ? .began(piece.id) : nil
        (at, gain) = (at + count, to)
        return end(piece, isOver: !piece.sound.repeats && at >= piece.sound.count) ?? event
    }

    /// One that has its time: silent until then.
    private mutating func mix(
        _ piece: Piece, _ start: SoundStart, _ place: (from: Double, step: Double), _ block: SampleBlock,
        _ count: Int
    ) -> Event? {
        let until = place.from + place.step * Double(count)
        guard until > Double(start.first) else {
            duck(block, count, to: 1)
            return end(piece, isOver: false)
        }
        duck(block, count, to: piece.sound.ducksTo)
        let to = gain + max(-ramp(count), min(ramp(count), goal - gain))
        piece.sound.write(to: &scratch, count: count, at: place.from, step: place.step, first: start.first)
        let slope = (to - gain) / Float(count)
        for index in 0..<count {
            let sum = Float(block.base[index]) + scratch[index] * (gain + slope * Float(index))
            block.base[index] = Int16(max(-32_768, min(32_767, sum)))
        }
        let event: Event? = at == 0 && goal > 0 ? .began(piece.id) : nil
        (at, gain) = (1, to)
        return end(piece, isOver: place.from >= Double(piece.sound.count)) ?? event
    }

    /// The next takes its place where it is over, or has become silent as it was asked to.
    private mutating func end(_ piece: Piece, isOver: Bool) -> Event? {
        guard isOver || (gain == 0 && goal == 0) else { return nil }
        let wasWanted = goal > 0
        (now, next, at, gain) = (next, nil, 0, 0)
        goal = now == nil ? 0 : 1
        return isOver && wasWanted ? .ended(piece.id) : nil
    }

    private mutating func duck(_ block: SampleBlock, _ count: Int, to goal: Float) {
        guard ducks < 1 || goal < 1 else { return }
        let to = ducks + max(-ramp(count), min(ramp(count) / 4, goal - ducks))
        wp_ramp(block.base, ducks, to, count)
        ducks = to
    }

    private func ramp(_ count: Int) -> Float {
        Float(count * 1_000) / Float(rateHz * Limits.soundRampMs)
    }
}
