// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Glibc
import Journal
import PanelLink

/// The other processes of this machine, and the journal's thread.
extension AlarmTerminal {
    func hear(_ now: Moment) {
        for _ in 0..<Limits.localMessagesPerTurnCount {
            guard let letter = localSocket.receive() else { return }
            guard let message = try? Message(decoding: letter.bytes), !letter.sender.isEmpty else { continue }
            let path = letter.sender
            switch users.mayAct(letter.uid, message.kind, now: now.uptime) {
            case .yes: desk.local(message, from: path, now: now, into: &effects)
            case .no(let refusal):
                refuse(message, refusal, path, now.uptime)
                continue
            }
            perform(now)
            if case .buzzerTest(let token) = message {
                for part in desk.buzzerReport(token, outputFault: outputFaults[.buzzer]) {
                    reply(part, to: path, now.uptime)
                }
            }
        }
    }

    private func refuse(_ message: Message, _ refusal: AlarmRefusal, _ path: String, _ now: Uptime) {
        switch message {
        case .action(let request):
            reply(
                .actionReply(ActionReply(actionID: request.actionID, refusal: refusal, revision: 0)),
                to: path, now)
        case .query(let query): refuse(query.token, refusal, path, now)
        case .buzzerTest(let token): refuse(token, refusal, path, now)
        case .annunciation, .receipt, .heartbeat, .challenge, .actionReply, .spoken, .listed, .peer, .status,
            .fault,
            .end, .sound:
            break
        }
    }

    private func refuse(_ token: UInt64, _ refusal: AlarmRefusal, _ path: String, _ now: Uptime) {
        let fault = Fault(
            "ask", at: desk.own.id.text, cause: refusal.english,
            hint: "Use a user listed under operators in the site file, and ask less often.")
        reply(.fault(token: token, fault), to: path, now)
        reply(.end(token: token, count: 1), to: path, now)
    }

    func takeReports(_ now: Moment) {
        for report in journal.takeReports() {
            switch report {
            case .opened(let standing, _):
                desk.rebuilt(
                    standing.compactMap { Self.copy($0.event, now) }, now: now.uptime, into: &effects)
                journalWatch.opened()
            case .stored(let entry): latch.stored(entry)
            case .faulted(let fault): journalWatch.faulted(fault)
            case .recovered: journalWatch.recovered()
            case .dropped(let count):
                let fault = Fault(
                    "store events", at: config.journalPath, cause: "\(count) entries were given up",
                    hint: "Look at the disk; the alarms themselves went out over the network.")
                desk.notice(.journalLoss, .journal, fault, now: now, into: &effects)
            case .quarantined(let path):
                let fault = Fault(
                    "open journal", at: path, cause: "the file was damaged and has been set aside",
                    hint: "Copy it to a safe place and run watchpost verify on it; replace the card.")
                desk.notice(.journalLoss, .journal, fault, now: now, into: &effects)
            }
        }
        if let change = journalWatch.change() {
            desk.journal(change.state, change.fault, now: now, into: &effects)
        }
        perform(now)
    }

    /// A record of the journal and how old its alarm is now, by the better of the two clocks.
    private static func copy(_ event: JournalEvent, _ now: Moment) -> (record: AlarmRecord, ageMs: Int)? {
        guard case .annunciation(let annunciation)? = try? Message(decoding: event.payload) else {
            return nil
        }
        let isWallKnown = min(event.at.wallMs, now.wallMs) >= Limits.wallPlausibleFromMs
        let since =
            isWallKnown
            ? Int(clamping: max(0, now.wallMs - event.at.wallMs)) : now.uptime.ms(since: event.at.uptime)
        return (annunciation.record, Int(annunciation.ageMs) + since)
    }
}

/// Whether the journal is well: its own reports, and how long the oldest entry waits for the disk. A stall is
/// a shown fault, never a restart. A value on the line thread.
struct JournalWatch {
    private var isOpen = false
    private var fault: Fault?
    private var stalledSince: Uptime?
    private var told: JournalState = .opening

    mutating func opened() { isOpen = true }
    mutating func faulted(_ fault: Fault) { self.fault = fault }
    mutating func recovered() { fault = nil }

    mutating func look(at journal: EventJournal, now: Uptime) {
        let oldest = journal.oldestWaiting
        stalledSince = oldest.flatMap { now.ms(since: $0) >= Limits.journalStallMs ? $0 : nil }
    }

    private var state: JournalState {
        if fault != nil { return .faulted }
        if stalledSince != nil { return .stalled }
        return isOpen ? .healthy : .opening
    }

    /// The new state, once for each change.
    mutating func change() -> (state: JournalState, fault: Fault?)? {
        guard state != told else { return nil }
        told = state
        let stall = Fault(
            "store events", at: "journal", cause: "the disk has not answered for \(Limits.journalStallMs) ms",
            hint: "Alarms go on without it. Look at the card's health; replace it if this returns.")
        return (state, fault ?? (stalledSince == nil ? nil : stall))
    }
}
