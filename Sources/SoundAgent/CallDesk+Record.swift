// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Intercom
import Journal
import Recordings

// The record of calls: stream `call`, a file of this process, one entry for each step.
extension CallDesk {
    func record(
        _ step: CallStep, _ call: CallID, _ party: Party?, _ why: CallEnding?, offer: CallOffer? = nil,
        urgent: Bool, _ now: Uptime
    ) -> EventID {
        let known = offer ?? machine.calls[call]?.offer
        var entry = CallEntry()
        entry.add("call", "\(call)")
        entry.add("step", "\(step)")
        entry.add("with", party?.text)
        entry.add("why", why.map { "\($0)" })
        if let known {
            entry.add("urgency", "\(known.urgency)")
            entry.add("mode", "\(known.mode)")
            entry.add("alarm", known.alarm?.description)
            // Who answered is whose call it is.
            entry.add("officer", (machine.talk(call)?.officer ?? known.grounds.officer)?.text)
            entry.add("second", known.grounds.second?.text)
            entry.add("reason", known.grounds.reason)
        }
        return append(
            entry.payload, kind: urgent ? CallEntry.gate : UInt16(step.rawValue), about: call,
            standing: step != .ended, urgent: urgent, now)
    }

    func append(
        _ payload: [UInt8], kind: UInt16, about call: CallID, standing: Bool, urgent: Bool, _ now: Uptime
    ) -> EventID {
        let id = mint()
        let wall = wp_wall_ms()
        let isKnown = wall >= Limits.wallPlausibleFromMs
        let event = JournalEvent(
            id: id,
            at: Moment(
                uptime: now, wallMs: wall,
                uncertaintyMs: isKnown ? wp_wall_uncertainty_ms() : Limits.wallUnknownMs),
            kind: kind, subject: Array(call.description.utf8), standing: standing, payload: payload)
        gathered.append(event)
        if urgent { store(now) } else if storeAt == nil { storeAt = now.advanced(ms: Self.gatherMs) }
        return id
    }

    /// What happens in one go is written in one go: a disk that is waited for again and again takes the
    /// processor from the bell.
    private static let gatherMs = Limits.callLookMs / 10

    /// Everything gathered goes to the journal, in its order; what a gate waits for takes it along at once.
    func store(_ now: Uptime) {
        for event in gathered { journal.append(event, urgent: event.kind == CallEntry.gate, now: now) }
        (gathered, storeAt) = ([], nil)
    }

    /// The journal's thread has something to tell.
    func takeReports() {
        wp_eventfd_drain(journalBell)
        let now = Self.now
        takeNews()
        for report in journal.takeReports() {
            switch report {
            case .stored(let entry):
                testStored(entry, now)
                pageStored(entry, now)
                listenStored(entry, now)
                stored(entry)
                guard let call = awaited.removeValue(forKey: entry) else { continue }
                perform(machine.audited(call, now: now))
            case .faulted(let fault): SoundProcess.log("\(fault)")
            case .opened, .recovered, .dropped, .quarantined: break
            }
        }
    }
}
