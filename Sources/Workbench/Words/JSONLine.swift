// SPDX-License-Identifier: Apache-2.0

/// One JSON object on one line, its fields in the order they were given. A value.
package struct JSONLine: Hashable, Sendable, CustomStringConvertible {
    package enum Value: Hashable, Sendable {
        case text(String)
        case number(Int64)
        case decimal(Double)
        case flag(Bool)
        case object(JSONLine)
        case list([Value])
        case null
    }

    package private(set) var fields: [(name: String, value: Value)] = []

    package init() {}

    package mutating func add(_ name: String, _ value: Value) { fields.append((name, value)) }
    package mutating func add(_ name: String, _ text: String?) { add(name, text.map(Value.text) ?? .null) }
    package mutating func add(_ name: String, _ flag: Bool) { add(name, .flag(flag)) }
    package mutating func add(_ name: String, _ number: (some BinaryInteger)?) {
        add(name, number.map { Value.number(Int64(clamping: $0)) } ?? .null)
    }
    package mutating func add(_ name: String, _ object: JSONLine?) {
        add(name, object.map(Value.object) ?? .null)
    }

    package subscript(_ name: String) -> Value? { fields.first { $0.name == name }?.value }

    package var description: String {
        "{" + fields.map { "\(Self.quoted($0.name)):\(Self.text($0.value))" }.joined(separator: ",") + "}"
    }

    package static func == (a: Self, b: Self) -> Bool { a.description == b.description }
    package func hash(into hasher: inout Hasher) { hasher.combine(description) }

    private static func text(_ value: Value) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .number(let number): "\(number)"
        case .decimal(let number): number.isFinite ? "\(number)" : "null"
        case .flag(let flag): flag ? "true" : "false"
        case .object(let object): object.description
        case .list(let values): "[" + values.map(text).joined(separator: ",") + "]"
        case .null: "null"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
