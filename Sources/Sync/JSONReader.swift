// SPDX-License-Identifier: Apache-2.0
import Facility

/// Walks once over JSON (RFC 8259) from the network, by hand, because a decoder of a library costs 5 MB and
/// forgives too much. A value of one call; whatever the bytes are, each step gives a value or a refusal.
struct JSONReader {
    private let bytes: [UInt8]
    private(set) var at = 0
    private var depth = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func refusal(_ reason: SyncRefusal.Reason) -> SyncRefusal {
        SyncRefusal(at < bytes.count || reason != .unexpected ? reason : .ended, at: at)
    }

    // MARK: Structure

    /// The next character that is no space.
    mutating func peek() throws(SyncRefusal) -> UInt8 {
        while at < bytes.count {
            let byte = bytes[at]
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
            at += 1
        }
        throw refusal(.ended)
    }

    mutating func expect(_ byte: UInt8) throws(SyncRefusal) {
        guard try peek() == byte else { throw refusal(.unexpected) }
        at += 1
    }

    private mutating func takes(_ byte: UInt8) throws(SyncRefusal) -> Bool {
        guard try peek() == byte else { return false }
        at += 1
        return true
    }

    mutating func end() throws(SyncRefusal) {
        guard at < bytes.count else { return }
        do {
            _ = try peek()
        } catch { return }
        throw refusal(.trailing)
    }

    /// Opens an object or an array; false when it is empty and thereby closed again.
    mutating func open(_ opening: UInt8) throws(SyncRefusal) -> Bool {
        try expect(opening)
        depth += 1
        guard depth <= Limits.syncDepthMaxCount else { throw refusal(.tooDeep) }
        guard try takes(opening + 2) else { return true }
        depth -= 1
        return false
    }

    /// After a member of what `opening` began: true when another follows.
    mutating func continues(_ opening: UInt8) throws(SyncRefusal) -> Bool {
        if try takes(0x2c) { return true }
        try expect(opening + 2)
        depth -= 1
        return false
    }

    /// A member's name and its colon. Only plain names: what an escape could hide is refused.
    mutating func name() throws(SyncRefusal) -> ArraySlice<UInt8> {
        try expect(0x22)
        let start = at
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x22 {
                let name = bytes[start..<at]
                at += 1
                try expect(0x3a)
                return name
            }
            guard (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5f else {
                throw refusal(.badName)
            }
            at += 1
        }
        throw refusal(.ended)
    }

    /// Passes over a name with its quotes and colon where exactly these characters stand; false otherwise.
    mutating func passes(_ member: [UInt8]) -> Bool {
        guard stands(member) else { return false }
        at += member.count
        return true
    }

    private func stands(_ wanted: [UInt8]) -> Bool {
        let (here, wanted) = (bytes.span, wanted.span)
        guard wanted.count <= here.count - at else { return false }
        for index in 0..<wanted.count where here[at + index] != wanted[index] { return false }
        return true
    }

    // MARK: Values

    /// A text; what was escaped is given unescaped.
    mutating func text() throws(SyncRefusal) -> ArraySlice<UInt8> {
        try expect(0x22)
        let start = at
        let end = plainEnd()
        at = end
        guard at < bytes.count else { throw refusal(.ended) }
        guard bytes[at] != 0x22 else {
            at += 1
            return bytes[start..<at - 1]
        }
        return try escapedText(from: start)[...]
    }

    /// Where the plain characters end that begin at `at`: at a quote, a backslash, a control character or one
    /// beyond ASCII. Nine tenths of a batch are such characters, so eight are looked at in one step.
    private func plainEnd() -> Int {
        let (span, ones) = (bytes.span, UInt64(0x0101_0101_0101_0101))
        let words = span.bytes
        var end = at
        while end + 8 <= span.count {
            let word = words.unsafeLoadUnaligned(fromByteOffset: end, as: UInt64.self)
            let (quotes, strokes) = (word ^ (ones &* 0x22), word ^ (ones &* 0x5c))
            // The highest bit of each byte: set where it was zero after the difference, below 0x20, or set.
            let found = (quotes &- ones) | (strokes &- ones) | (word &- ones &* 0x20) | word
            guard found & (ones &* 0x80) == 0 else { break }
            end += 8
        }
        while end < span.count {
            let byte = span[end]
            if byte == 0x22 || byte == 0x5c || byte < 0x20 || byte >= 0x80 { break }
            end += 1
        }
        return end
    }

