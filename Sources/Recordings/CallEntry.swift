// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What an entry of the stream `call` says: words with a name, a line each, in the order in which they were
/// written. Written by `watchpost-sound`, read by the hub and the tool. A value; any thread.
///
///     call=cell-101/call/9f3c0a1b2c3d4e5f/7
///     step=answered
///     with=post-a
///
/// Always true: no value has a line's end in it, so no value is another word.
package struct CallEntry: Hashable, Sendable {
    /// Kinds of entry besides the steps of a call, whose kind is their number.
    package static let gate: UInt16 = 32
    /// A recording was sealed: what it is, by hash, with its quality.
    package static let recorded: UInt16 = 33
    /// A recording was taken from the disk for room, and whether the hub had it.
    package static let removed: UInt16 = 34
    /// A call, or its rest, is not recorded, and why.
    package static let unrecorded: UInt16 = 35

    package private(set) var words: [(name: String, value: String)] = []

    package init() {}

    package init?(_ payload: [UInt8]) {
        guard let text = String(validating: payload, as: UTF8.self), !payload.contains(0) else { return nil }
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            guard let equals = line.firstIndex(of: "="), words.count < Limits.callEntryWordsCount else {
                return nil
            }
            words.append((String(line[..<equals]), String(line[line.index(after: equals)...])))
        }
        guard call != nil else { return nil }
    }

    package mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        words.append((name, String(value.filter { !$0.isNewline && $0 != "\0" })))
    }

    package subscript(_ name: String) -> String? { words.first { $0.name == name }?.value }
    package func int(_ name: String) -> Int64? { self[name].flatMap { Int64($0) } }
    package var call: CallID? { self["call"].flatMap { CallID($0) } }
    package var payload: [UInt8] {
        Array(words.map { "\($0.name)=\($0.value)" }.joined(separator: "\n").utf8)
    }

    package static func == (a: CallEntry, b: CallEntry) -> Bool { a.payload == b.payload }
    package func hash(into hasher: inout Hasher) { hasher.combine(payload) }
}
