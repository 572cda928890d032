// SPDX-License-Identifier: Apache-2.0
import Foundation

extension SourceFile {
    /// Every function with a body: the line it begins on, and how many lines until its closing brace.
    var functions: [(line: Int, length: Int)] {
        let start =
            path.isC
            ? #"^\w[^;={}#]*\)\s*\{"#
            : #"(?<![.\w`])(func\b|init[?!]?(?=\s*[(<])|deinit\b|subscript(?=\s*[(<]))"#
        let text = Array(code.utf16)
        return code.matches(of: start).compactMap { found in
            let from = path.isC ? found.range.upperBound - 1 : found.range.upperBound
            guard let body = Self.body(in: text, from: from) else { return nil }
            let length = text[found.range.location...body.upperBound].count { $0 == 0x0a } + 1
            return (line(at: found.range.location), length)
        }
    }

    /// From the brace that opens a body to the one that closes it; `nil` for a requirement of a protocol.
    private static func body(in text: [UInt16], from start: Int) -> ClosedRange<Int>? {
        let (newline, open, close) = (UInt16(0x0a), UInt16(0x7b), UInt16(0x7d))
        var brackets = 0
        var at = start
        while at < text.count, text[at] != open || brackets > 0 {
            switch UInt8(truncatingIfNeeded: text[at]) {
            case UInt8(ascii: "("), UInt8(ascii: "["): brackets += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): brackets -= 1
            case UInt8(ascii: "}") where brackets == 0: return nil
            default: break
            }
            if text[at] == newline, brackets == 0, !continues(text, after: at) { return nil }
            at += 1
        }
        guard at < text.count else { return nil }
        var depth = 0
        for end in at..<text.count {
            if text[end] == open { depth += 1 }
            if text[end] == close { depth -= 1 }
            if depth == 0 { return at...end }
        }
        return nil
    }

    /// Whether a signature goes on in the next line.
    private static func continues(_ text: [UInt16], after newline: Int) -> Bool {
        let before = String(decoding: text[max(0, newline - 40)..<newline], as: UTF16.self)
        let after = String(decoding: text[newline..<min(text.count, newline + 120)], as: UTF16.self)
        return before.contains(pattern: #"(,|->|&|:|\bfunc)\s*\z"#)
            || after.contains(pattern: #"\A\s*(\{|->|where\b|throws\b|rethrows\b|async\b)"#)
    }
}
