// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal

/// The batch of CloudEvents that a request carries; SYNC.md says what each attribute means.
///
///     JournalReader ─> SyncEvent ─> EventWriter ─> POST /v1/events ─┐
///     SyncIntake <─ SyncEvent <─ BatchArrival (EventReader, where it was written otherwise)
///
/// Pure, any thread. What is written is read back equal; what is read was equal to the attributes it repeats.
package enum EventWire {
    package static let contentType = "application/cloudevents-batch+json"

    /// A whole batch at once; a terminal that fills batches to a bound uses `EventWriter`.
    package static func encode(_ events: [SyncEvent]) -> [UInt8] {
        var writer = EventWriter(capacity: events.count * 1_024)
        for event in events { writer.append(event) }
        return Array(writer.finish().joined())
    }

    package static func decode(_ body: [UInt8]) throws(SyncRefusal) -> SyncBatch {
        var arrival = BatchArrival()
        try arrival.take(body)
        return try arrival.finish()
    }

    /// The attributes of an event, in the order in which they are written.
    enum Attribute: Int, CaseIterable {
        case specVersion, id, source, type, time, sequence, after, run, runSequence, uptime, wall,
            uncertainty, boot
        case standing, subject, previous, hash, contentType, payload

        var name: String {
            switch self {
            case .specVersion: "specversion"
            case .id: "id"
            case .source: "source"
            case .type: "type"
            case .time: "time"
            case .sequence: "wpsequence"
            case .after: "wpafter"
            case .run: "wprun"
            case .runSequence: "wprunsequence"
            case .uptime: "wpuptime"
            case .wall: "wpwall"
            case .uncertainty: "wpuncertainty"
            case .boot: "wpboot"
            case .standing: "wpstanding"
            case .subject: "wpsubject"
            case .previous: "wpprevious"
            case .hash: "wphash"
            case .contentType: "datacontenttype"
            case .payload: "data_base64"
            }
        }

        var bit: UInt32 { 1 << UInt32(rawValue) }

        /// What an event may be without: clock, boot, subject and generation before are not always known, and
        /// that bytes are opaque goes without saying.
        static let optional: Set<Attribute> = [.time, .after, .uncertainty, .boot, .subject, .contentType]

        static let required = allCases.filter { !optional.contains($0) }.reduce(UInt32(0)) { $0 | $1.bit }
    }

    static let source = "/terminals/"
    static let type = "watchpost."
}
