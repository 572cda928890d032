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
    }

    private let rateHz: Int
    private var now: Piece?
    private var next: Piece?
    private var at = 0
    private var gain: Float = 0
    private var goal: Float = 0
    private var ducks: Float = 1

    package init(rateHz: Int) { self.rateHz = rateHz }

    /// Begins a sound; one that sounds already ends with a ramp first. The one that is asked for already goes
    /// on.
    package mutating func play(_ sound: Sound, as id: UInt64) {
        let piece = Piece(sound: sound, id: id)
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

    /// Adds what sounds to `block`, and lowers what was in it as the sound asks.
    package mutating func mix(into block: SampleBlock, count: Int) -> Event? {
        guard let piece = now else {
            duck(block, count, to: 1)
            return nil
        }
        duck(block, count, to: piece.sound.ducksTo)
        let to = gain + max(-ramp(count), min(ramp(count), goal - gain))
        piece.sound.add(to: block, count: count, at: at, from: gain, to: to)
        let event: Event? = at == 0 && goal > 0 ? .began(piece.id) : nil
        (at, gain) = (at + count, to)
        let isOver = !piece.sound.repeats && at >= piece.sound.count
        guard isOver || (to == 0 && goal == 0) else { return event }
        let wasWanted = goal > 0
        (now, next, at, gain) = (next, nil, 0, 0)
        goal = now == nil ? 0 : 1
        return isOver && wasWanted ? .ended(piece.id) : event
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
