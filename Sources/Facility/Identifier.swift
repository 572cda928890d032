// SPDX-License-Identifier: Apache-2.0

/// A short printable name with a fixed size: 1 to 16 of `A–Z a–z 0–9 - _ .`, padded with zeros.
///
/// The same sixteen bytes stand in the configuration, on the wire and in the journal, so no table of numbers
/// has to be agreed on between terminals. A value, two words, never allocates. `Kind` only keeps a terminal
/// from being mistaken for an officer.
package struct Identifier<Kind>: Hashable, Sendable {
    package static var bytesMax: Int { 16 }

    /// Bytes 0…7 and 8…15, first byte in the most significant place, so that order by value is order by text.
    package let high: UInt64
    package let low: UInt64

    /// `nil` when the text is empty, longer than 16 bytes, or has a character outside the set.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard !bytes.contains(0) else { return nil }
        self.init(bytes: bytes)
    }

    /// Trailing zeros are padding. `nil` as above.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count <= Self.bytesMax, let words = IdentifierText.words(Array(bytes)) else { return nil }
        (high, low) = words
    }

    /// The two words as they stand on the wire and in the journal; `nil` as above. Every datagram has a dozen
    /// of these.
    package init?(high: UInt64, low: UInt64) {
        guard IdentifierText.isAllowed(high: high, low: low) else { return nil }
        self.high = high
        self.low = low
    }

    package var text: String {
        var bytes: [UInt8] = []
        for word in [high, low] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                let byte = UInt8(word >> shift & 0xff)
                if byte != 0 { bytes.append(byte) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Which characters a name has. Apart from the generic type, so that it is compiled once and fast in every
/// room.
private enum IdentifierText {
    /// `nil` for what is no name; at most 16 bytes.
    static func words(_ bytes: [UInt8]) -> (UInt64, UInt64)? {
        var words: (UInt64, UInt64) = (0, 0)
        for (index, byte) in bytes.enumerated() {
            let shift = UInt64(7 - index % 8) * 8
            if index < 8 { words.0 |= UInt64(byte) << shift } else { words.1 |= UInt64(byte) << shift }
        }
        return isAllowed(high: words.0, low: words.1) ? words : nil
    }

    static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
        default: false
        }
    }

    /// At least one character, and nothing but zeros after the last.
    static func isAllowed(high: UInt64, low: UInt64) -> Bool {
        guard high != 0 else { return false }
        var ended = false
        for place in 0..<16 {
            let word = place < 8 ? high : low
            let byte = UInt8(truncatingIfNeeded: word >> UInt64(56 - place % 8 * 8))
            if byte == 0 { ended = true } else if ended || !isAllowed(byte) { return false }
        }
        return true
    }
}

extension Identifier: Comparable {
    package static func < (a: Self, b: Self) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

extension Identifier: CustomStringConvertible {
    package var description: String { text }
}

/// Which thing an `Identifier` names. Never instantiated.
package enum TerminalKind {}
package enum OfficerKind {}
package enum ZoneKind {}
package enum PointKind {}
package enum ResidentKind {}

/// 终端: one terminal, unique in a site: `cell-101`, `post-a`.
package typealias TerminalID = Identifier<TerminalKind>
/// 民警: an officer's number as the facility writes it: `P1042`.
package typealias OfficerID = Identifier<OfficerKind>
/// 在押人员: a person held here, by the number that the facility gave: `R20260117`.
package typealias ResidentID = Identifier<ResidentKind>
/// 区域: a set of rooms.
package typealias ZoneID = Identifier<ZoneKind>
/// A line or a condition of a terminal: `button`, `tamper`.
package typealias PointName = Identifier<PointKind>
