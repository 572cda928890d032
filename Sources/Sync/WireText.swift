// SPDX-License-Identifier: Apache-2.0

/// Text under way to the network, in one buffer that only grows. A value of one thread.
///
/// base64 and hex are ours because libsodium's take constant time, which public text does not need: 300 bytes
/// in 7 µs against 0.2 µs.
struct WireText {
    private var bytes: [UInt8]
    private(set) var count = 0

    init(capacity: Int) { bytes = [UInt8](repeating: 0, count: max(capacity, 64)) }

    /// What was put so far; the buffer is given away.
    consuming func taken() -> [UInt8] {
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    func isEqual(_ other: ArraySlice<UInt8>) -> Bool { bytes[..<count].elementsEqual(other) }

    /// Forgets what was put after the first `count` bytes.
    mutating func cut(to count: Int) { self.count = min(count, self.count) }

    mutating func put(_ text: StaticString) {
        make(room: text.utf8CodeUnitCount)
        let start = count
        text.withUTF8Buffer { from in
            var into = bytes.mutableSpan
            for index in 0..<from.count { into[start + index] = from[index] }
        }
        count += text.utf8CodeUnitCount
    }

    mutating func put(_ text: [UInt8]) {
        make(room: text.count)
        let (start, from) = (count, text.span)
        var into = bytes.mutableSpan
        for index in 0..<from.count { into[start + index] = from[index] }
        count += from.count
    }

    mutating func put(text: String) {
        for byte in text.utf8 { put(byte: byte) }
    }

    mutating func put(byte: UInt8) {
        make(room: 1)
        bytes[count] = byte
        count += 1
    }

    mutating func put(decimal: UInt64) {
        make(room: 20)
        var digits = 1
        var bound: UInt64 = 10
        while digits < 20, decimal >= bound {
            digits += 1
            let (next, isBeyond) = bound.multipliedReportingOverflow(by: 10)
            if isBeyond { break }
            bound = next
        }
        put(decimal, digits: digits)
    }

    mutating func put(decimal: Int64) {
        if decimal < 0 { put(byte: UInt8(ascii: "-")) }
        put(decimal: decimal.magnitude)
    }

    /// With leading zeros.
    mutating func put(_ number: UInt64, digits: Int) {
        make(room: digits)
        let start = count
        var (rest, at) = (number, start + digits)
        var into = bytes.mutableSpan
        while at > start {
            at -= 1
            let tenth = rest / 10
            into[at] = 0x30 + UInt8(truncatingIfNeeded: rest - tenth * 10)
            rest = tenth
        }
        count += digits
    }

    mutating func put(hex number: UInt64) {
        make(room: 16)
        let start = count
        var into = bytes.mutableSpan
        for place in 0..<16 {
            into[start + place] = HexText.digit(UInt8(truncatingIfNeeded: number >> UInt64(60 - place * 4)))
        }
        count += 16
    }

    mutating func put(hex raw: [UInt8]) {
        make(room: raw.count * 2)
        let from = raw.span
        var at = count
        var into = bytes.mutableSpan
        for index in 0..<from.count {
            into[at] = HexText.digit(from[index] >> 4)
            into[at + 1] = HexText.digit(from[index])
            at += 2
        }
        count = at
    }

    mutating func put(base64 raw: [UInt8]) {
        make(room: (raw.count + 2) / 3 * 4)
        let (from, digits) = (raw.span, Base64Text.digits.span)
        var (index, at) = (0, count)
        var into = bytes.mutableSpan
        while index + 2 < from.count {
            let word = Int(from[index]) << 16 | Int(from[index + 1]) << 8 | Int(from[index + 2])
            into[at] = digits[word >> 18]
            into[at + 1] = digits[word >> 12 & 63]
            into[at + 2] = digits[word >> 6 & 63]
            into[at + 3] = digits[word & 63]
            index += 3
            at += 4
        }
        if index < from.count {
            let isLast = index + 1 == from.count
            let word = Int(from[index]) << 16 | (isLast ? 0 : Int(from[index + 1]) << 8)
            into[at] = digits[word >> 18]
            into[at + 1] = digits[word >> 12 & 63]
            into[at + 2] = isLast ? Base64Text.padding : digits[word >> 6 & 63]
            into[at + 3] = Base64Text.padding
            at += 4
        }
        count = at
    }

    private mutating func make(room: Int) {
        guard count + room > bytes.count else { return }
        let wanted = max(bytes.count * 2, count + room)
        bytes.append(contentsOf: repeatElement(0, count: wanted - bytes.count))
    }
}

/// Lower-case hexadecimal. Namespace.
enum HexText {
    /// Of the low four bits.
    static func digit(_ nibble: UInt8) -> UInt8 {
        let low = nibble & 15
        return low < 10 ? 0x30 + low : 0x57 + low
    }

    /// `nil` for a capital or any other character.
    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }

    /// Character → its four bits; 255 for all others.
    private static let values = (0..<256).map { value(UInt8($0)) ?? 255 }

    /// `nil` unless there is an even number of digits and nothing else.
    static func bytes(of digits: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.count % 2 == 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: digits.count / 2)
        let (from, values) = (digits.span, values.span)
        var into = bytes.mutableSpan
        var seen: UInt8 = 0
        for index in 0..<into.count {
            let (high, low) = (values[Int(from[index * 2])], values[Int(from[index * 2 + 1])])
            seen |= high | low
            into[index] = high << 4 | low
        }
        return seen < 16 ? bytes : nil
    }

    /// Sixteen digits.
    static func word(of digits: ArraySlice<UInt8>) -> UInt64? {
        guard digits.count == 16 else { return nil }
        var word: UInt64 = 0
        for digit in digits {
            guard let value = value(digit) else { return nil }
            word = word << 4 | UInt64(value)
        }
        return word
    }
}

/// RFC 4648 with padding, one spelling for one value. Namespace.
enum Base64Text {
    static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    static let padding = UInt8(ascii: "=")
    /// Character → its six bits; 255 for all others.
    static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    static func bytesMax(digits: Int) -> Int { digits / 4 * 3 }

    /// `nil` for any other character, a wrong length, or bits after the end that are not zero.
    static func bytes(of text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        guard !text.isEmpty else { return [] }
        let (from, values) = (text.span, values.span)
        let last = from.count - 4
        let pads = from[last + 3] != padding ? 0 : from[last + 2] != padding ? 1 : 2
        var bytes = [UInt8](repeating: 0, count: from.count / 4 * 3 - pads)
        var into = bytes.mutableSpan
        var (at, index) = (0, 0)
        var seen: UInt8 = 0
        while index < (pads == 0 ? from.count : last) {
            let (a, b) = (values[Int(from[index])], values[Int(from[index + 1])])
            let (c, d) = (values[Int(from[index + 2])], values[Int(from[index + 3])])
            seen |= a | b | c | d
            into[at] = a << 2 | b >> 4
            into[at + 1] = b << 4 | c >> 2
            into[at + 2] = c << 6 | d
            index += 4
            at += 3
        }
        if pads > 0 {
            let (a, b) = (values[Int(from[last])], values[Int(from[last + 1])])
            let c = pads == 1 ? values[Int(from[last + 2])] : 0
            let rest = pads == 1 ? c << 6 : b << 4
            seen |= a | b | c | (rest == 0 ? 0 : 255)
            into[at] = a << 2 | b >> 4
            if pads == 1 { into[at + 1] = b << 4 | c >> 2 }
        }
        return seen < 64 ? bytes : nil
    }
}
