// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal

/// Reads a batch, strictly: whatever the bytes are, they give events or the place and reason of a refusal. A
/// value of one call.
struct EventReader {
    /// `watchpost.alarm.1`, taken apart.
    private struct EventType {
        let text: ArraySlice<UInt8>
        let stream: Stream
        let streamName: [UInt8]
        let kind: UInt16
    }

    private var json: JSONReader
    /// The first event's source, and who it names: the same for all.
    private var source: ArraySlice<UInt8> = []
    private var terminal: TerminalID?
    private var type: EventType?
    private var time = WireText(capacity: TimeText.count)

    /// The attributes in their order, each as the writer opens it: `"id":`.
    private static let members = EventWire.Attribute.allCases.map { Array("\"\($0.name)\":".utf8) }

    init(_ body: [UInt8]) { json = JSONReader(body) }

    mutating func batch() throws(SyncRefusal) -> SyncBatch {
        var events: [SyncEvent] = []
        if try json.open(0x5b) {
            repeat {
                guard events.count < Limits.syncBulkMaxCount else { throw json.refusal(.tooMany) }
                events.append(try event())
            } while try json.continues(0x5b)
        }
        try json.end()
        return SyncBatch(terminal: terminal, events: events)
    }

    private mutating func event() throws(SyncRefusal) -> SyncEvent {
        _ = try json.peek()
        let start = json.at
        var read = EventAttributes()
        var count = 0
        var next = 0
        guard try json.open(0x7b) else { throw missing(read.seen, at: start) }
        repeat {
            count += 1
            guard count <= Limits.syncNamesMaxCount else { throw json.refusal(.tooManyNames) }
            _ = try json.peek()
            let place = json.at
            guard let attribute = try attribute(expected: next) else {
                try json.skipValue()
                continue
            }
            guard read.seen & attribute.bit == 0 else {
                throw SyncRefusal(.doubled, at: place, name: attribute.name)
            }
            read.seen |= attribute.bit
            next = attribute.rawValue + 1
            try take(attribute, into: &read)
        } while try json.continues(0x7b)
        guard read.seen & EventWire.Attribute.required == EventWire.Attribute.required else {
            throw missing(read.seen, at: start)
        }
        return try event(of: read, at: start)
    }

    /// `nil` for one that is not known. First it is looked for where the writer would have put it, which may
    /// have left out up to two before it.
    private mutating func attribute(expected: Int) throws(SyncRefusal) -> EventWire.Attribute? {
        for index in expected..<min(expected + 3, Self.members.count) where json.passes(Self.members[index]) {
            return EventWire.Attribute(rawValue: index)
        }
        let name = try json.name()
        return EventWire.Attribute.allCases.first { name.elementsEqual($0.name.utf8) }
    }

    private func missing(_ seen: UInt32, at start: Int) -> SyncRefusal {
        let first = EventWire.Attribute.allCases.first {
            EventWire.Attribute.required & $0.bit != 0 && seen & $0.bit == 0
        }
        return SyncRefusal(.missing, at: start, name: first?.name ?? "")
    }

    private mutating func take(
        _ attribute: EventWire.Attribute, into read: inout EventAttributes
    ) throws(SyncRefusal) {
        _ = try json.peek()
        let place = json.at
        do throws(SyncRefusal) {
            if attribute == .standing {
                read.standing = try json.truth()
            } else if try !read.take(json.text(), as: attribute) {
                throw SyncRefusal(.badValue, at: place)
            }
        } catch { throw SyncRefusal(error.reason, at: error.offset, name: attribute.name) }
    }

    // MARK: What stands twice

    private mutating func event(of read: EventAttributes, at start: Int) throws(SyncRefusal) -> SyncEvent {
        let terminal = try terminal(of: read, at: start)
        // Most events are of the same type as the one before.
        if type.map({ $0.text == read.type }) != true { type = try type(of: read, at: start) }
        guard let type else { throw SyncRefusal(.badValue, at: start, name: "type") }
        let moment = Moment(
            uptime: Uptime(nanoseconds: read.uptime), wallMs: read.wallMs, uncertaintyMs: read.uncertaintyMs)
        try check(read, id: type.streamName, at: start)
        if read.seen & EventWire.Attribute.time.bit != 0 {
            guard TimeText.isTellable(moment) else { throw SyncRefusal(.disagrees, at: start, name: "time") }
            time.cut(to: 0)
            TimeText.put(wallMs: read.wallMs, to: &time)
            guard time.isEqual(read.time) else { throw SyncRefusal(.disagrees, at: start, name: "time") }
        }
        let event = JournalEvent(
            id: EventID(
                terminal: terminal, stream: type.stream, run: read.run, sequence: read.runSequence),
            at: moment, kind: type.kind, subject: read.subject, standing: read.standing, payload: read.payload
        )
        let entry = JournalEntry(
            event: event, sequence: read.sequence, previousHash: read.previous, hash: read.hash)
        return SyncEvent(entry: entry, boot: read.boot, after: read.after)
    }

    private mutating func terminal(of read: EventAttributes, at start: Int) throws(SyncRefusal) -> TerminalID
    {
        if let terminal {
            guard read.source == source else { throw SyncRefusal(.otherTerminal, at: start, name: "source") }
            return terminal
        }
        guard read.source.starts(with: EventWire.source.utf8),
            let named = TerminalID(bytes: read.source.dropFirst(EventWire.source.utf8.count)),
            read.source.count == EventWire.source.utf8.count + named.text.utf8.count
        else { throw SyncRefusal(.badValue, at: start, name: "source") }
        (source, terminal) = (read.source, named)
        return named
    }

    /// `watchpost.alarm.1`
    private func type(of read: EventAttributes, at start: Int) throws(SyncRefusal) -> EventType {
        if read.type.starts(with: EventWire.type.utf8) {
            let rest = read.type.dropFirst(EventWire.type.utf8.count)
            for stream in Stream.allCases where rest.starts(with: "\(stream).".utf8) {
                let name = Array("\(stream)".utf8)
                guard let kind = DecimalText.unsigned(rest.dropFirst(name.count + 1)),
                    let kind = UInt16(exactly: kind)
                else { continue }
                return EventType(text: read.type, stream: stream, streamName: name, kind: kind)
            }
        }
        throw SyncRefusal(.badValue, at: start, name: "type")
    }

    /// `id` is terminal, stream and sequence, joined by strokes.
    private func check(_ read: EventAttributes, id stream: [UInt8], at start: Int) throws(SyncRefusal) {
        let name = source.dropFirst(EventWire.source.utf8.count)
        var rest = read.id
        for part in [name, [0x2f], stream[...], [0x2f], read.sequenceText] {
            guard rest.starts(with: part) else { throw SyncRefusal(.disagrees, at: start, name: "id") }
            rest = rest.dropFirst(part.count)
        }
        guard rest.isEmpty else { throw SyncRefusal(.disagrees, at: start, name: "id") }
    }
}
