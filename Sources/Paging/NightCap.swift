// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Hours of every night in which nothing but an alarm is louder than a cap. A value; any thread.
package struct NightCap: Hashable, Sendable {
    package var from: ClockTime
    /// Not included; before `from`: of the next day.
    package var until: ClockTime
    /// No sample is louder, under full scale: 0 down to `Limits.nightCapLeastDb`.
    package var capDb: Int8

    /// nil: no such cap, or no hours.
    package init?(from: ClockTime, until: ClockTime, capDb: Int8) {
        guard from != until, Limits.nightCapLeastDb...0 ~= capDb else { return nil }
        (self.from, self.until, self.capDb) = (from, until, capDb)
    }

    /// By the wall clock there.
    package func holds(at time: ClockTime) -> Bool {
        from < until ? from <= time && time < until : time >= from || time < until
    }

    /// Seconds to the next change, from 1 on, where no clock is changed meanwhile.
    package func restS(at time: ClockTime) -> Int {
        let day: Int32 = 86_400
        let rests = [from, until].map { ($0.seconds - time.seconds + day) % day }.map { $0 == 0 ? day : $0 }
        return Int(rests.min() ?? day)
    }
}
