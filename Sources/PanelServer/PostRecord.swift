// SPDX-License-Identifier: Apache-2.0
import Alarms
package import Console
import Dispatch
package import Facility
import Journal
import PanelLink

/// What this post's own alarm journal tells, read only and with no hub: alarms, their stories, duty. A value;
/// read on a thread of its own, because SQLite blocks.
package struct PostRecord: Sendable {
    private let path: String
    private let queue = DispatchQueue(label: "watchpost.record")

    package init(path: String) { self.path = path }

    /// Every alarm of the newest `Limits.panelEntriesMaxCount` entries, the newest first.
    package func alarms() async throws -> [DatedAlarm] {
        let path = path
        return try await Self.on(queue) { try Self.fold(path) }
    }

    package func alarm(_ id: EventID) async throws -> DatedAlarm? {
        try await alarms().first { $0.record.id == id }
    }

    private static func fold(_ path: String) throws(Fault) -> [DatedAlarm] {
        let reader = try JournalReader(path: path)
        guard let head = try reader.heads().first(where: { $0.stream == .alarm }) else { return [] }
        let most = UInt64(Limits.panelEntriesMaxCount)
        var cursor = SyncCursor(stream: .alarm, sequence: head.sequence > most ? head.sequence - most : 0)
        var alarms: [EventID: DatedAlarm] = [:]
        while true {
            let page = try reader.events(past: cursor, limit: Limits.journalPageCount)
            guard let last = page.last else { break }
            cursor.sequence = last.sequence
            for entry in page {
                guard case .annunciation(let told)? = try? Message(decoding: entry.event.payload) else {
                    continue
                }
                take(told, at: entry.event.at, &alarms)
            }
        }
        return alarms.values.sorted {
            ($0.raisedAtMs, $0.record.id.description) > ($1.raisedAtMs, $1.record.id.description)
        }
    }

    /// Dated by this post's clock when it was first told: the alarm said how old it was.
    private static func take(_ told: Annunciation, at: Moment, _ alarms: inout [EventID: DatedAlarm]) {
        guard let known = alarms[told.record.id] else {
            alarms[told.record.id] = DatedAlarm(
                told.record, raisedAtMs: at.wallMs - Int64(told.ageMs), uncertaintyMs: at.uncertaintyMs)
            return
        }
        alarms[told.record.id]?.record = known.record.merged(with: told.record)
    }

    static func on<Result: Sendable>(
        _ queue: DispatchQueue, _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}
