// SPDX-License-Identifier: Apache-2.0
import CWireText
import Journal

/// Text under way to the network, in one buffer that only grows. A value of one thread.
///
/// base64 and hex are ours (`CWireText`) because libsodium's take constant time, which public text does not
/// need: 300 bytes in 7 µs against 0.2 µs.
struct WireText {
    private var bytes: [UInt8]
    private(set) var count = 0

    init(capacity: Int) { bytes = [UInt8](repeating: 0, count: max(capacity, 64)) }

    /// What was put so far.
    consuming func taken() -> [UInt8] { Array(bytes[..<count]) }

    /// The same without a copy: the whole buffer lives as long.
    consuming func slice() -> ArraySlice<UInt8> { bytes[..<count] }

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
        count = Int(wp_wire_put_decimal(&bytes, Int64(count), decimal))
    }

    mutating func put(decimal: Int64) {
        if decimal < 0 { put(byte: UInt8(ascii: "-")) }
        put(decimal: decimal.magnitude)
    }

    mutating func put(hex number: UInt64) {
        make(room: 16)
        count = Int(wp_wire_put_word(&bytes, Int64(count), number))
    }

    mutating func put(hex raw: [UInt8]) {
        make(room: raw.count * 2)
        count = Int(wp_wire_put_hex(&bytes, Int64(count), raw, Int64(raw.count)))
    }

    mutating func put(base64 raw: [UInt8]) {
        make(room: (raw.count + 2) / 3 * 4)
        count = Int(wp_wire_put_base64(&bytes, Int64(count), raw, Int64(raw.count)))
    }

    /// Of a moment that is tellable (`TimeText`).
    mutating func put(timeOf wallMs: Int64) {
        make(room: TimeText.count)
        count = Int(wp_wire_put_time(&bytes, Int64(count), wallMs))
    }

    /// What stands before the sequence in `id`, and between `id` and the kind, the same for a stream.
    struct Frame {
        var opening: [UInt8] = []
        var middle: [UInt8] = []
    }

    /// An event as SYNC.md has it; both hashes have `HashChain.hashBytes`.
    mutating func put(_ fields: inout wp_wire_fields, _ entry: JournalEntry, in frame: Frame) {
        let event = entry.event
        precondition(
            entry.previousHash.count == HashChain.hashBytes && entry.hash.count == HashChain.hashBytes)
        make(room: Self.room(of: event) + frame.opening.count + frame.middle.count)
        count = Int(
            wp_wire_put_event(
                &bytes, Int64(count), &fields, frame.opening, Int64(frame.opening.count), frame.middle,
                Int64(frame.middle.count), event.subject, Int64(event.subject.count), entry.previousHash,
                entry.hash, event.payload, Int64(event.payload.count)))
    }

    /// More than an event takes beside its frame.
    static func room(of event: JournalEvent) -> Int {
        Int(WP_WIRE_EVENT_ROOM) + (event.subject.count + event.payload.count + 4) / 3 * 4
    }

    private mutating func make(room: Int) {
        guard count + room > bytes.count else { return }
        let wanted = max(bytes.count * 2, count + room)
        bytes.reserveCapacity(wanted)
        bytes.append(contentsOf: repeatElement(0, count: wanted - bytes.count))
    }
}

/// Lower-case hexadecimal. Namespace.
enum HexText {
    /// `nil` for a capital or any other character.
    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }

    /// `nil` unless there is an even number of digits and nothing else.
    static func bytes(of digits: ArraySlice<UInt8>) -> [UInt8]? {
        bytes(in: Array(digits), at: 0, count: digits.count)
    }

    /// Of `count` digits of `text`.
    static func bytes(in text: [UInt8], at start: Int, count: Int) -> [UInt8]? {
        precondition(start >= 0 && count >= 0 && count <= text.count - start)
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: count / 2)
        return wp_wire_hex(&bytes, text, Int64(start), Int64(count)) == 1 ? bytes : nil
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
    /// `nil` for any other character, a wrong length, or bits after the end that are not zero.
    static func bytes(of text: ArraySlice<UInt8>) -> [UInt8]? {
        bytes(in: Array(text), at: 0, count: text.count)
    }

    /// Of `count` characters of `text`.
    static func bytes(in text: [UInt8], at start: Int, count: Int) -> [UInt8]? {
        precondition(start >= 0 && count >= 0 && count <= text.count - start)
        let length = Int(wp_wire_base64_bytes(text, Int64(start), Int64(count)))
        guard length > 0 else { return length == 0 ? [] : nil }
        var bytes = [UInt8](repeating: 0, count: length)
        return wp_wire_base64(&bytes, text, Int64(start), Int64(count)) == 1 ? bytes : nil
    }
}
