// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Says when the service manager's watchdog may be fed: only after the path itself has just worked.
///
/// A value on the line thread. One test = a datagram to our own alarm socket came back through the loop, and
/// the levels of the lines were read since the last test. Whoever freezes the line thread, the socket or the
/// bank stops the feeding.
package struct SelfTest: Sendable {
    package let run: UInt64
    private var round: UInt64 = 0
    private var isOut = false
    private var levelsRead = false
    private var nextAt: Uptime

    package init(run: UInt64, now: Uptime) {
        self.run = run
        nextAt = now
    }

    package mutating func readLevels() { levelsRead = true }

    /// The datagram to send to ourselves, when one is due. An unanswered one is followed by the next: being
    /// late is what the watchdog sees.
    package mutating func due(now: Uptime) -> [UInt8]? {
        guard now >= nextAt else { return nil }
        nextAt = now.advanced(ms: Limits.selfTestMs)
        round &+= 1
        isOut = true
        return probe
    }

    /// Is this our own datagram? Then: was the path whole, so that the watchdog may be fed?
    package mutating func returned(_ bytes: [UInt8]) -> Bool? {
        guard bytes.count == Self.probeBytes, bytes == probe else { return nil }
        defer {
            isOut = false
            levelsRead = false
        }
        return isOut && levelsRead
    }

    package static let probeBytes = 24

    /// `WPST`, four zeros, run, round: the run is random and known to nobody else.
    private var probe: [UInt8] {
        var bytes: [UInt8] = [0x57, 0x50, 0x53, 0x54, 0, 0, 0, 0]
        for word in [run, round] {
            for shift in stride(from: UInt64(0), through: 56, by: 8) {
                bytes.append(UInt8(word >> shift & 0xff))
            }
        }
        return bytes
    }
}
