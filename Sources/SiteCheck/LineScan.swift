// SPDX-License-Identifier: Apache-2.0
import Facility

/// What one line of YAML has that is refused before parsing. A rough look: it knows quotes and comments, no
/// structure, and rather refuses a strange line than let one through.
struct LineScan {
    private(set) var hasContent = false
    private(set) var isTooLong = false
    private(set) var indentHasTab = false
    private(set) var controlColumn: Int?
    private(set) var aliasColumn: Int?
    private(set) var hasOpenQuote = false
    /// Opened minus closed.
    private(set) var brackets = 0
    /// Steps that this line can nest at most: its indentation, and each dash, question mark or bracket.
    private(set) var depth = 0

    init(_ line: Substring) {
        isTooLong = line.utf8.count > Limits.configurationLineMaxBytes
        let scalars = Array(line.unicodeScalars.prefix(Limits.configurationLineMaxBytes))
        let indent = scalars.prefix { $0 == " " || $0 == "\t" }
        let isBlank = indent.count == scalars.count || scalars[indent.count] == "#"
        indentHasTab = indent.contains("\t") && !isBlank
        hasContent = !isBlank
        controlColumn = scalars.firstIndex {
            ($0.value < 0x20 && $0 != "\t") || $0.value == 0x7f || $0.value == 0xe000
        }
        .map { $0 + 1 }
        // Two columns are the least that anybody indents; deep indentation is deep nesting.
        depth = isBlank ? 0 : indent.count / 2
        scan(scalars)
    }

    private mutating func scan(_ scalars: [Unicode.Scalar]) {
        var index = 0
        var startsToken = true
        while index < scalars.count {
            let scalar = scalars[index]
            switch scalar {
            case "#" where startsToken: return
            case "\"" where startsToken, "'" where startsToken:
                guard let end = Self.quoteEnd(scalars, from: index) else {
                    hasOpenQuote = true
                    return
                }
                index = end
            case "&" where startsToken, "*" where startsToken:
                if index + 1 < scalars.count, scalars[index + 1] != " ", aliasColumn == nil {
                    aliasColumn = index + 1
                }
            case "[", "{":
                brackets += 1
                depth += 1
            case "]", "}": brackets -= 1
            case "-" where startsToken, "?" where startsToken: depth += 1
            default: break
            }
            startsToken =
                [" ", "\t", "[", "{", ",", ":", "]", "}"].contains(scalar) || (scalar == "-" && startsToken)
            index += 1
        }
    }

    private static func quoteEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        let quote = scalars[start]
        var index = start + 1
        while index < scalars.count {
            if scalars[index] == "\\", quote == "\"" {
                index += 1
            } else if scalars[index] == quote {
                if quote == "'", index + 1 < scalars.count, scalars[index + 1] == "'" {
                    index += 1
                } else {
                    return index
                }
            }
            index += 1
        }
        return nil
    }
}
