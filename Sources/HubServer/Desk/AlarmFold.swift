// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Journal
import PanelLink
import Sync

// Entries of alarm streams → table `alarm`. Several journals tell of one alarm, the cell's and each post's;
// facts are merged, so their order does not matter.

extension HubSession {
    /// Folds accepted entries into the alarms that they tell of, and says which of these changed.
    func fold(
        _ accepted: [AcceptedEvent], hello: SyncHello, now: Moment
    ) throws -> [(alarm: HubAlarm, isHistory: Bool)] {
        var changed: [EventID: (alarm: HubAlarm, isHistory: Bool)] = [:]
        var order: [EventID] = []
        for event in accepted where event.event.id.stream == .alarm {
            let payload = event.event.entry.event.payload
            guard case .annunciation(let told)? = try? Message(decoding: payload) else { continue }
            let id = told.record.id
            let known = try changed[id]?.alarm ?? alarm(id)
            guard let alarm = HubAlarm(known, told: told, by: event, hello: hello, now: now) else { continue }
            if changed[id] == nil { order.append(id) }
            changed[id] = (alarm, (changed[id]?.isHistory ?? true) && event.isHistory)
        }
        for (alarm, _) in changed.values { try put(alarm) }
        return order.compactMap { changed[$0] }
    }
}

extension HubAlarm {
    /// Nil when nothing is new.
    init?(_ known: HubAlarm?, told: Annunciation, by event: AcceptedEvent, hello: SyncHello, now: Moment) {
        let (raisedMs, uncertaintyMs) = Self.raised(told, by: event, hello: hello, now: now)
        guard let known else {
            self.init(
                record: told.record, custodian: told.custodian, raisedMs: raisedMs,
                raisedUncertaintyMs: uncertaintyMs, isHistory: event.isHistory, changedMs: now.wallMs)
            return
        }
        var alarm = known
        alarm.record = known.record.merged(with: told.record)
        if told.record.revision >= known.record.revision { alarm.custodian = told.custodian }
        if !event.isHistory { alarm.isHistory = false }
        // The better clock dates it.
        if uncertaintyMs < known.raisedUncertaintyMs {
            (alarm.raisedMs, alarm.raisedUncertaintyMs) = (raisedMs, uncertaintyMs)
        }
        guard alarm != known else { return nil }
        alarm.changedMs = now.wallMs
        self = alarm
    }

    /// When it was raised on the hub's clock. A terminal that speaks says what its uptime is, so an entry of
    /// this boot has an age whatever any wall clock shows, and the entry says how old the alarm was then. Of
    /// an earlier boot the wall clock has to do.
    private static func raised(
        _ told: Annunciation, by event: AcceptedEvent, hello: SyncHello, now: Moment
    ) -> (ms: Int64, uncertaintyMs: UInt32) {
        let at = event.event.entry.event.at
        if told.record.raised.uncertaintyMs != Limits.wallUnknownMs {
            return (told.record.raised.wallMs, told.record.raised.uncertaintyMs)
        }
        if let boot = event.event.boot, boot == hello.boot {
            let entryAgeMs = Int64(hello.at.uptime.ms(since: at.uptime))
            return (now.wallMs - entryAgeMs - Int64(told.ageMs), UInt32(Limits.syncAnswerMs))
        }
        if at.uncertaintyMs != Limits.wallUnknownMs {
            return (at.wallMs - Int64(told.ageMs), at.uncertaintyMs)
        }
        return (now.wallMs, Limits.wallUnknownMs)
    }
}
