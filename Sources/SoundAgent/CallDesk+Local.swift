// SPDX-License-Identifier: Apache-2.0
import Alarms
import CLinux
import Facility
import Glibc
import Intercom
import PanelLink

/// Which users of this machine may command calls, and how often. The kernel vouches for them.
struct CallUsers {
    private let acting: Set<UInt32>
    private var second: (at: UInt64, count: Int) = (0, 0)

    init(operators: [String]) {
        let known = (operators + ["watchpost-panel"]).map { wp_user_id($0) }
        acting = Set([0, getuid()] + known.filter { $0 >= 0 }.map { UInt32($0) })
    }

    mutating func mayAct(_ uid: UInt32, _ now: Uptime) -> CallRefusal? {
        let at = now.nanoseconds / 1_000_000_000
        second = (at, second.at == at ? second.count + 1 : 1)
        if second.count > Limits.localCommandsPerSecondCount { return .tooMany }
        return acting.contains(uid) ? nil : .notAllowed
    }
}

// The other processes of this terminal: the alarm's, the tool, the panel.
extension CallDesk {
    func hear() {
        for _ in 0..<Limits.localMessagesPerTurnCount {
            guard let letter = socket.receive() else { return }
            if letter.sender == feed.daemon {
                if let message = try? Message(decoding: letter.bytes) { alarm(message) }
            } else if let message = try? SoundMessage(decoding: letter.bytes), !letter.sender.isEmpty {
                asked(message, letter)
            }
        }
        // More may wait: the descriptor says so again.
    }

    // MARK: - The alarm's process

    func askAlarm(_ now: Uptime) {
        let isReached = socket.send(feed.question(isReached: true, now).encode(), to: feed.daemon) == .sent
        if !isReached { _ = feed.question(isReached: false, now) }
    }

    func tellAlarm(_ now: Uptime) {
        toldAt = now
        let state = SoundState(isWorking: isWorking && !isSilent, isMicrophoneOpen: isSigned)
        _ = socket.send(Message.sound(state).encode(), to: feed.daemon)
    }

    func tellSpoken(_ alarm: EventID, _ ms: Int, _ far: Party, _ officer: OfficerID?) {
        var post = book.own.id
        if case .terminal(let id) = far { post = id }
        let report = SpokenReport(
            alarm: alarm, ms: UInt32(clamping: ms), source: ActionSource(post: post, officer: officer))
        _ = socket.send(Message.spoken(report).encode(), to: feed.daemon)
    }

    private func alarm(_ message: Message) {
        guard case .listed(let token, let annunciation, _) = message, token == feed.token else { return }
        let now = Self.now
        switch feed.take(annunciation.record) {
        case .call(let record): call(for: record, now)
        case .widen(let call, let steps):
            perform(machine.widen(call, to: book.targets(steps: steps), now: now))
            tellPhones(annunciation.record, steps: steps)
        case .withdraw(let call): perform(machine.withdraw(call, now: now))
        case nil: break
        }
    }

    private func call(for record: AlarmRecord, _ now: Uptime) {
        let urgency: CallClass
        switch record.alarmClass {
        case .trouble: return
        case .cellCall: urgency = .cellCall
        case .emergency: urgency = .emergency
        case .officerDuress: urgency = .duress
        }
        let offer = CallOffer(id: mint(), urgency: urgency, alarm: record.id)
        let targets = book.targets(steps: Int(record.escalation))
        let (isTaken, effects) = machine.offer(offer, to: targets, now: now)
        if isTaken { feed.called(record, as: offer.id) }
        perform(effects)
        tellPhones(record, steps: Int(record.escalation))
    }

    /// Phones that are rung get the alarm in words, too.
    private func tellPhones(_ record: AlarmRecord, steps: Int) {
        for phone in book.plan.phones where phone.step > 0 && Int(phone.step) == steps {
            guard let uri = book.uri(.phone(phone.name)) else { continue }
            let message = AlarmCAP(record, at: book.own, site: book.site.name)
            _ = try? endpoint?.ask(
                "MESSAGE", uri, from: book.own.id.text, headers: message.headers, type: AlarmCAP.type,
                body: message.body)
        }
    }

    // MARK: - People

    private func asked(_ message: SoundMessage, _ letter: LocalDatagram) {
        let now = Self.now
        switch message {
        case .command(let command):
            let refusal = users.mayAct(letter.uid, now) ?? obey(command, from: letter.sender, now)
            // A test answers with what it heard, a page of a file when that was read.
            if refusal == nil, command.answersLater { return }
            reply(.reply(token: command.token, refusal: refusal), to: letter.sender)
        case .query(let token): list(token, to: letter.sender, now)
        case .pageQuery(let token): listPage(token, to: letter.sender, now)
        case .reply, .call, .status, .tested, .page, .paged, .end: break
        }
    }

