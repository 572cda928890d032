// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Intercom
import Journal

// The record of calls: stream `call`, a file of this process, one entry for each step.
extension CallDesk {
    /// Entries of the call stream: the steps by their raw value; this one where a gate opens.
    static let gateKind: UInt16 = 32

    func record(
        _ step: CallStep, _ call: CallID, _ party: Party?, _ why: CallEnding?, offer: CallOffer? = nil,
        urgent: Bool, _ now: Uptime
    ) -> EventID {
        let known = offer ?? machine.calls[call]?.offer
        var words: [String] = ["call=\(call)", "step=\(step)"]
        if let party { words.append("with=\(party.text)") }
        if let why { words.append("why=\(why)") }
        if let known {
            words += ["urgency=\(known.urgency)", "mode=\(known.mode)"]
            if let alarm = known.alarm { words.append("alarm=\(alarm)") }
            if let officer = known.grounds.officer { words.append("officer=\(officer)") }
            if let second = known.grounds.second { words.append("second=\(second)") }
            if !known.grounds.reason.isEmpty {
                words.append("reason=\(known.grounds.reason.filter { !$0.isNewline })")
            }
        }
        let id = mint()
        let wall = wp_wall_ms()
        let isKnown = wall >= Limits.wallPlausibleFromMs
        let event = JournalEvent(
            id: id,
            at: Moment(
                uptime: now, wallMs: wall,
                uncertaintyMs: isKnown ? wp_wall_uncertainty_ms() : Limits.wallUnknownMs),
            kind: urgent ? Self.gateKind : UInt16(step.rawValue), subject: Array(call.description.utf8),
            standing: step != .ended, payload: Array(words.joined(separator: "\n").utf8))
        gathered.append(event)
        if urgent { store(now) } else if storeAt == nil { storeAt = now.advanced(ms: Self.gatherMs) }
        return id
    }

    /// What happens in one go is written in one go: a disk that is waited for again and again takes the
    /// processor from the bell.
    private static let gatherMs = Limits.callLookMs / 10

    /// Everything gathered goes to the journal, in its order; what a gate waits for takes it along at once.
    func store(_ now: Uptime) {
        for event in gathered { journal.append(event, urgent: event.kind == Self.gateKind, now: now) }
        (gathered, storeAt) = ([], nil)
    }

    /// The journal's thread has something to tell.
    func takeReports() {
        wp_eventfd_drain(journalBell)
        let now = Self.now
        for report in journal.takeReports() {
            switch report {
            case .stored(let entry):
                testStored(entry, now)
                guard let call = awaited.removeValue(forKey: entry) else { continue }
                perform(machine.audited(call, now: now))
            case .faulted(let fault): SoundProcess.log("\(fault)")
            case .opened, .recovered, .dropped, .quarantined: break
            }
        }
    }
}
