// SPDX-License-Identifier: Apache-2.0

/// Reads Swift or C once from end to end and blanks what is not code, so that a rule is not broken by its own
/// mention. Code inside `\( )` stays code.
struct CodeReader {
    private let bytes: [UInt8]
    private var out: [UInt8]
    private var at = 0

    static func code(of text: String) -> String {
        var reader = CodeReader(bytes: Array(text.utf8))
        reader.readCode(nested: false)
        return String(decoding: reader.out, as: UTF8.self)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        out = bytes
    }

    private func byte(_ offset: Int) -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    private func isAhead(_ text: StaticString, at offset: Int) -> Bool {
        text.withUTF8Buffer { wanted in
            offset + wanted.count <= bytes.count
                && wanted.indices.allSatisfy { bytes[offset + $0] == wanted[$0] }
        }
    }

    private mutating func blank(_ count: Int) {
        for offset in at..<min(at + count, bytes.count) where bytes[offset] != UInt8(ascii: "\n") {
            out[offset] = UInt8(ascii: " ")
        }
        at += count
    }

    /// Until the end, or until the parenthesis that closes an interpolation.
    private mutating func readCode(nested: Bool) {
        var depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "/") where isAhead("//", at: at):
                while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { blank(1) }
            case UInt8(ascii: "/") where isAhead("/*", at: at):
                readBlockComment()
            case UInt8(ascii: "\""):
                readString(hashes: 0)
            case UInt8(ascii: "#"):
                var hashes = 1
                while byte(at + hashes) == UInt8(ascii: "#") { hashes += 1 }
                if byte(at + hashes) == UInt8(ascii: "\"") {
                    readString(hashes: hashes)
                } else {
                    at += hashes
                }
            case UInt8(ascii: "'"):
                readCharacter()
            case UInt8(ascii: "("):
                depth += 1
                at += 1
            case UInt8(ascii: ")"):
                if nested, depth == 0 { return }
                depth -= 1
                at += 1
            default:
                at += 1
            }
        }
    }

    private mutating func readBlockComment() {
        var depth = 0
        repeat {
            if isAhead("/*", at: at) {
                depth += 1
                blank(2)
            } else if isAhead("*/", at: at) {
                depth -= 1
                blank(2)
            } else {
                blank(1)
            }
        } while depth > 0 && at < bytes.count
    }

    /// C's `'"'` and `'\''`.
    private mutating func readCharacter() {
        let length = byte(at + 1) == UInt8(ascii: "\\") ? 4 : 3
        if byte(at + length - 1) == UInt8(ascii: "'") { blank(length) } else { at += 1 }
    }

    private mutating func readString(hashes: Int) {
        blank(hashes)
        let isLong = isAhead("\"\"\"", at: at)
        blank(isLong ? 3 : 1)
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "\n"), !isLong { return }
            if isLong ? isAhead("\"\"\"", at: at) : bytes[at] == UInt8(ascii: "\""),
                areHashes(hashes, at: at + (isLong ? 3 : 1))
            {
                return blank((isLong ? 3 : 1) + hashes)
            }
            if bytes[at] == UInt8(ascii: "\\"), areHashes(hashes, at: at + 1) {
                blank(1 + hashes)
                if byte(at) == UInt8(ascii: "(") {
                    at += 1
                    readCode(nested: true)
                    at += 1
                } else {
                    blank(1)
                }
            } else {
                blank(1)
            }
        }
    }

    private func areHashes(_ count: Int, at offset: Int) -> Bool {
        (0..<count).allSatisfy { byte(offset + $0) == UInt8(ascii: "#") }
    }
}
