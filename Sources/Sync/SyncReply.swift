// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Why a hub does not take an entry that it should have taken: the stream stops here until a person looked.
package struct SyncObjection: Hashable, Sendable {
    package enum Reason: String, Sendable, CaseIterable, Hashable {
        /// It names another entry as its predecessor than the one the hub has.
        case chain
        /// The hub has another entry of that sequence: two machines under one name, or one put back to an
        /// older state.
        case altered
        /// Its hash does not follow from its content.
        case hash
        /// It lies before the cursor and the hub does not have it.
        case late
        /// It is another terminal's.
        case terminal
        /// A reason that this version does not know.
        case unknown
    }

    package let stream: Stream
    package let sequence: UInt64
    package let reason: Reason

    package init(stream: Stream, sequence: UInt64, reason: Reason) {
        self.stream = stream
        self.sequence = sequence
        self.reason = reason
    }
}

/// What the hub answers to a batch (200, or 409 when it objects): how far it has each stream. A value; it
/// leaves the hub only after the commit that holds what it says.
package struct SyncReply: Hashable, Sendable {
    package static let version = 1

    /// The highest contiguous sequence of each stream that the hub has; a stream that is missing it has
    /// nothing of.
    package var cursors: [Stream: UInt64]
    /// The hub's wall clock, Unix milliseconds.
    package var nowMs: Int64
    package var hasOrders: Bool
    /// At most one for each stream.
    package var objections: [SyncObjection]
    /// How often it wants to be told that the terminal lives; nil: as ever.
    package var proofMs: Int?

    package init(
        cursors: [Stream: UInt64], nowMs: Int64, hasOrders: Bool = false, objections: [SyncObjection] = []
    ) {
        self.cursors = cursors
        self.nowMs = nowMs
        self.hasOrders = hasOrders
        self.objections = objections
    }

    package var status: Int { objections.isEmpty ? 200 : 409 }

    package func encode() -> [UInt8] {
        var text = WireText(capacity: 512)
        text.put("{\"version\":")
        text.put(decimal: UInt64(Self.version))
        text.put(",\"cursors\":{")
        var isFirst = true
        for stream in Stream.allCases {
            guard let sequence = cursors[stream] else { continue }
            text.put(text: "\(isFirst ? "" : ",")\"\(stream)\":\"\(sequence)\"")
            isFirst = false
        }
        text.put("},\"now\":")
        text.put(decimal: nowMs)
        text.put(text: ",\"orders\":\(hasOrders)")
        if let proofMs { text.put(text: ",\"proof\":\(proofMs)") }
        if !objections.isEmpty {
            let each = objections.map {
                "{\"stream\":\"\($0.stream)\",\"sequence\":\"\($0.sequence)\",\"reason\":\"\($0.reason)\"}"
            }
            text.put(text: ",\"refused\":[\(each.joined(separator: ","))]")
        }
        text.put(byte: 0x7d)
        return text.taken()
    }

    /// Reads what a hub sent, whatever it is.
    package init(_ body: [UInt8]) throws(SyncRefusal) {
        guard body.count <= Limits.syncReplyMaxBytes else { throw SyncRefusal(.tooLong, at: 0) }
        var reader = ReplyReader(body)
        self = try reader.reply()
    }
}

/// Reads a reply. A value of one call. Members that it does not know are passed over: a newer hub may say
/// more.
private struct ReplyReader {
    private var json: JSONReader
    private var version: Int64?
    private var cursors: [Stream: UInt64]?
    private var nowMs: Int64?
    private var hasOrders: Bool?
    private var objections: [SyncObjection]?
    private var proofMs: Int64?

    init(_ body: [UInt8]) { json = JSONReader(body) }

