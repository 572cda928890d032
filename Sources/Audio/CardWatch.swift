// SPDX-License-Identifier: Apache-2.0
package import Facility
import Glibc

/// Whether one end of a card works, counted by the frames that it really moved, and when a lost one is tried
/// again. A value; time is an argument. Always true: there is trouble, or the card gave frames (or was
/// opened) less than `Limits.cardStallMs` ago.
package struct CardWatch: Hashable, Sendable {
    /// "hear the microphone", "feed the loudspeaker".
    private let deed: String
    private var movedNs: UInt64 = 0
    private var retryNs: UInt64 = 0
    /// Real frames since the beginning; silence in the card's place does not count.
    package private(set) var frames = 0
    package private(set) var recoveries = 0
    /// nil: the card works.
    package private(set) var trouble: Fault?

    package init(_ deed: String) { self.deed = deed }

    package mutating func opened(_ now: UInt64) { (trouble, movedNs) = (nil, now) }

    package mutating func moved(_ count: Int, _ now: UInt64) { (frames, movedNs) = (frames + count, now) }

    package mutating func recovered() { recoveries += 1 }

    package func isStalled(_ now: UInt64) -> Bool {
        now - movedNs > UInt64(Limits.cardStallMs) * 1_000_000
    }

    package func isDue(_ now: UInt64) -> Bool { now >= retryNs }

    /// It gives nothing any more, with the system's number.
    package mutating func lost(_ card: SoundCard, _ number: Int32, _ now: UInt64) {
        recoveries += 1
        failed(
            Fault(
                deed, at: "\(card)", cause: String(cString: strerror(number)),
                hint: "See that the card is plugged in; it is tried again by itself."), now)
    }

    /// It could not be opened.
    package mutating func failed(_ fault: Fault, _ now: UInt64) {
        (trouble, retryNs) = (fault, now + UInt64(Limits.cardRetryMs) * 1_000_000)
    }
}
