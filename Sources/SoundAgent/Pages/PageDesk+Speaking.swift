// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Intercom
import Paging
import PanelLink

// The page that this terminal speaks: one at a time.
extension PageDesk {
    struct Speaking {
        var dispatch: PageDispatch
        let stream: PageStream
        let source: UInt32
        let isLive: Bool
        let askedAt: Uptime
        let toneMs: Int
        /// Its entry is on the disk; a sound needs none.
        var isRecorded: Bool
        /// All were told; it waits for its entry.
        var isWanted = false
        /// When the hand at a live microphone was last felt.
        var handAt: Uptime
        var why: String?
        var hasEnded = false
    }

    /// What is to be said.
    enum Voice {
        case sound([Int16])
        case microphone(SoundCard)

        var isLive: Bool { if case .microphone = self { true } else { false } }
    }

    /// nil: it is on its way, and this is its name. A live one waits for `recorded` before its first packet.
    func speak(
        _ order: PageOrder, _ voice: Voice, officer: OfficerID?, at now: Uptime
    ) throws(CallRefusal) -> EventID {
        if let speaking, !speaking.dispatch.isOver { throw .paging }
        let known = Set(parts.site.rings.keys)
        guard order.zones.allSatisfy(known.contains) else { throw .unknownZone }
        let zones = order.zones.isEmpty ? known : Set(order.zones)
        let targets = parts.site.terminals.filter {
            $0.id != parts.own.id && zones.contains($0.zone) && parts.plan.ports[$0.id] != nil
        }
        let strangers = parts.plan.receivers.filter { !zones.isDisjoint(with: $0.zones) }
        guard !targets.isEmpty || !strangers.isEmpty else { throw .nobodyThere }
        let id = parts.record(
            PageEntry(
                .paged,
                [
                    ("officer", officer?.text), ("zones", order.zones.map(\.text).joined(separator: " ")),
                    ("voice", voice.isLive ? "live" : "sound"),
                    ("emergency", order.isEmergency ? "true" : nil), ("terminals", "\(targets.count)"),
                ]))
        let notice = PageNotice(
            page: id, isEmergency: order.isEmergency, waits: !voice.isLive, officer: officer,
            zones: order.zones, group: parts.plan.group, source: .random(in: 1 ... .max),
            key: (0..<PageNotice.keyBytes).map { _ in .random(in: .min ... .max) })
        let tone = Self.tone(isEmergency: order.isEmergency, ms: Int(parts.plan.toneMs), parts.rateHz)
        do throws(Fault) {
            let stream = try stream(notice, strangers, tone, voice)
            let page = Page(
                id: id, zones: zones, voice: voice.isLive ? .live : .unit("\(id)"),
                isEmergency: order.isEmergency)
            speaking = Speaking(
                dispatch: PageDispatch(
                    page, notice, to: targets.map(\.id), tokens: tokens, unicast: parts.plan.unicast,
                    now: now), stream: stream, source: notice.source, isLive: voice.isLive, askedAt: now,
                toneMs: tone.count * 1_000 / parts.rateHz, isRecorded: !voice.isLive, handAt: now)
        } catch {
            SoundProcess.log("\(error)")
            _ = parts.record(PageEntry(.pageEnded, [("page", "\(id)"), ("why", error.cause)]))
            throw .soundDown
        }
        if voice.isLive { parts.sign(true) }
        turn()
        return id
    }

    /// The tone before a page: whole chimes, about as long as the site says.
    private static func tone(isEmergency: Bool, ms: Int, _ rateHz: Int) -> [Int16] {
        guard ms > 0 else { return [] }
        let chime = (isEmergency ? Tone.emergency : Tone.attention).sound(rateHz: rateHz)
        let times = max(1, ms * rateHz / 1_000 / chime.count)
        return (0..<times * chime.count).map { chime[$0 % chime.count] }
    }

    private func stream(
        _ notice: PageNotice, _ strangers: [PagePlan.Receiver], _ tone: [Int16], _ voice: Voice
    ) throws(Fault) -> PageStream {
        var routes = [
            PageStream.Route(
                codec: notice.group.codec, source: notice.source, key: notice.key,
                to: [MediaAddress(host: notice.group.address, port: notice.group.port)])
        ]
        for codec in PageCodec.allCases {
            let groups = strangers.map(\.group).filter { $0.codec == codec }
            guard !groups.isEmpty else { continue }
            routes.append(
                PageStream.Route(
                    codec: codec, source: .random(in: 1 ... .max),
                    to: groups.map { MediaAddress(host: $0.address, port: $0.port) }))
        }
        let port = try PagePort(at: parts.own.address, ttl: parts.plan.ttl)
        let said: PageStream.Voice =
            switch voice {
            case .sound(let samples): .sound(samples)
            case .microphone(let card): .microphone(card)
            }
        return try PageStream(routes, from: port, tone: tone, voice: said, rateHz: parts.rateHz)
    }

