// SPDX-License-Identifier: Apache-2.0

/// Writes numbers, texts and lists one behind the other, numbers big-endian, texts and lists with their
/// length before them. A value; any thread.
package struct FixedWriter {
    package private(set) var bytes: [UInt8]

    package init(magic: String) { bytes = Array(magic.utf8) }

    package mutating func add(_ number: some FixedWidthInteger) {
        for place in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> place))
        }
    }

    package mutating func add(_ text: String) {
        add(UInt16(clamping: text.utf8.count))
        bytes.append(contentsOf: text.utf8.prefix(Int(UInt16.max)))
    }

    package mutating func add<Kind>(_ id: Identifier<Kind>) {
        add(id.high)
        add(id.low)
    }

    package mutating func add<Element>(_ list: [Element], _ each: (inout FixedWriter, Element) -> Void) {
        add(UInt32(list.count))
        for one in list { each(&self, one) }
    }

    /// Behind everything, a checksum against damage (against forgery stands the bundle's signature).
    package consuming func sealed() -> [UInt8] {
        let sum = CRC32.of(bytes[...])
        add(sum)
        return bytes
    }
}

/// What is wrong with bytes that were read. A value.
package struct FixedDamage: Error {
    package var cause: String

    package init(cause: String) { self.cause = cause }
}

/// Reads what `FixedWriter` wrote, trusting nothing. A value; any thread.
package struct FixedReader {
    private var rest: ArraySlice<UInt8>

    package init(_ bytes: [UInt8], magic: String, maxBytes: Int) throws(FixedDamage) {
        guard bytes.count <= maxBytes, bytes.count >= 8, bytes.starts(with: magic.utf8) else {
            throw FixedDamage(cause: "it is of another kind, of another version, or too long")
        }
        rest = bytes.suffix(4)
        guard try number() == CRC32.of(bytes.dropLast(4)) else {
            throw FixedDamage(cause: "its checksum does not fit: it was damaged or cut")
        }
        rest = bytes.dropFirst(magic.utf8.count).dropLast(4)
    }

    package mutating func number<Number: FixedWidthInteger>() throws(FixedDamage) -> Number {
        let count = Number.bitWidth / 8
        guard rest.count >= count else { throw FixedDamage(cause: "it ends too soon") }
        var number: Number = 0
        for byte in rest.prefix(count) {
            number = Number.bitWidth == 8 ? Number(truncatingIfNeeded: byte) : number << 8 | Number(byte)
        }
        rest = rest.dropFirst(count)
        return number
    }

    package mutating func text(max: Int = Limits.titleMaxBytes) throws(FixedDamage) -> String {
        let length: UInt16 = try number()
        guard Int(length) <= max, rest.count >= Int(length),
            let text = String(validating: rest.prefix(Int(length)), as: UTF8.self)
        else { throw FixedDamage(cause: "a text is too long or no text") }
        rest = rest.dropFirst(Int(length))
        return text
    }

    package mutating func identifier<Kind>() throws(FixedDamage) -> Identifier<Kind> {
        let (high, low): (UInt64, UInt64) = (try number(), try number())
        guard let id = Identifier<Kind>(high: high, low: low) else {
            throw FixedDamage(cause: "a name is none")
        }
        return id
    }

    package mutating func choice<Choice: RawRepresentable>() throws(FixedDamage) -> Choice
    where Choice.RawValue == UInt8 {
        guard let choice = Choice(rawValue: try number()) else {
            throw FixedDamage(cause: "a choice is unknown here")
        }
        return choice
    }

    package mutating func list<Element>(
        max: Int, _ each: (inout FixedReader) throws(FixedDamage) -> Element
    ) throws(FixedDamage) -> [Element] {
        let count: UInt32 = try number()
        guard Int(count) <= max else { throw FixedDamage(cause: "a list has \(count) entries") }
        var list: [Element] = []
        for _ in 0..<count { list.append(try each(&self)) }
        return list
    }

    package var isAtEnd: Bool { rest.isEmpty }

    package func end() throws(FixedDamage) {
        guard rest.isEmpty else { throw FixedDamage(cause: "something follows its end") }
    }
}

/// The checksum of Ethernet and zip (polynomial EDB88320, reflected). Pure.
private enum CRC32 {
    static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 0xff)] ^ sum >> 8 }
        return ~sum
    }

    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index)
        for _ in 0..<8 { value = value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1 }
        return value
    }
}
