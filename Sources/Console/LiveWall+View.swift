// SPDX-License-Identifier: Apache-2.0
package import Alarms
package import Facility

/// What the wall shows; nothing here changes it. `areas` are the zones that a user may see; nil = all.
/// `devicesOnly`: for who mends terminals and has no business with the calls of people.
extension LiveWall {
    /// What stands.
    package var standing: [EventID] { Array(roll.entries.keys) }

    package func view(areas: Set<ZoneID>? = nil, devicesOnly: Bool = false, now: Moment) -> WallView {
        let calls = openAt(devicesOnly)
        let places = Dictionary(grouping: book.places, by: \.zone)
        let zones = book.zones.filter { areas?.contains($0) ?? true }.map { zone in
            ZoneView(
                id: zone.text, title: book.title(zone),
                terminals: places[zone, default: []].map { terminal($0, calls, now) })
        }
        return WallView(
            version: version, now: now.wallMs, zones: zones,
            alarms: ordered(areas, devicesOnly, now).map { view($0, now) })
    }

    /// What changed after `version`; nil = it is too old, or of another run: send the whole wall.
    package func changes(
        after version: Int64, areas: Set<ZoneID>? = nil, devicesOnly: Bool = false, now: Moment
    ) -> WallChanges? {
        guard version >= forgotten, version <= self.version else { return nil }
        if version == self.version { return WallChanges(version: version, terminals: [], alarms: []) }
        // Only what changed is looked at closely: thousands may stand while one is pressed.
        let changed = book.places.filter {
            terminals[$0.id]?.version ?? 0 > version && book.isSeen($0.id, in: areas)
        }
        let calls = openAt(devicesOnly, of: Set(changed.map(\.id)))
        let open = ordered(areas, devicesOnly, after: version, now)
        let gone = ended.filter {
            $0.version > version && book.isSeen($0.terminal, in: areas)
                && !(devicesOnly && $0.view.alarmClass != "\(AlarmClass.trouble)")
        }
        return WallChanges(
            version: self.version, terminals: changed.map { terminal($0, calls, now) },
            alarms: gone.map(\.view) + open.map { view($0, now) })
    }

    /// One standing alarm; nil when it is not on the wall.
    package func alarm(_ id: EventID, now: Moment) -> AlarmView? { roll.entries[id].map { view($0, now) } }

    package func record(_ id: EventID) -> AlarmRecord? { roll.entries[id]?.record }

    /// Somebody there called, and no one has cleared it.
    package func calls(_ terminal: TerminalID) -> Bool {
        roll.entries.values.contains {
            $0.record.point.terminal == terminal && $0.record.alarmClass != .trouble
                && $0.record.cleared == nil
        }
    }

    /// The most urgent class that has to be heard by somebody who sees `areas`; nil = quiet.
    package func sounding(areas: Set<ZoneID>? = nil, now: Moment) -> AlarmClass? {
        roll.entries.values.filter { book.isSeen($0.record.point.terminal, in: areas) }
            .filter { standing($0, now).sounds }.map(\.record.alarmClass).max()
    }

    package func flood(areas: Set<ZoneID>? = nil, now: Moment) -> FloodView {
        let open = roll.entries.values.filter { book.isSeen($0.record.point.terminal, in: areas) }.map {
            entry in
            FloodAlarm(
                record: entry.record, raisedAtMs: alarms[entry.record.id, default: .none].raisedAtMs,
                ageMs: entry.ageMs(now.uptime), zone: book.zone(entry.record.point.terminal),
                shelvedUntilMs: standing(entry, now).shelvedUntilMs,
                shelves: shelf.keys(
                    over: entry.record, zone: book.zone(entry.record.point.terminal), now: now.uptime))
        }
        return FloodView(open, rate: rate, book: book)
    }

    /// How long ago each terminal that lives was heard: what changes all the time without being news.
    package func proofAges(areas: Set<ZoneID>? = nil, now: Moment) -> [String: Int] {
        var ages: [String: Int] = [:]
        for (terminal, state) in terminals where state.proof == .alive && book.isSeen(terminal, in: areas) {
            ages[terminal.text] = state.heard.map { now.uptime.ms(since: $0.uptime) }
        }
        return ages
    }

    private func ordered(
        _ areas: Set<ZoneID>?, _ devicesOnly: Bool, after version: Int64 = -1, _ now: Moment
    ) -> [RollEntry] {
        roll.ordered(now: now.uptime) { record in
            (version < 0 || alarms[record.id]?.version ?? 0 > version)
                && book.isSeen(record.point.terminal, in: areas) && !(devicesOnly && record.alarmClass.isCall)
        }
    }

    /// `terminals`: nil for all.
    private func openAt(
        _ devicesOnly: Bool, of terminals: Set<TerminalID>? = nil
    ) -> [TerminalID: [AlarmRecord]] {
        var open: [TerminalID: [AlarmRecord]] = [:]
        if terminals?.isEmpty == true { return open }
        for entry in roll.entries.values where !(devicesOnly && entry.record.alarmClass.isCall) {
            let terminal = entry.record.point.terminal
            if terminals?.contains(terminal) ?? true { open[terminal, default: []].append(entry.record) }
        }
        return open
    }

    private func view(_ entry: RollEntry, _ now: Moment) -> AlarmView {
        let state = alarms[entry.record.id, default: .none]
        let alarm = DatedAlarm(
            entry.record, raisedAtMs: state.raisedAtMs, uncertaintyMs: state.uncertaintyMs)
        return AlarmView(alarm, standing(entry, now), book)
    }

    private func terminal(
        _ place: PlaceBook.Place, _ open: [TerminalID: [AlarmRecord]], _ now: Moment
    ) -> TerminalView {
        let state = terminals[place.id, default: TerminalState(version: 0)]
        let here = open[place.id, default: []]
        let call = here.filter { $0.alarmClass.isCall }.min { a, b in
            AlarmRecord.comesBefore(
                a, ageMs: roll.entries[a.id]?.ageMs(now.uptime) ?? 0,
                b, ageMs: roll.entries[b.id]?.ageMs(now.uptime) ?? 0)
        }
        var faults = state.faults
        for record in here where record.alarmClass == .trouble {
            let since = alarms[record.id, default: .none].raisedAtMs
            faults[record.cause] = min(since, faults[record.cause] ?? since)
        }
        return TerminalView(
            id: place.id.text, title: place.title, role: "\(place.role)",
            proofAgeMs: state.heard.map { now.uptime.ms(since: $0.uptime) }, proof: state.proof,
            alarm: call?.id.description, alarmClass: call.map { "\($0.alarmClass)" },
            phase: call.map { "\($0.phase)" },
            faults: faults.sorted { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }
                .map { FaultView($0.key, sinceAt: $0.value) },
            use: state.use)
    }
}

extension LiveWall.AlarmState {
    /// Stands for what the wall does not know; every listed alarm is known.
    fileprivate static var none: Self {
        Self(raisedAtMs: 0, uncertaintyMs: Limits.wallUnknownMs, isHistory: true, version: 0)
    }
}
