// SPDX-License-Identifier: Apache-2.0
import Foundation

/// One line of figures as `watchpost-sound --bench` prints it. A value.
struct VoiceFigures {
    private(set) var line: JSONLine

    /// nil: it is none.
    init?(_ text: String) {
        guard let value = try? JSONDecoder().decode(Field.self, from: Data(text.utf8)),
            case .object(let line) = value.value
        else { return nil }
        self.line = line
    }

    mutating func add(_ name: String, _ value: JSONLine.Value) { line.add(name, value) }

    /// The number at the end of this way; nil where there is none.
    func number(_ way: [String]) -> Double? {
        var value = JSONLine.Value.object(line)
        for name in way {
            guard case .object(let inner) = value, let next = inner[name] else { return nil }
            value = next
        }
        switch value {
        case .number(let number): return Double(number)
        case .decimal(let number): return number
        case .text, .flag, .object, .list, .null: return nil
        }
    }

    /// What stands in JSON, object fields by name.
    private struct Field: Decodable {
        let value: JSONLine.Value

        private struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            if let fields = try? decoder.container(keyedBy: Name.self) {
                var line = JSONLine()
                for name in fields.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
                    line.add(name.stringValue, try fields.decode(Field.self, forKey: name).value)
                }
                value = .object(line)
                return
            }
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                value = .null
            } else if let flag = try? single.decode(Bool.self) {
                value = .flag(flag)
            } else if let number = try? single.decode(Int64.self) {
                value = .number(number)
            } else if let number = try? single.decode(Double.self) {
                value = .decimal(number)
            } else if let list = try? single.decode([Field].self) {
                value = .list(list.map(\.value))
            } else {
                value = .text(try single.decode(String.self))
            }
        }
    }
}