    func reply(_ message: SoundMessage, to sender: String) {
        _ = socket.send(message.encode(), to: sender)
    }

    private func obey(_ command: SoundCommand, from sender: String, _ now: Uptime) -> CallRefusal? {
        guard book.isOfficer(command.officer) else { return .unknownOfficer }
        do throws(CallRefusal) {
            switch command.deed {
            case .call(let to, let mode, let grounds): try call(to, mode, grounds, now)
            case .answer(let call): perform(try machine.answer(call, officer: command.officer, now: now))
            case .hangUp(let call): perform(try machine.hangUp(call, now: now))
            case .mute(let on): perform(try machine.mute(on, now: now))
            case .hold(let on): perform(try machine.hold(on, call: nil, now: now))
            case .push(let on): perform(try machine.push(on, now: now))
            case .test(let keeps): return test(command, keeps: keeps, from: sender, now)
            case .page(let order): return page(order, command, from: sender, now)
            case .endPage:
                guard pages?.speaking?.hasEnded == false else { throw .notTalking }
                pages?.stopSpeaking(why: nil)
            }
            return nil
        } catch { return error }
    }

    private func call(
        _ to: String, _ mode: CallMode, _ grounds: CallGrounds, _ now: Uptime
    ) throws(CallRefusal) {
        guard let party = book.party(named: to) else { throw .unknownParty }
        guard book.isOfficer(grounds.officer), book.isOfficer(grounds.second) else { throw .unknownOfficer }
        // Nobody in a cell calls out but by the button.
        guard book.own.role == .post else { throw .notAllowed }
        var opensCell = false
        if case .terminal(let id) = party { opensCell = book.site.terminal(id)?.role == .cell }
        if opensCell {
            if grounds.reason.isEmpty { throw .reasonMissing }
            if mode == .listen, grounds.second == nil || grounds.second == grounds.officer {
                throw .secondPersonMissing
            }
        }
        let offer = CallOffer(
            id: mint(), urgency: opensCell ? .opening : .routine, mode: opensCell ? mode : .talk,
            grounds: grounds)
        let (isTaken, effects) = machine.offer(offer, to: [party], now: now)
        guard isTaken else { throw machine.hasSound ? .busy : .soundDown }
        perform(effects)
    }

    private func list(_ token: UInt64, to sender: String, _ now: Uptime) {
        let status = SoundStatus(
            isWorking: isWorking, isRegistered: registration.isRegistered,
            strangers: UInt64(endpoint?.counts.strangers ?? 0), readyMs: readyMs)
        var parts: [SoundMessage] = [.status(token: token, status)]
        let calls = machine.calls.sorted {
            $0.value.offer.urgency != $1.value.offer.urgency
                ? $0.value.offer.urgency > $1.value.offer.urgency : $0.value.since < $1.value.since
        }
        for (id, entry) in calls { parts.append(.call(token: token, line(id, entry, now))) }
        parts.append(.end(token: token, count: UInt32(parts.count)))
        for part in parts { reply(part, to: sender) }
    }

    private func line(_ id: CallID, _ entry: CallMachine.Entry, _ now: Uptime) -> CallLine {
        let report = entry.far.flatMap { legs[CallLeg(id, $0)]?.voice?.report() }
        return CallLine(
            id: id, phase: entry.word, urgency: entry.offer.urgency, mode: entry.offer.mode,
            far: entry.far?.text ?? "", alarm: entry.offer.alarm,
            ageMs: UInt32(clamping: now.ms(since: entry.since)), isMicrophoneOpen: machine.gate == id,
            twoWayMs: UInt32(clamping: machine.talk(id)?.twoWayMs ?? 0),
            mouthToEarMs: Int32(report?.mouthToEarMs ?? -1),
            heardDb: Int32(report?.loudspeakerLevelDb ?? -96),
            packetsReceived: UInt64(report?.packetsReceived ?? 0))
    }
}

extension SoundCommand {
    /// Done in time, not at once.
    var answersLater: Bool {
        switch deed {
        case .test: true
        case .page(let order): order.voice != .live
        case .call, .answer, .hangUp, .mute, .hold, .push, .endPage: false
        }
    }
}

extension CallMachine.Entry {
    var word: CallPhase {
        switch phase {
        case .offering: .offering
        case .ringing: .ringing
        case .recording: .recording
        case .talking: .talking
        case .held: .held
        }
    }
}
