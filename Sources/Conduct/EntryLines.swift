// SPDX-License-Identifier: Apache-2.0
import Facility

/// Writes `word=value` lines; a value's line feeds and backslashes are written `\n` and `\\`. A value.
struct EntryWriter {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ word: String, _ value: some CustomStringConvertible) {
        bytes += word.utf8
        bytes.append(UInt8(ascii: "="))
        for byte in value.description.utf8 {
            switch byte {
            case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\n"))
    }
}

/// Reads them again, one behind the other, each only where its word is the one asked for. A value.
struct EntryReader {
    private var rest: ArraySlice<UInt8>

    var isAtEnd: Bool { rest.isEmpty }

    /// nil: no text.
    init?(_ bytes: [UInt8]) {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        rest = bytes[...]
    }

    mutating func next(_ word: String) -> String? {
        let head = word.utf8 + [UInt8(ascii: "=")]
        guard rest.starts(with: head), let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        var value: [UInt8] = []
        var isEscaped = false
        for byte in rest[(rest.startIndex + word.utf8.count + 1)..<end] {
            if isEscaped {
                value.append(byte == UInt8(ascii: "n") ? UInt8(ascii: "\n") : byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                value.append(byte)
            }
        }
        rest = rest[(end + 1)...]
        return String(decoding: value, as: UTF8.self)
    }

    mutating func identifier<Kind>(_ word: String) -> Identifier<Kind>? {
        next(word).flatMap { Identifier($0) }
    }
    mutating func event(_ word: String) -> EventID? { next(word).flatMap { EventID($0) } }
    mutating func day(_ word: String = "day") -> CivilDay? { next(word).flatMap { CivilDay($0) } }
    mutating func month() -> CivilMonth? { next("month").flatMap { CivilMonth($0) } }
    mutating func officer() -> OfficerID? { identifier("officer") }

    mutating func officers() -> [OfficerID] {
        var found: [OfficerID] = []
        while found.count < Limits.conductNamesMaxCount, let officer = officer() { found.append(officer) }
        return found
    }
}
