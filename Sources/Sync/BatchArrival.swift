// SPDX-License-Identifier: Apache-2.0
import CWireText
import Facility
import Journal

/// A batch that is read while it still arrives, so that reading costs no time after its last byte.
///
///     chunk ─> take ─ written as EventWriter writes it ─> event ─┐
///                └─ anything else: all of it, in `finish`, by EventReader ─> SyncBatch or refusal
///
/// A value of one request. Always true: what the quick way takes, `EventReader` would have read the same, and
/// it alone refuses.
package struct BatchArrival {
    /// Whether the first is the SHA-256 of the second.
    package typealias Proof = (_ hash: [UInt8], _ content: [UInt8]) -> Bool

    private let isHash: Proof?
    private var body: [UInt8] = []
    /// What is read next; the quick way ended where it is negative.
    private var at = 0
    private var isWhole = false
    private var read = wp_wire_event()
    private var terminal: TerminalID?
    private var stream = Stream.alarm
    private var lastHash: [UInt8] = []
    private var events: [SyncEvent] = []
    private var isProven = true
    private var content: [UInt8] = []

    /// With `isHash`, each event's hash is checked as it comes. `bytes`: how many are announced.
    package init(bytes: Int = 0, isHash: Proof? = nil) {
        self.isHash = isHash
        body.reserveCapacity(min(max(bytes, 0), Limits.syncBodyMaxBytes))
    }

    /// What arrived next.
    package mutating func take(_ chunk: [UInt8]) throws(SyncRefusal) {
        guard body.count + chunk.count <= Limits.syncBodyMaxBytes else { throw SyncRefusal(.tooLong, at: 0) }
        body += chunk
        while at >= 0, !isWhole, advance() {}
    }

    package consuming func finish() throws(SyncRefusal) -> SyncBatch {
        guard isWhole, at == body.count else {
            var reader = EventReader(body)
            return try reader.batch()
        }
        return SyncBatch(terminal: terminal, events: events, isProven: isProven && isHash != nil)
    }

    /// One event further; false where there is no whole one, or none of this writing.
    private mutating func advance() -> Bool {
        if at == 0 {
            guard let first = body.first else { return false }
            guard first == 0x5b else { return leave() }
            at = 1
        }
        guard wp_wire_read_event(body, Int64(body.count), Int64(at), &read) == 1 else { return false }
        guard events.count < Limits.syncBulkMaxCount, let event = event() else { return leave() }
        events.append(event)
        isWhole = body[Int(read.end)] == 0x5d
        at = Int(read.end) + 1
        return true
    }

    private mutating func leave() -> Bool {
        at = -1
        return false
    }

    private mutating func event() -> SyncEvent? {
        if terminal == nil {
            terminal = TerminalID(bytes: body[Int(read.name_at)..<Int(read.name_at + read.name_count)])
        }
        if read.is_same_stream == 0 {
            let name = body[Int(read.stream_at)..<Int(read.stream_at + read.stream_count)]
            guard let named = Stream(named: String(decoding: name, as: UTF8.self)) else { return nil }
            stream = named
        }
        let previous =
            read.is_chained == 1
            ? lastHash : HexText.bytes(in: body, at: Int(read.previous_at), count: HashChain.hashBytes * 2)
        guard let terminal, let previous,
            let hash = HexText.bytes(in: body, at: Int(read.hash_at), count: HashChain.hashBytes * 2),
            let subject = read.subject_count == 0
                ? [] : Base64Text.bytes(in: body, at: Int(read.subject_at), count: Int(read.subject_count)),
            let payload = Base64Text.bytes(
                in: body, at: Int(read.payload_at), count: Int(read.payload_count)),
            subject.count <= Limits.journalSubjectMaxBytes, payload.count <= Limits.journalPayloadMaxBytes
        else { return nil }
        lastHash = hash
        let fields = read.fields
        let event = JournalEvent(
            id: EventID(
                terminal: terminal, stream: stream, run: fields.run, sequence: fields.run_sequence),
            at: Moment(
                uptime: Uptime(nanoseconds: fields.uptime), wallMs: fields.wall_ms,
                uncertaintyMs: fields.has_uncertainty == 1 ? fields.uncertainty_ms : Limits.wallUnknownMs),
            kind: fields.kind, subject: subject, standing: fields.standing == 1, payload: payload)
        if let isHash, isProven {
            HashChain.lay(event, sequence: fields.sequence, after: previous, into: &content)
            isProven = isHash(hash, content)
        }
        return SyncEvent(
            entry: JournalEntry(
                event: event, sequence: fields.sequence, previousHash: previous, hash: hash),
            boot: fields.has_boot == 1 ? BootID(high: fields.boot_high, low: fields.boot_low) : nil,
            after: fields.has_after == 1 ? fields.after : nil)
    }
}
