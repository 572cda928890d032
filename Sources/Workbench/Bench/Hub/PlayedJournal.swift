// SPDX-License-Identifier: Apache-2.0
import Alarms
import CLinux
import DeskLink
import Facility
import Foundation
import Journal
import PanelLink

/// The journal of one terminal as if it had been without its hub for a month, written through the same room
/// as the alarm process writes it; and alarms that are raised afterwards. On the bench's thread.
///
/// Always true: what `fill` and `raise` return is on the disk's way in order; the alarm stream holds nothing
/// but what this wrote, so the places in it are known.
final class PlayedJournal {
    static let monthMs = 30 * 86_400_000
    /// One entry in so many is of the alarm stream: every second of them ends what the one before raised.
    private let alarmEvery: Int

    let terminal: TerminalID
    let path: String
    private let journal: EventJournal
    private let woken: Int32
    private let run = UInt64.random(in: 1 ... .max)
    private var next: [Facility.Stream: UInt64] = [:]
    private(set) var bytes = 0

    init(_ config: TerminalConfig, alarmEvery: Int = 200) {
        self.alarmEvery = alarmEvery
        let woken = wp_eventfd()
        self.woken = woken
        terminal = config.terminal
        path = config.journalPath
        journal = EventJournal(path: config.journalPath, terminal: config.terminal, run: run) {
            wp_eventfd_wake(woken)
        }
        journal.start()
    }

    /// Stores what waits. To be called once, at the end.
    func end() {
        journal.stop()
        close(woken)
    }

    /// So many entries of `payloadBytes`, spread over the thirty days that end now. `isWanted`: asked now and
    /// then.
    func fill(_ count: Int, payloadBytes: Int, isWanted: () -> Bool) throws(Fault) {
        let (now, wallMs) = (Uptime.now, wp_wall_ms())
        var dice = Dice(seed: 1)
        // What waits for the disk stays small, however large the payloads are.
        let depth = min(Limits.journalQueueCount / 2, max(64, Limits.playedJournalBytes / payloadBytes))
        var payload = (0..<payloadBytes).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
        for number in 0..<count {
            let left = UInt64(count - number)
            let at = Moment(
                uptime: Uptime(nanoseconds: now.nanoseconds - now.nanoseconds / UInt64(count + 1) * left),
                wallMs: wallMs - Int64(Self.monthMs / (count + 1)) * Int64(left), uncertaintyMs: 50)
            if number % alarmEvery == 0 {
                append(.alarm, annunciation(ended: number / alarmEvery % 2 == 1, at: at), at)
            } else {
                // No two payloads are the same.
                for place in 0..<min(8, payloadBytes) {
                    payload[place] = UInt8(truncatingIfNeeded: number >> (place * 8))
                }
                append(Self.others[number % Self.others.count], payload, at)
            }
            if number % min(512, depth) == 0 {
                try settle(to: depth)
                guard isWanted() else { return }
            }
        }
        try settle(to: 0)
    }

    private static let others: [Facility.Stream] = [
        .health, .duty, .health, .conduct, .health, .call, .page,
    ]

    /// A new alarm; its place in the alarm stream, and when it was handed to the journal.
    func raise() -> (sequence: UInt64, at: Uptime) {
        let now = Uptime.now
        let at = Moment(uptime: now, wallMs: wp_wall_ms(), uncertaintyMs: 50)
        append(.alarm, annunciation(ended: false, at: at), at)
        return (next[.alarm, default: 0], now)
    }

    private func append(_ stream: Facility.Stream, _ payload: [UInt8], _ at: Moment) {
        next[stream, default: 0] += 1
        bytes += payload.count
        let id = EventID(
            terminal: terminal, stream: stream, run: run, sequence: next[stream, default: 1])
        journal.append(
            JournalEvent(id: id, at: at, kind: 1, payload: payload), urgent: stream == .alarm, now: .now)
    }

    /// What the alarm process writes when it raises an alarm, and when the alarm is over.
    private func annunciation(ended: Bool, at: Moment) -> [UInt8] {
        let number = next[.alarm, default: 0] + (ended ? 0 : 1)
        let id = EventID(terminal: terminal, stream: .alarm, run: run, sequence: number)
        var record = AlarmRecord(
            id: id, point: AlarmPoint(terminal: terminal, name: TestSite.button), alarmClass: .emergency,
            cause: .press, raised: at)
        if ended {
            let deed = Deed(
                afterMs: 60_000, terminal: TestSite.post(1), officer: OfficerID("P1"), ground: .officer)
            (record.attended, record.cleared, record.revision) = (deed, deed, 2)
        }
        let told = Annunciation(record: record, ageMs: ended ? 60_000 : 0, custodian: terminal)
        return Message.annunciation(told).encode()
    }

    /// Until at most so many wait for the disk.
    private func settle(to depth: Int) throws(Fault) {
        let end = Uptime.now.advanced(ms: 60_000)
        while true {
            for report in journal.takeReports() {
                switch report {
                case .faulted(let fault): throw fault
                case .dropped(let count):
                    throw Fault(
                        "fill journal", at: path, cause: "\(count) entries were dropped",
                        hint: "Look at the disk under TMPDIR.")
                case .opened, .stored, .recovered, .quarantined: break
                }
            }
            if journal.depth <= depth { return }
            guard Uptime.now < end else {
                throw Fault(
                    "fill journal", at: path, cause: "the disk took nothing for a minute",
                    hint: "Look at the disk under TMPDIR.")
            }
            var ready: [Int16] = [0]
            _ = wp_poll([woken], &ready, 1, 100_000_000)
            wp_eventfd_drain(woken)
        }
    }
}
