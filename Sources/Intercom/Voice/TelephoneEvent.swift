// SPDX-License-Identifier: Apache-2.0

/// A key as media carries it (RFC 4733): four bytes. A value.
package struct TelephoneEvent: Hashable, Sendable {
    package static let byteCount = 4

    /// 0 to 9, then * and #, then A to D.
    package var key: UInt8
    package var isEnd: Bool
    /// Attenuation in dB under full scale, 0 to 63.
    package var volume: UInt8
    /// So far, in ticks.
    package var duration: UInt16

    package init(key: UInt8, isEnd: Bool, volume: UInt8 = 10, duration: UInt16) {
        self.key = key
        self.isEnd = isEnd
        self.volume = volume
        self.duration = duration
    }

    /// nil: not four bytes, or no key.
    package init?(_ bytes: [UInt8], payload: Range<Int>) {
        guard payload.count >= Self.byteCount, payload.upperBound <= bytes.count else { return nil }
        let at = payload.lowerBound
        guard bytes[at] <= 15 else { return nil }
        key = bytes[at]
        isEnd = bytes[at + 1] & 0x80 != 0
        volume = bytes[at + 1] & 0x3f
        duration = UInt16(bytes[at + 2]) << 8 | UInt16(bytes[at + 3])
    }

    package func write(to bytes: inout [UInt8], at start: Int) {
        bytes[start] = key
        bytes[start + 1] = volume & 0x3f | (isEnd ? 0x80 : 0)
        bytes[start + 2] = UInt8(truncatingIfNeeded: duration >> 8)
        bytes[start + 3] = UInt8(truncatingIfNeeded: duration)
    }

    private static let keys = Array("0123456789*#ABCD".utf8)

    package static func key(of character: Character) -> UInt8? {
        guard let byte = character.uppercased().utf8.first, character.isASCII else { return nil }
        return keys.firstIndex(of: byte).map(UInt8.init)
    }

    /// As written on the key.
    package var symbol: UInt8 { Self.keys[Int(key & 15)] }
}
