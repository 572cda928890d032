// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal

/// Reads a batch, strictly: whatever the bytes are, they give events or the place and reason of a refusal. A
/// value of one call.
struct EventReader {
    private var json: JSONReader
    /// The attributes' names, in their order.
    private let names = EventWire.Attribute.allCases.map { Array($0.name.utf8) }
    private let streams = Stream.allCases.map { (stream: $0, name: Array("\($0)".utf8)) }
    /// The first event's source, and who it names: the same for all.
    private var source: ArraySlice<UInt8> = []
    private var terminal: TerminalID?
    private var time = WireText(capacity: TimeText.count)

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
            let name = try json.name()
            guard let index = attribute(name, expected: next),
                let attribute = EventWire.Attribute(rawValue: index)
            else {
                try json.skipValue()
                continue
            }
            guard read.seen & attribute.bit == 0 else {
                throw SyncRefusal(.doubled, at: place, name: attribute.name)
            }
            read.seen |= attribute.bit
            next = index + 1
            try take(attribute, into: &read)
        } while try json.continues(0x7b)
        guard read.seen & EventWire.Attribute.required == EventWire.Attribute.required else {
            throw missing(read.seen, at: start)
        }
        return try event(of: read, at: start)
    }

    /// Its place in the order; looked for first where the writer would have put it.
    private func attribute(_ name: ArraySlice<UInt8>, expected: Int) -> Int? {
        for offset in names.indices {
            let index = expected + offset < names.count ? expected + offset : expected + offset - names.count
            if name.elementsEqual(names[index]) { return index }
        }
        return nil
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
        let (stream, kind) = try streamAndKind(of: read, at: start)
        let moment = Moment(
            uptime: Uptime(nanoseconds: read.uptime), wallMs: read.wallMs, uncertaintyMs: read.uncertaintyMs)
        try check(read, id: stream.name, at: start)
        if read.seen & EventWire.Attribute.time.bit != 0 {
            guard TimeText.isTellable(moment) else { throw SyncRefusal(.disagrees, at: start, name: "time") }
            time.cut(to: 0)
            TimeText.put(wallMs: read.wallMs, to: &time)
            guard time.isEqual(read.time) else { throw SyncRefusal(.disagrees, at: start, name: "time") }
        }
        let event = JournalEvent(
            id: EventID(
                terminal: terminal, stream: stream.stream, run: read.run, sequence: read.runSequence),
            at: moment, kind: kind, subject: read.subject, standing: read.standing, payload: read.payload)
        let entry = JournalEntry(
            event: event, sequence: read.sequence, previousHash: read.previous, hash: read.hash)
        return SyncEvent(entry: entry, boot: read.boot)
    }

    private mutating func terminal(of read: EventAttributes, at start: Int) throws(SyncRefusal) -> TerminalID {
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
    private func streamAndKind(
        of read: EventAttributes, at start: Int
    ) throws(SyncRefusal) -> ((stream: Stream, name: [UInt8]), UInt16) {
        if read.type.starts(with: EventWire.type.utf8) {
            let rest = read.type.dropFirst(EventWire.type.utf8.count)
            for stream in streams where rest.starts(with: stream.name) {
                let number = rest.dropFirst(stream.name.count)
                guard number.first == 0x2e, let kind = DecimalText.unsigned(number.dropFirst()),
                    let kind = UInt16(exactly: kind)
                else { continue }
                return (stream, kind)
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
