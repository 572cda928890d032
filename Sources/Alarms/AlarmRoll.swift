// SPDX-License-Identifier: Apache-2.0
package import Facility

/// One line of a post's list.
package struct RollEntry: Hashable, Sendable {
    package fileprivate(set) var record: AlarmRecord
    /// This post's monotonic milliseconds at the raise; negative when older than the post's uptime.
    fileprivate let raisedMs: Int64
    /// 监室失联: the terminal that raised it is lost; the alarm stays.
    package fileprivate(set) var isCellLost: Bool
    /// The pause that this post grants it, in this post's ages.
    fileprivate var pause = SoundPause()

    package func ageMs(_ now: Uptime) -> Int {
        Int(max(0, Int64(now.nanoseconds / 1_000_000) - raisedMs))
    }

    /// Heard now? The record's word, but never quiet for longer than `Limits.silenceMaxMs`, whatever was
    /// merged or lost.
    package func sounds(atAgeMs age: Int) -> Bool { mayBeQuiet && !pause.contains(age) }

    /// Open, unattended and not muted: only a pause keeps it quiet.
    fileprivate var mayBeQuiet: Bool { record.isOpen && record.attended == nil && !record.isMuted }

    /// The record has a pause that was not known here. It began as long ago as the sender's own age says, so
    /// that a slow datagram, or a cell that lost count of the age, never moves it into the future.
    fileprivate mutating func takePause(ageMs age: Int, senderAgeMs: Int) {
        guard let silenced = record.silenced else { return }
        // Where it was quiet until now it is heard from now on.
        if silenced.ground == .automatic { return pause.end(at: age) }
        _ = pause.grant(from: age - max(0, senderAgeMs - Int(silenced.afterMs)))
    }
}

/// What a received record did to the list.
package enum RollChange: Hashable, Sendable {
    case listed
    case updated
    /// Ended, and taken off the list.
    case ended
    /// Nothing in it was new.
    case known
    /// The list is full and nothing on it gives way; the sender gets no receipt and widens to other posts.
    case full
}

/// The standing alarms of one post, ordered by class and age. A value; lives on the post's line thread.
///
/// Always true: an entry leaves the list only by a record that is cleared; facts are only added, so the order
/// of arrival never matters; a late older record never brings a cleared alarm back; no unattended alarm is
/// quiet for more than `Limits.silenceMaxMs`.
package struct AlarmRoll: Sendable {
    package private(set) var entries: [EventID: RollEntry] = [:]
    /// Alarms that ended, the newest last, so that stragglers are recognised.
    private var ended: Set<EventID> = []
    private var endedOrder: [EventID] = []

    private let maxCount: Int

    /// `maxCount`: a hub's wall lists more than a post.
    package init(maxCount: Int = Limits.rollMaxCount) { self.maxCount = maxCount }

    package mutating func receive(_ record: AlarmRecord, ageMs: Int, now: Uptime) -> RollChange {
        if ended.contains(record.id) { return .known }
        guard var entry = entries[record.id] else {
            return record.isOpen ? list(record, ageMs, now) : remember(record)
        }
        let merged = entry.record.merged(with: record)
        if merged == entry.record { return .known }
        if !merged.isOpen { return remember(merged) }
        let isPauseNew = merged.silenced != entry.record.silenced
        entry.record = merged
        if isPauseNew { entry.takePause(ageMs: entry.ageMs(now), senderAgeMs: ageMs) }
        entries[record.id] = entry
        return .updated
    }

    private mutating func list(_ record: AlarmRecord, _ ageMs: Int, _ now: Uptime) -> RollChange {
        if entries.count >= maxCount, !makeRoom(for: record) { return .full }
        let age = max(0, ageMs)
        var entry = RollEntry(
            record: record, raisedMs: Int64(now.nanoseconds / 1_000_000) - Int64(age), isCellLost: false)
        entry.takePause(ageMs: age, senderAgeMs: age)
        entries[record.id] = entry
        return .listed
    }

    /// Troubles give way to alarms, the oldest first; an alarm never gives way.
    private mutating func makeRoom(for record: AlarmRecord) -> Bool {
        guard record.alarmClass > .trouble,
            let victim = entries.values.filter({ $0.record.alarmClass == .trouble }).min(by: Self.givesWay)
        else { return false }
        entries[victim.record.id] = nil
        return true
    }

    private static func givesWay(_ a: RollEntry, before b: RollEntry) -> Bool {
        let now = Uptime(nanoseconds: .max)
        return AlarmRecord.comesBefore(a.record, ageMs: a.ageMs(now), b.record, ageMs: b.ageMs(now))
    }

    private mutating func remember(_ record: AlarmRecord) -> RollChange {
        let wasListed = entries.removeValue(forKey: record.id) != nil
        if ended.insert(record.id).inserted { endedOrder.append(record.id) }
        if endedOrder.count > maxCount { ended.remove(endedOrder.removeFirst()) }
        return wasListed ? .ended : .known
    }

    /// The terminal that raised these is lost, or is back.
    package mutating func mark(_ terminal: TerminalID, isLost: Bool) -> [EventID] {
        var changed: [EventID] = []
        for (id, entry) in entries where id.terminal == terminal && entry.isCellLost != isLost {
            entries[id]?.isCellLost = isLost
            changed.append(id)
        }
        return changed
    }

    /// Emergencies first, then the older one first.
    package func ordered(
        now: Uptime, where isWanted: (AlarmRecord) -> Bool = { _ in true }
    ) -> [RollEntry] {
        entries.values.filter { isWanted($0.record) }.sorted {
            AlarmRecord.comesBefore($0.record, ageMs: $0.ageMs(now), $1.record, ageMs: $1.ageMs(now))
        }
    }

    /// The most urgent class that has to be heard now; nil = quiet.
    package func sounding(now: Uptime) -> AlarmClass? {
        entries.values.lazy.filter { $0.sounds(atAgeMs: $0.ageMs(now)) }.map(\.record.alarmClass).max()
    }

    /// Asked at `deadline` or later, before `sounding`. What is heard follows from the time alone: nothing to
    /// note.
    package mutating func elapsed(now: Uptime) {}

    /// When a pause of the sound begins or ends next, so that the post sounds again by itself, cell or no
    /// cell.
    package func deadline(now: Uptime) -> Uptime? {
        var first = Int64.max
        for entry in entries.values where entry.mayBeQuiet {
            let age = entry.ageMs(now)
            if entry.pause.fromMs > age { first = min(first, entry.raisedMs + Int64(entry.pause.fromMs)) }
            if entry.pause.untilMs > age { first = min(first, entry.raisedMs + Int64(entry.pause.untilMs)) }
        }
        return first == .max ? nil : Uptime(nanoseconds: UInt64(max(0, first)) * 1_000_000)
    }
}
