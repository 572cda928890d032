// SPDX-License-Identifier: Apache-2.0

/// A table for a terminal's screen: columns as wide as their widest cell, two spaces between them. A value.
package struct Table: Sendable {
    package enum Side: Sendable { case left, right }

    private let sides: [Side]
    private var rows: [[String]]

    package init(_ columns: [(title: String, side: Side)]) {
        sides = columns.map(\.side)
        rows = [columns.map(\.title)]
    }

    /// As many cells as columns.
    package mutating func add(_ cells: [String]) {
        precondition(cells.count == sides.count, "a row has a cell for each column")
        rows.append(cells)
    }

    package var lines: [String] {
        let widths = sides.indices.map { column in rows.map { Self.width($0[column]) }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, zip(widths, sides)).map { cell, shape in
                let space = String(repeating: " ", count: shape.0 - Self.width(cell))
                return shape.1 == .left ? cell + space : space + cell
            }
            let line = cells.joined(separator: "  ")
            return String(
                line.prefix(upTo: line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex))
        }
    }

    package static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - Self.width(text)))
    }

    /// Columns of a terminal's screen: a Chinese character has two.
    package static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.value {
            case 0...0x1f, 0x300...0x36f, 0x200b...0x200f, 0xfe00...0xfe0f: sum
            case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff,
                0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1faff, 0x20000...0x3fffd:
                sum + 2
            default: sum + 1
            }
        }
    }
}

/// 1:05 as `01:05`, over an hour `1:00:05`.
package func ageText(ms: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let seconds = max(0, ms) / 1_000
    let text = "\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    return seconds >= 3_600 ? "\(seconds / 3_600):\(text)" : text
}

/// `+  1,234 ms`, for timelines.
package func sinceText(ms: Int) -> String {
    let text = String(max(0, ms))
    let grouped = text.enumerated().map { index, digit in
        index > 0 && (text.count - index) % 3 == 0 ? ",\(digit)" : "\(digit)"
    }.joined()
    return "+" + String(repeating: " ", count: max(0, 7 - grouped.count)) + grouped + " ms"
}
