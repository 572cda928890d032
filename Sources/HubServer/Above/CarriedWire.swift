// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import Sync

// POST /v1/carried    {"terminals":[{"age":800,"generation":"0","id":"cell-101","uptime":"123456789"}, …]}
//                     {"version":1,"now":1795331392200,"cursors":{"cell-101":{"alarm":"17"}, …}}

/// What a hub says of all its terminals at once: when each last proved that it lives. A value.
struct CarriedProofs: Codable, Hashable, Sendable {
    struct Proof: Codable, Hashable, Sendable {
        var id: String
        /// Milliseconds since then; absent: never.
        var age: Int64?
        /// Its own uptime then, ns.
        var uptime: String?
        var generation: String

        init(_ told: CarriedTerminal, nowMs: Int64) {
            id = told.id.text
            age = told.proofMs.map { max(0, nowMs - $0) }
            uptime = told.uptime.map { "\($0.nanoseconds)" }
            generation = "\(told.generation)"
        }
    }

    var terminals: [Proof]
    /// Alarms that a round here calls tests (or no longer does).
    var tests: [String: Bool]?

    init(_ terminals: [Proof], tests: [EventID: Bool] = [:]) {
        self.terminals = terminals
        self.tests =
            tests.isEmpty
            ? nil : Dictionary(tests.map { ("\($0.key)", $0.value) }) { first, _ in first }
    }

    /// Nil for anything else.
    init?(_ body: [UInt8]) {
        guard JSONText.decode(body) != nil,
            let read = JSONText.decode(CarriedProofs.self, from: String(decoding: body, as: UTF8.self)),
            read.terminals.count <= Limits.carriedMaxCount,
            read.tests?.count ?? 0 <= Limits.listMaxCount
        else { return nil }
        self = read
    }
}

/// The answer: of each terminal that the hub below may bring, how far the hub above has its streams. Who is
/// missing may not be brought. A value.
struct CarriedCursors: Codable, Hashable, Sendable {
    var version = 1
    var now: Int64
    var cursors: [String: [String: String]]
    /// Of the tests that it was told, those whose alarm it has.
    var tests: [String]?

    init(now: Int64, _ cursors: [TerminalID: [Stream: UInt64]], tests: [EventID] = []) {
        self.now = now
        self.tests = tests.isEmpty ? nil : tests.map(\.description)
        self.cursors = Dictionary(
            cursors.map { terminal, streams in
                (
                    terminal.text,
                    Dictionary(streams.map { ("\($0.key)", "\($0.value)") }) { first, _ in first }
                )
            }
        ) { first, _ in first }
    }

    /// Nil for anything else; streams it does not know are left out.
    init?(_ body: [UInt8]) {
        guard JSONText.decode(body) != nil,
            let read = JSONText.decode(CarriedCursors.self, from: String(decoding: body, as: UTF8.self)),
            read.version == 1,
            read.cursors.values.allSatisfy({ $0.values.allSatisfy { UInt64($0) != nil } })
        else { return nil }
        self = read
    }

    /// As if it had been asked alone.
    func reply(of terminal: TerminalID) -> SyncReply? {
        cursors[terminal.text].map { told in
            var cursors: [Stream: UInt64] = [:]
            for stream in Stream.allCases { cursors[stream] = told["\(stream)"].flatMap { UInt64($0) } }
            return SyncReply(cursors: cursors, nowMs: now)
        }
    }
}
