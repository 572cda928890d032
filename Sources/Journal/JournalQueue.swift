// SPDX-License-Identifier: Apache-2.0
import Facility

/// What waits for the disk, and what the line thread has yet to be told; a value inside `EventJournal`'s
/// lock. Always true: within a stream nothing overtakes; at most `Limits.journalQueueCount` entries wait,
/// those in the writer's hand included; an entry of the alarm stream is given up only when no other waits.
struct JournalQueue {
    struct Waiting {
        let event: JournalEvent
        let urgent: Bool
        let since: Uptime
    }

    private var alarms = Lane()
    private var others = Lane()
    private(set) var inHand: [Waiting] = []
    private(set) var reports: [JournalReport] = []
    private var droppedUnreported = 0
    private(set) var droppedUnrecorded = 0
    var isStopping = false

    var depth: Int { alarms.count + others.count + inHand.count }

    var oldestWaiting: Uptime? {
        [alarms.first?.since, others.first?.since, inHand.map(\.since).min()].compactMap { $0 }.min()
    }

    mutating func add(_ waiting: Waiting) {
        if waiting.event.id.stream == .alarm { alarms.append(waiting) } else { others.append(waiting) }
        guard depth > Limits.journalQueueCount else { return }
        if !others.removeOldest(where: { _ in true }), !alarms.removeOldest(where: { !$0.urgent }) {
            _ = alarms.removeOldest { _ in true }
        }
        dropped(1)
    }

    mutating func dropped(_ count: Int) {
        droppedUnreported += count
        droppedUnrecorded += count
    }

    /// The writer takes a batch in hand: alarms first, and alarms only when space is short.
    mutating func take(alarmsOnly: Bool) -> [JournalEvent] {
        inHand = alarms.take(Limits.journalBatchCount)
        if !alarmsOnly { inHand += others.take(Limits.journalBatchCount - inHand.count) }
        return inHand.map(\.event)
    }

    /// The batch in hand is on the disk.
    mutating func stored() {
        for waiting in inHand { reports.append(.stored(waiting.event.id)) }
        inHand = []
    }

    /// The batch in hand is not, and waits again in its old place.
    mutating func giveBack() {
        alarms.putBack(inHand.filter { $0.event.id.stream == .alarm })
        others.putBack(inHand.filter { $0.event.id.stream != .alarm })
        inHand = []
    }

    /// Gives up everything: the journal stops and the disk does not take it.
    mutating func abandon() {
        let count = depth
        (alarms, others, inHand) = (Lane(), Lane(), [])
        if count > 0 { dropped(count) }
    }

    mutating func report(_ report: JournalReport) { reports.append(report) }

    mutating func takeReports() -> [JournalReport] {
        var taken = reports
        if droppedUnreported > 0 { taken.append(.dropped(droppedUnreported)) }
        (reports, droppedUnreported) = ([], 0)
        return taken
    }

    /// A notice of so many dropped entries is on the disk.
    mutating func recordedDropped(_ count: Int) { droppedUnrecorded -= count }

    /// First in, first out, with its emptied front trimmed now and then.
    private struct Lane {
        private var entries: [Waiting?] = []
        private var head = 0
        private(set) var count = 0

        var first: Waiting? { head < entries.count ? entries[head] : nil }

        mutating func append(_ waiting: Waiting) {
            entries.append(waiting)
            count += 1
        }

        mutating func take(_ limit: Int) -> [Waiting] {
            var taken: [Waiting] = []
            while taken.count < limit, let waiting = first {
                taken.append(waiting)
                dropFirst()
            }
            return taken
        }

        mutating func putBack(_ waiting: [Waiting]) {
            entries.replaceSubrange(..<head, with: waiting)
            head = 0
            count += waiting.count
        }

        mutating func removeOldest(where isGivenUp: (Waiting) -> Bool) -> Bool {
            guard let index = entries[head...].firstIndex(where: { $0.map(isGivenUp) ?? false }) else {
                return false
            }
            if index == head {
                dropFirst()
            } else {
                entries.remove(at: index)
                count -= 1
            }
            return true
        }

        private mutating func dropFirst() {
            entries[head] = nil
            head += 1
            count -= 1
            if head == entries.count || head >= Limits.journalBatchCount * 8 {
                entries.removeFirst(head)
                head = 0
            }
        }
    }
}
