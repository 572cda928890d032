// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import DeskLink
package import Facility

/// One press of the bench, and what it is owed. A value.
package struct BenchPress {
    /// What stood at its point when the contact closed.
    package enum Before: Hashable {
        case nothing
        /// An open alarm that nobody attended: the press is added to it.
        case unattended
        /// An officer was at the door: the press is a new alarm.
        case attended
    }

    package let cell: TerminalID
    package let line: PointName
    package let before: Before
    package let closedAt: Uptime
    package var openedAt: Uptime?
    /// Why it may not be lost; nil: the process was dead while the contact was closed, and nobody promised
    /// anything.
    package var owed: Owed?

    package init(cell: TerminalID, line: PointName, before: Before, closedAt: Uptime) {
        self.cell = cell
        self.line = line
        self.before = before
        self.closedAt = closedAt
    }

    package enum Owed: String, Hashable {
        /// The process lived while the contact was closed for `Limits.pressSureMs`.
        case seen
        case lamp
        /// A post showed it.
        case datagram
        /// Still closed when the process was back.
        case held
    }

    /// Is this alarm the alarm of this press? An alarm's time is its contact's first edge, by the machine's
    /// one clock.
    package func raised(_ record: AlarmRecord) -> Bool {
        let at = record.raised.uptime
        let end = openedAt ?? .now
        return record.point == AlarmPoint(terminal: cell, name: line) && at >= closedAt.advanced(ms: -1)
            && at <= end.advanced(ms: Limits.releaseMinMs)
    }
}

/// What the killing found out. A value.
package struct KillLedger {
    package init() {}

    package private(set) var kills: [TerminalID: Int] = [:]
    package private(set) var restartUs: [Int] = []
    package private(set) var presses: [BenchPress] = []
    package private(set) var lost = 0
    package private(set) var doubled = 0
    package private(set) var unsettled = 0
    package private(set) var words: [String] = []

    var killCount: Int { kills.values.reduce(0, +) }

    mutating func killed(_ terminal: TerminalID) { kills[terminal, default: 0] += 1 }
    mutating func restarted(afterUs us: Int) { restartUs.append(us) }

    mutating func lost(_ text: String) {
        lost += 1
        words.append("lost: \(text)")
    }

    mutating func doubled(_ text: String) {
        doubled += 1
        words.append("doubled: \(text)")
    }

    mutating func unsettled(_ text: String) {
        unsettled += 1
        words.append("unsettled: \(text)")
    }

    /// A round is over: what stood before it, what stands now.
    package mutating func judge(
        _ round: [BenchPress], before: [EventID: StandingAlarm], after: [EventID: StandingAlarm],
        mayEnd: Set<EventID>
    ) {
        presses += round
        for (id, alarm) in before where after[id] == nil && !mayEnd.contains(id) {
            lost("\(id) \(alarm.record.point.name) stood, and nobody cleared it")
        }
        let new = after.filter { before[$0.key] == nil }
        // A press too short to be owed may still be raised, on a busy machine after its round was judged.
        for (id, alarm) in new where !presses.contains(where: { $0.raised(alarm.record) }) {
            let at = alarm.record.raised.uptime.nanoseconds
            doubled("\(id) \(alarm.record.point.name) raised at \(at): no press")
        }
        for press in round {
            let own = new.values.filter { press.raised($0.record) }
            if own.count > 1 { doubled("\(text(press)): \(own.map(\.record.id))") }
            switch press.before {
            case .nothing, .attended:
                if own.isEmpty, let owed = press.owed { lost("\(text(press)), owed: \(owed)") }
            case .unattended:
                let isStill = after.contains { id, alarm in
                    before[id] != nil && alarm.record.attended == nil
                        && alarm.record.point == AlarmPoint(terminal: press.cell, name: press.line)
                }
                // Otherwise an officer came in between, and the press is a new alarm.
                if !own.isEmpty, isStill { doubled("\(text(press)): again as \(own.map(\.record.id))") }
            }
        }
    }

    /// Everything that any journal knows, after all is over.
    package mutating func audit(_ records: [EventID: AlarmRecord], standing: [EventID: StandingAlarm]) {
        for (id, record) in records where record.isOpen && standing[id] == nil {
            lost("\(id) \(record.point.name): a journal has it open, no list has it")
        }
        for id in standing.keys where records[id]?.isOpen != true {
            lost("\(id): on the lists, in no journal")
        }
        for press in presses {
            let own = records.values.filter { press.raised($0) }
            if own.count > 1 { doubled("\(text(press)): in the journals as \(own.map(\.id))") }
        }
        for (id, record) in records where !presses.contains(where: { $0.raised(record) }) {
            doubled("\(id) \(record.point.name): in a journal, nobody pressed")
        }
    }

    private func text(_ press: BenchPress) -> String {
        let length = press.openedAt.map { "\($0.ms(since: press.closedAt)) ms" } ?? "held"
        return
            "\(press.cell)/\(press.line) at \(press.closedAt.nanoseconds), \(length), before: \(press.before)"
    }
}
