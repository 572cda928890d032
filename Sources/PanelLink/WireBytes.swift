// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility

/// Why bytes are no message.
package enum WireRefusal: UInt8, Error, Sendable, CaseIterable, Hashable {
    /// Fewer bytes than the layout has.
    case tooShort = 1
    /// More bytes than the layout has.
    case trailingBytes = 2
    case unknownKind = 3
    /// A number that none of the enum's cases has, or a truth value that is neither 0 nor 1.
    case unknownValue = 4
    case badIdentifier = 5
    /// Something is said to be absent and its bytes are not zero: one value has one form.
    case notZeroWhenAbsent = 6
    case badText = 7
}

/// Appends values in the wire's layout. A value of one call.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func put<Number: FixedWidthInteger>(_ number: Number) {
        var rest = number
        for _ in 0..<MemoryLayout<Number>.size {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest = Number.bitWidth == 8 ? 0 : rest >> 8
        }
    }

    mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    mutating func put(_ truth: Bool) { bytes.append(truth ? 1 : 0) }

    mutating func put<Kind>(_ identifier: Identifier<Kind>?) {
        put((identifier?.high ?? 0).byteSwapped)
        put((identifier?.low ?? 0).byteSwapped)
    }

    mutating func put(_ id: EventID) {
        put(id.terminal)
        put(id.stream.rawValue)
        put(id.run)
        put(id.sequence)
    }

    /// A length of two bytes, then at most `maxBytes` of whole characters.
    mutating func put(_ text: String, maxBytes: Int) {
        var kept: [UInt8] = []
        for character in text {
            let more = character.utf8
            guard kept.count + more.count <= maxBytes else { break }
            kept.append(contentsOf: more)
        }
        put(UInt16(kept.count))
        bytes.append(contentsOf: kept)
    }
}

/// Takes values out of bytes. A value of one call; whatever the bytes are, each step gives a value or a
/// refusal.
struct WireReader {
    private let bytes: [UInt8]
    private var next: Int

    init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        next = max(start, 0)
    }

    mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(WireRefusal)
        -> Number
    {
        let size = MemoryLayout<Number>.size
        guard size <= bytes.count - next else { throw .tooShort }
        var word: UInt64 = 0
        for place in 0..<size { word |= UInt64(bytes[next + place]) << UInt64(place * 8) }
        next += size
        return Number(truncatingIfNeeded: word)
    }

    mutating func truth() throws(WireRefusal) -> Bool {
        switch try number(UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw .unknownValue
        }
    }

    mutating func value<Value: RawRepresentable<UInt8>>(_: Value.Type = Value.self) throws(WireRefusal)
        -> Value
    {
        guard let value = Value(rawValue: try number()) else { throw .unknownValue }
        return value
    }

    mutating func identifierOrNone<Kind>() throws(WireRefusal) -> Identifier<Kind>? {
        let high = try number(UInt64.self).byteSwapped
        let low = try number(UInt64.self).byteSwapped
        if high == 0, low == 0 { return nil }
        guard let identifier = Identifier<Kind>(high: high, low: low) else { throw .badIdentifier }
        return identifier
    }

    mutating func identifier<Kind>() throws(WireRefusal) -> Identifier<Kind> {
        guard let identifier: Identifier<Kind> = try identifierOrNone() else { throw .badIdentifier }
        return identifier
    }

    mutating func eventID() throws(WireRefusal) -> EventID {
        EventID(terminal: try identifier(), stream: try value(), run: try number(), sequence: try number())
    }

    mutating func text(maxBytes: Int) throws(WireRefusal) -> String {
        let count = Int(try number(UInt16.self))
        guard count <= maxBytes else { throw .badText }
        guard count <= bytes.count - next else { throw .tooShort }
        let raw = bytes[next..<next + count]
        next += count
        guard let text = String(validating: raw, as: UTF8.self) else { throw .badText }
        return text
    }

    /// Nothing may be left over.
    func end() throws(WireRefusal) {
        guard next == bytes.count else { throw .trailingBytes }
    }
}
