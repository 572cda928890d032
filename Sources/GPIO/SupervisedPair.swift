// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Two contacts of one button on two lines, one normally open, one normally closed: what their wires tell. A
/// value without a clock.
///
/// Idle is open + closed, pressed is closed + open. Both open is a cut wire, both closed a short, when it
/// lasts longer than `Limits.supervisedSkewMs`: the two never switch at one instant.
package struct SupervisedPair: Sendable {
    package enum Wire: UInt8, Sendable, CaseIterable {
        case whole = 0
        case cut = 1
        case shorted = 2
    }

    /// As last reported.
    package private(set) var wire = Wire.whole
    private var seen = Wire.whole
    private var seenSince = Uptime(nanoseconds: 0)

    package init() {}

    /// When `elapsed` has something to report.
    package var deadline: Uptime? {
        seen == wire ? nil : seenSince.advanced(ms: Limits.supervisedSkewMs)
    }

    /// Both contacts as they stand at `now`; `nil` while a line is gone: nothing is concluded then.
    package mutating func contacts(openOne: Bool?, closedOne: Bool?, now: Uptime) {
        let found: Wire
        switch (openOne, closedOne) {
        case (false?, false?): found = .cut
        case (true?, true?): found = .shorted
        case (true?, false?), (false?, true?): found = .whole
        case (nil, _), (_, nil): found = wire
        }
        if found != seen {
            seen = found
            seenSince = now
        }
    }

    /// The new state of the wire when it changed for good; `nil` otherwise.
    package mutating func elapsed(now: Uptime) -> Wire? {
        guard let deadline, now >= deadline else { return nil }
        wire = seen
        return wire
    }
}
