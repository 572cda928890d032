// SPDX-License-Identifier: Apache-2.0
internal import Facility

/// 暂停鸣响: the pause of the sound that one owner or one list grants to an alarm, whatever copies it is told of.
///
/// A value of the line thread; ages in its holder's own milliseconds since the raise. Always true: it lasts
/// `Limits.silenceMaxMs` at most, and between two pauses the sound is heard for `Limits.resoundMinMs`.
struct SoundPause: Hashable, Sendable {
    /// Long ago, and empty, when nothing is or was paused.
    private(set) var fromMs = Int.min / 2
    private(set) var untilMs = Int.min / 2

    func contains(_ age: Int) -> Bool { fromMs <= age && age < untilMs }

    /// A pause that began at `startMs`. One that overlaps the pause already granted adds nothing: two copies
    /// that were paused one after the other are not quiet for the sum. False when nothing was granted.
    mutating func grant(from startMs: Int) -> Bool {
        guard startMs >= untilMs else { return false }
        fromMs = max(startMs, untilMs + Limits.resoundMinMs)
        untilMs = startMs + Limits.silenceMaxMs
        return true
    }

    /// Heard again from here on, whatever was granted.
    mutating func end(at age: Int) {
        fromMs = age
        untilMs = age
    }
}
