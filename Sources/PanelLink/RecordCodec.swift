// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

// The bytes of an alarm, the same on the wire and in the journal: fixed layout, little-endian, one form per
// value.

/// Bytes of an encoded record, always.
package let recordBytes = 323

package func encodeRecord(_ record: AlarmRecord) -> [UInt8] {
    var writer = WireWriter(capacity: recordBytes)
    writer.put(record)
    return writer.bytes
}

/// 33 bytes: the name under which a journal keeps the alarm's latest state.
package func encodeEventID(_ id: EventID) -> [UInt8] {
    var writer = WireWriter(capacity: 33)
    writer.put(id)
    return writer.bytes
}

/// Any bytes give a record or a refusal.
package func decodeRecord(_ bytes: [UInt8]) throws(WireRefusal) -> AlarmRecord {
    var reader = WireReader(bytes, from: 0)
    let record = try reader.record()
    try reader.end()
    return record
}

/// Bits of the record's flag byte; any other bit is refused.
private enum RecordFlag {
    static let silentAtOrigin: UInt8 = 1
    static let attendanceWired: UInt8 = 2
    static let heldAtStart: UInt8 = 4
    static let all: UInt8 = 7
}

extension WireWriter {
    mutating func put(_ record: AlarmRecord) {
        put(record.id)
        put(record.point.terminal)
        put(record.point.name)
        put(record.alarmClass.rawValue)
        put(record.cause.rawValue)
        var flags: UInt8 = 0
        if record.silentAtOrigin { flags |= RecordFlag.silentAtOrigin }
        if record.attendanceWired { flags |= RecordFlag.attendanceWired }
        if record.heldAtStart { flags |= RecordFlag.heldAtStart }
        put(flags)
        put(record.escalation)
        put(record.raised.uptime.nanoseconds)
        put(record.raised.wallMs)
        put(record.raised.uncertaintyMs)
        put(record.revision)
        put(record.presses)
        put(record.spokenMs)
        for deed in [
            record.annunciated, record.acknowledged, record.silenced, record.spoken, record.attended,
            record.cleared,
        ] {
            put(deed)
        }
    }

    private mutating func put(_ deed: Deed?) {
        put(deed?.ground.rawValue ?? 0)
        put(deed?.afterMs ?? 0)
        put(deed?.terminal)
        put(deed?.officer)
    }

    mutating func put(_ source: ActionSource) {
        put(source.post)
        put(source.officer)
    }
}

extension WireReader {
    mutating func record() throws(WireRefusal) -> AlarmRecord {
        let id = try eventID()
        let point = AlarmPoint(terminal: try identifier(), name: try identifier())
        let alarmClass: AlarmClass = try value()
        let cause: AlarmCause = try value()
        let flags: UInt8 = try number()
        guard flags & ~RecordFlag.all == 0 else { throw .unknownValue }
        let escalation: UInt8 = try number()
        let raised = Moment(
            uptime: Uptime(nanoseconds: try number()), wallMs: try number(), uncertaintyMs: try number())
        var record = AlarmRecord(
            id: id, point: point, alarmClass: alarmClass, cause: cause, raised: raised,
            silentAtOrigin: flags & RecordFlag.silentAtOrigin != 0,
            attendanceWired: flags & RecordFlag.attendanceWired != 0,
            heldAtStart: flags & RecordFlag.heldAtStart != 0,
            revision: try number(), presses: try number())
        record.escalation = escalation
        record.spokenMs = try number()
        record.annunciated = try deed()
        record.acknowledged = try deed()
        record.silenced = try deed()
        record.spoken = try deed()
        record.attended = try deed()
        record.cleared = try deed()
        return record
    }

    private mutating func deed() throws(WireRefusal) -> Deed? {
        let ground: UInt8 = try number()
        let afterMs: UInt32 = try number()
        let terminal: TerminalID? = try identifierOrNone()
        let officer: OfficerID? = try identifierOrNone()
        if ground == 0 {
            guard afterMs == 0, terminal == nil, officer == nil else { throw .notZeroWhenAbsent }
            return nil
        }
        guard let ground = Deed.Ground(rawValue: ground) else { throw .unknownValue }
        guard let terminal else { throw .badIdentifier }
        return Deed(afterMs: afterMs, terminal: terminal, officer: officer, ground: ground)
    }

    mutating func source() throws(WireRefusal) -> ActionSource {
        ActionSource(post: try identifier(), officer: try identifierOrNone())
    }
}