    /// The same with escapes and characters beyond ASCII; `at` stands on the first of them.
    private mutating func escapedText(from start: Int) throws(SyncRefusal) -> [UInt8] {
        var text = Array(bytes[start..<at])
        while at < bytes.count {
            let byte = bytes[at]
            if byte < 0x20 { throw refusal(.badText) }
            at += 1
            switch byte {
            case 0x22:
                guard String(validating: text, as: UTF8.self) != nil else {
                    throw SyncRefusal(.badText, at: start)
                }
                return text
            case 0x5c: try escape(into: &text)
            default: text.append(byte)
            }
        }
        throw refusal(.ended)
    }

    /// `at` stands after the backslash.
    private mutating func escape(into text: inout [UInt8]) throws(SyncRefusal) {
        guard at < bytes.count else { throw refusal(.ended) }
        let byte = bytes[at]
        at += 1
        switch byte {
        case 0x22, 0x5c, 0x2f: text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try unit()
            if 0xd800..<0xdc00 ~= code {
                guard at + 1 < bytes.count, bytes[at] == 0x5c, bytes[at + 1] == UInt8(ascii: "u") else {
                    throw refusal(.badText)
                }
                at += 2
                let low = try unit()
                guard 0xdc00..<0xe000 ~= low else { throw refusal(.badText) }
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw refusal(.badText) }
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default:
            at -= 1
            throw refusal(.badText)
        }
    }

    /// Four digits after `\u`.
    private mutating func unit() throws(SyncRefusal) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard at < bytes.count else { throw refusal(.ended) }
            let digit = bytes[at]
            let lower = (0x41...0x46).contains(digit) ? digit + 0x20 : digit
            guard let value = HexText.value(lower) else { throw refusal(.badText) }
            code = code << 4 | UInt32(value)
            at += 1
        }
        return code
    }

    mutating func truth() throws(SyncRefusal) -> Bool {
        let isTrue = try peek() == UInt8(ascii: "t")
        try word(isTrue ? "true" : "false")
        return isTrue
    }

    /// A whole number that stands without quotes, without fraction and exponent.
    mutating func integer() throws(SyncRefusal) -> Int64 {
        _ = try peek()
        let start = at
        try skipNumber()
        guard let number = DecimalText.signed(bytes[start..<at]) else {
            throw SyncRefusal(.badNumber, at: start)
        }
        return number
    }

    private mutating func word(_ word: StaticString) throws(SyncRefusal) {
        for index in 0..<word.utf8CodeUnitCount {
            let wanted = word.withUTF8Buffer { $0[index] }
            guard at < bytes.count, bytes[at] == wanted else { throw refusal(.unexpected) }
            at += 1
        }
    }

    // MARK: What is not known

    mutating func skipValue() throws(SyncRefusal) {
        switch try peek() {
        case 0x22: _ = try text()
        case 0x7b:
            guard try open(0x7b) else { return }
            repeat {
                _ = try text()
                try expect(0x3a)
                try skipValue()
            } while try continues(0x7b)
        case 0x5b:
            guard try open(0x5b) else { return }
            repeat { try skipValue() } while try continues(0x5b)
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try skipNumber()
        }
    }

    private mutating func skipNumber() throws(SyncRefusal) {
        if at < bytes.count, bytes[at] == 0x2d { at += 1 }
        if at < bytes.count, bytes[at] == 0x30 { at += 1 } else { try skipDigits() }
        if at < bytes.count, bytes[at] == 0x2e {
            at += 1
            try skipDigits()
        }
        guard at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") else { return }
        at += 1
        if at < bytes.count, bytes[at] == 0x2b || bytes[at] == 0x2d { at += 1 }
        try skipDigits()
    }

    private mutating func skipDigits() throws(SyncRefusal) {
        let start = at
        while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
        guard at > start else { throw refusal(.badNumber) }
    }
}

/// Whole numbers, one spelling for one value: no plus, no leading zeros, no `-0`. Namespace.
enum DecimalText {
    static func unsigned(_ digits: ArraySlice<UInt8>) -> UInt64? {
        guard let first = digits.first, digits.count <= 20, first != 0x30 || digits.count == 1 else {
            return nil
        }
        var number: UInt64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            let (tens, isTooMuch) = number.multipliedReportingOverflow(by: 10)
            let (sum, isBeyond) = tens.addingReportingOverflow(UInt64(digit - 0x30))
            guard !isTooMuch, !isBeyond else { return nil }
            number = sum
        }
        return number
    }

    static func signed(_ text: ArraySlice<UInt8>) -> Int64? {
        guard text.first == 0x2d else { return unsigned(text).flatMap { Int64(exactly: $0) } }
        guard let size = unsigned(text.dropFirst()), size > 0, size <= UInt64(Int64.max) + 1 else {
            return nil
        }
        return Int64(truncatingIfNeeded: ~size &+ 1)
    }
}
