// SPDX-License-Identifier: Apache-2.0

/// A table as a file that spreadsheets open: RFC 4180, with the mark by which they know UTF-8. A value; any
/// thread. Always true: every row has as many fields as the head, and no field that people wrote is run as a
/// formula.
package struct CSVText: Hashable, Sendable {
    package enum Field: Hashable, Sendable {
        case text(String)
        case number(Int64)
        /// Four digits after the point: `0.9873`.
        case share(Double)
        case empty

        /// nil is an empty field.
        package static func number(_ value: Int?) -> Field { value.map { .number(Int64($0)) } ?? .empty }
        package static func share(of value: Double?) -> Field { value.map { .share($0) } ?? .empty }
    }

    private let columns: Int
    private var body: String

    package init(head: [String]) {
        columns = head.count
        body = "\u{FEFF}"
        add(head.map { .text($0) })
    }

    package mutating func add(_ row: [Field]) {
        precondition(row.count == columns, "a row of \(row.count) fields under a head of \(columns)")
        body += row.map(Self.written).joined(separator: ",") + "\r\n"
    }

    package var text: String { body }

    private static func written(_ field: Field) -> String {
        switch field {
        case .empty: ""
        case .number(let value): String(value)
        case .share(let value): written(share: value)
        case .text(let text): written(text)
        }
    }

    private static func written(share: Double) -> String {
        let tenThousandths = Int((share * 10_000).rounded())
        let digits = String(tenThousandths % 10_000)
        return "\(tenThousandths / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits
    }

    private static func written(_ text: String) -> String {
        // What begins like a formula is one to a spreadsheet, quoted or not.
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        let needsQuotes = safe.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
        return needsQuotes
            ? "\""
                + safe.split(separator: "\"", omittingEmptySubsequences: false)
                .joined(separator: "\"\"") + "\"" : safe
    }
}