    mutating func reply() throws(SyncRefusal) -> SyncReply {
        try members { reader, name throws(SyncRefusal) in
            switch name {
            case "version":
                try reader.once(\.version, name) { json throws(SyncRefusal) in try json.integer() }
            case "now": try reader.once(\.nowMs, name) { json throws(SyncRefusal) in try json.integer() }
            case "orders": try reader.once(\.hasOrders, name) { json throws(SyncRefusal) in try json.truth() }
            case "proof": try reader.once(\.proofMs, name) { json throws(SyncRefusal) in try json.integer() }
            case "cursors": try reader.readCursors()
            case "refused": try reader.readObjections()
            default: try reader.json.skipValue()
            }
        }
        try json.end()
        guard let version else { throw SyncRefusal(.missing, at: 0, name: "version") }
        guard version == SyncReply.version else { throw SyncRefusal(.badValue, at: 0, name: "version") }
        guard let cursors else { throw SyncRefusal(.missing, at: 0, name: "cursors") }
        guard let nowMs else { throw SyncRefusal(.missing, at: 0, name: "now") }
        var reply = SyncReply(
            cursors: cursors, nowMs: nowMs, hasOrders: hasOrders ?? false, objections: objections ?? [])
        reply.proofMs = proofMs.map { Int($0) }
        return reply
    }

    private mutating func members(
        _ take: (inout ReplyReader, String) throws(SyncRefusal) -> Void
    ) throws(SyncRefusal) {
        guard try json.open(0x7b) else { return }
        var count = 0
        repeat {
            count += 1
            guard count <= Limits.syncNamesMaxCount else { throw json.refusal(.tooManyNames) }
            try take(&self, String(decoding: json.name(), as: UTF8.self))
        } while try json.continues(0x7b)
    }

    private mutating func once<Value>(
        _ field: WritableKeyPath<ReplyReader, Value?>, _ name: String,
        _ read: (inout JSONReader) throws(SyncRefusal) -> Value
    ) throws(SyncRefusal) {
        guard self[keyPath: field] == nil else { throw SyncRefusal(.doubled, at: json.at, name: name) }
        self[keyPath: field] = try read(&json)
    }

    private mutating func readCursors() throws(SyncRefusal) {
        guard cursors == nil else { throw SyncRefusal(.doubled, at: json.at, name: "cursors") }
        cursors = [:]
        try members { reader, name throws(SyncRefusal) in
            guard let stream = Stream(named: name) else { return try reader.json.skipValue() }
            guard reader.cursors?[stream] == nil else {
                throw SyncRefusal(.doubled, at: reader.json.at, name: name)
            }
            let sequence = try reader.sequence(name)
            reader.cursors?[stream] = sequence
        }
    }

    private mutating func sequence(_ name: String) throws(SyncRefusal) -> UInt64 {
        let place = json.at
        guard let sequence = DecimalText.unsigned(try json.text()) else {
            throw SyncRefusal(.badValue, at: place, name: name)
        }
        return sequence
    }

    private mutating func readObjections() throws(SyncRefusal) {
        guard objections == nil else { throw SyncRefusal(.doubled, at: json.at, name: "refused") }
        var read: [SyncObjection] = []
        if try json.open(0x5b) {
            repeat {
                guard read.count < Stream.allCases.count else { throw json.refusal(.tooMany) }
                if let objection = try objection() { read.append(objection) }
            } while try json.continues(0x5b)
        }
        objections = read
    }

    /// `nil` for a stream that this version does not have.
    private mutating func objection() throws(SyncRefusal) -> SyncObjection? {
        let start = json.at
        var (stream, reason): (String?, String?)
        var sequence: UInt64?
        try members { reader, name throws(SyncRefusal) in
            switch name {
            case "stream": stream = String(decoding: try reader.json.text(), as: UTF8.self)
            case "reason": reason = String(decoding: try reader.json.text(), as: UTF8.self)
            case "sequence": sequence = try reader.sequence(name)
            default: try reader.json.skipValue()
            }
        }
        guard let stream, let sequence, let reason else {
            throw SyncRefusal(.missing, at: start, name: "refused")
        }
        return Stream(named: stream).map {
            SyncObjection(stream: $0, sequence: sequence, reason: .init(rawValue: reason) ?? .unknown)
        }
    }
}

extension Stream {
    /// As it is written on the wire: `alarm`.
    init?(named name: some StringProtocol) {
        guard let stream = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
        self = stream
    }
}
