// SPDX-License-Identifier: Apache-2.0
import CSQLite
package import Facility

/// The newest entry of one stream: where the next one is chained on.
package struct StreamHead: Hashable, Sendable {
    package let stream: Stream
    package let sequence: UInt64
    package let hash: [UInt8]

    package init(stream: Stream, sequence: UInt64, hash: [UInt8]) {
        self.stream = stream
        self.sequence = sequence
        self.hash = hash
    }
}

/// Files that follow on each other. After a damage a new file is begun with the next generation; its
/// sequences begin above all that the files before can have used, so a stream's order and the hub's cursor
/// stay right without reading them.
package enum JournalGeneration {
    static let shift: UInt64 = 40

    /// The sequence before the first of this generation.
    package static func base(_ generation: UInt64) -> UInt64 { generation << shift }

    package static func of(sequence: UInt64) -> UInt64 { sequence >> shift }

    static func start(of stream: Stream, terminal: TerminalID, generation: UInt64) -> StreamHead {
        StreamHead(
            stream: stream, sequence: base(generation),
            hash: HashChain.genesis(terminal: terminal, stream: stream, generation: generation))
    }
}

extension JournalEntry {
    static let columns = """
        event.stream, event.sequence, event.run, event.run_sequence, event.uptime_ns, event.wall_ms,
        event.uncertainty_ms, event.kind, event.standing, event.subject,
        event.payload, event.previous_hash, event.hash
        """

    /// Reads `columns` of the current row; `nil` when a value is outside what can have been written.
    init?(row: Statement, terminal: TerminalID) {
        guard let rawStream = UInt8(exactly: row.int64(0)), let stream = Stream(rawValue: rawStream),
            let uncertaintyMs = UInt32(exactly: row.int64(6)), let kind = UInt16(exactly: row.int64(7)),
            let standing = Int8(exactly: row.int64(8)), standing == 0 || standing == 1
        else { return nil }
        event = JournalEvent(
            id: EventID(
                terminal: terminal, stream: stream, run: UInt64(bitPattern: row.int64(2)),
                sequence: UInt64(bitPattern: row.int64(3))),
            at: Moment(
                uptime: Uptime(nanoseconds: UInt64(bitPattern: row.int64(4))), wallMs: row.int64(5),
                uncertaintyMs: uncertaintyMs),
            kind: kind, subject: row.bytes(9), standing: standing == 1, payload: row.bytes(10))
        sequence = UInt64(bitPattern: row.int64(1))
        previousHash = row.bytes(11)
        hash = row.bytes(12)
    }

    /// This entry alone: does its hash follow from its columns and the hash it names as previous?
    var isConsistent: Bool {
        event.subject.count <= Limits.journalSubjectMaxBytes
            && event.payload.count <= Limits.journalPayloadMaxBytes
            && HashChain.hash(of: event, sequence: sequence, after: previousHash) == hash
    }

    var head: StreamHead { StreamHead(stream: event.id.stream, sequence: sequence, hash: hash) }
}

/// Who and which file this is: the one row of table `journal`, checked against its seal.
struct JournalIdentity: Hashable {
    let terminal: TerminalID
    let generation: UInt64

    /// `nil` when the row is missing, doubled or does not fit its seal.
    static func read(from database: Database) throws(DatabaseFault) -> JournalIdentity? {
        let row = try database.prepare("SELECT terminal, generation, seal FROM journal")
        guard try row.step(), let terminal = TerminalID(bytes: row.bytes(0)) else { return nil }
        let identity = JournalIdentity(terminal: terminal, generation: UInt64(bitPattern: row.int64(1)))
        let seal = row.bytes(2)
        guard try !row.step(), identity.generation < 1 << 23,
            seal == HashChain.seal(terminal: terminal, generation: identity.generation)
        else { return nil }
        return identity
    }

    func write(to database: Database) throws(DatabaseFault) {
        let row = try database.prepare("INSERT INTO journal(terminal, generation, seal) VALUES(?, ?, ?)")
        var name: [UInt8] = []
        HashChain.append(terminal.high, to: &name)
        HashChain.append(terminal.low, to: &name)
        try row.bind(1, name)
        try row.bind(2, Int64(bitPattern: generation))
        try row.bind(3, HashChain.seal(terminal: terminal, generation: generation))
        _ = try row.step()
    }
}
