// SPDX-License-Identifier: Apache-2.0

/// Bytes as lower-case hexadecimal digits, as seals and entries have them. Pure.
package enum SealText {
    package static func of(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Nil for anything that `of` does not write.
    package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var made: [UInt8] = []
        var high: UInt8?
        for digit in text.utf8 {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x61...0x66: value = digit - 0x61 + 10
            case _: return nil
            }
            if let first = high {
                made.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? made : nil
    }
}
