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
        _ accepted: [AcceptedEvent], hello: SyncHello, time: HonestTime, now: Moment
    ) throws -> [(alarm: HubAlarm, isHistory: Bool)] {
        var changed: [EventID: (alarm: HubAlarm, isHistory: Bool)] = [:]
        var order: [EventID] = []
        for place in accepted.indices where accepted[place].event.id.stream == .alarm {
            let event = accepted[place]
            let payload = event.event.entry.event.payload
            guard case .annunciation(let told)? = try? Message(decoding: payload) else { continue }
            let id = told.record.id
            let known = try changed[id]?.alarm ?? alarm(id)
            let raised = HubAlarm.raised(told, by: event, hello: hello, time: time, now: now)
            guard let alarm = HubAlarm(known, told: told, by: event, raised: raised, now: now) else {
                continue
            }
            if changed[id] == nil { order.append(id) }
            changed[id] = (alarm, (changed[id]?.isHistory ?? true) && event.isHistory)
        }
        for (alarm, _) in changed.values { try put(alarm) }
        return order.compactMap { changed[$0] }
    }
}

extension HubAlarm {
    /// Nil when nothing is new.
    fileprivate init?(
        _ known: HubAlarm?, told: Annunciation, by event: AcceptedEvent, raised: HonestWall, now: Moment
    ) {
        let (raisedMs, uncertaintyMs) = (raised.wallMs, raised.uncertaintyMs)
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
    /// an earlier boot the wall clock has to do, or a moment of that boot at which the time was known.
    fileprivate static func raised(
        _ told: Annunciation, by event: AcceptedEvent, hello: SyncHello, time: HonestTime, now: Moment
    ) -> HonestWall {
        let (at, boot, raised) = (event.event.entry.event.at, event.event.boot, told.record.raised)
        if raised.uncertaintyMs != Limits.wallUnknownMs {
            return HonestWall(wallMs: raised.wallMs, uncertaintyMs: raised.uncertaintyMs)
        }
        if let boot, boot == hello.boot {
            let entryAgeMs = Int64(hello.at.uptime.ms(since: at.uptime))
            return HonestWall(
                wallMs: now.wallMs - entryAgeMs - Int64(told.ageMs),
                uncertaintyMs: UInt32(Limits.syncAnswerMs))
        }
        if let known = time.wall(of: at, boot: boot) {
            return HonestWall(
                wallMs: known.wallMs - Int64(told.ageMs), uncertaintyMs: known.uncertaintyMs)
        }
        return HonestWall(wallMs: now.wallMs, uncertaintyMs: Limits.wallUnknownMs)
    }
}