    /// The entry of a live page is on the disk.
    func recorded(_ now: Uptime) {
        guard var known = speaking, !known.isRecorded, !known.hasEnded else { return }
        known.isRecorded = true
        speaking = known
        if known.isWanted { known.stream.start() }
    }

    /// The hand at the microphone.
    func felt(_ now: Uptime) { speaking?.handAt = now }

    func answered(_ answer: PageAnswer, from: TerminalID, _ now: Uptime) {
        // Whose page it is matters not: the token is for the next announcement, whichever.
        tokens[from] = answer.token
        guard let effects = speaking?.dispatch.answered(answer, from: from, now) else { return }
        perform(effects, now)
    }

    func lookAtSpeaking(_ now: Uptime) {
        guard let known = speaking, !known.dispatch.isOver else { return }
        if !known.hasEnded {
            if known.stream.report.isDone { return stopSpeaking(why: nil) }
            if known.isLive, now.ms(since: known.handAt) >= Limits.pagingHandMaxMs {
                return stopSpeaking(why: "nobody holds the key")
            }
            if !known.isRecorded, now.ms(since: known.askedAt) >= Limits.pagingRecordMs {
                return stopSpeaking(why: "it cannot be recorded")
            }
        }
        if let effects = speaking?.dispatch.elapsed(now) { perform(effects, now) }
    }

    /// The voice ends; then all are told. `why` nil: as it should.
    func stopSpeaking(why: String?) {
        let now = Self.now
        guard var known = speaking, !known.hasEnded else { return }
        known.stream.stop()
        known.hasEnded = true
        known.why = why ?? known.stream.report.trouble
        speaking = known
        if known.isLive { parts.sign(false) }
        if let effects = speaking?.dispatch.end(now) { perform(effects, now) }
        wake(now)
    }

    private func perform(_ effects: [PageDispatch.Effect], _ now: Uptime) {
        for effect in effects {
            switch effect {
            case .send(let id, let message): send(message, to: id)
            case .sound:
                speaking?.isWanted = true
                if let speaking, speaking.isRecorded { speaking.stream.start() }
            case .copy(let id, let port):
                if let address = parts.site.terminal(id)?.address {
                    speaking?.stream.add(copy: MediaAddress(host: address, port: port))
                }
            case .uncopy(let id, let port):
                if let address = parts.site.terminal(id)?.address {
                    speaking?.stream.remove(copy: MediaAddress(host: address, port: port))
                }
            case .over: over()
            }
        }
    }

    private func over() {
        guard let speaking else { return }
        let states = speaking.dispatch.targets.values
        _ = parts.record(
            PageEntry(
                .pageEnded,
                [
                    ("page", "\(speaking.dispatch.page.id)"), ("why", speaking.why),
                    ("heard", "\(states.count { $0.heardMs > 0 })"),
                    ("refused", "\(states.count { $0.state == .refused })"),
                    ("cut", "\(states.count { $0.state == .cut })"),
                    ("silent", "\(states.count { $0.state == nil || $0.state == .askAgain })"),
                ]))
    }

    func speakingDeadline(_ now: Uptime) -> Uptime? {
        guard let speaking, !speaking.dispatch.isOver else { return nil }
        let look = speaking.hasEnded ? nil : now.advanced(ms: Limits.pagingHeardLookMs)
        return [speaking.dispatch.deadline, look].compactMap { $0 }.min()
    }

    /// How the last page of this terminal stands; nil: there was none.
    func line() -> (page: PageReport, terminals: [PagedLine])? {
        guard let speaking else { return nil }
        let firstNs = speaking.stream.report.firstNs
        let soundMs =
            firstNs == 0 ? -1 : Int32(Uptime(nanoseconds: firstNs).ms(since: speaking.askedAt))
        let line = PageReport(
            page: speaking.dispatch.page.id, isOver: speaking.dispatch.isOver, soundMs: soundMs,
            toneMs: UInt32(speaking.toneMs), trouble: speaking.why ?? speaking.stream.report.trouble ?? "")
        let terminals = speaking.dispatch.targets.sorted { $0.key < $1.key }.map { id, target in
            PagedLine(
                terminal: id, state: target.state, by: target.by, heardMs: UInt32(clamping: target.heardMs))
        }
        return (line, terminals)
    }
}
