// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Intercom

/// What a terminal sounds beside its calls: the names of the claims.
enum OwnSound: UInt64 { case bell = 1, notice, gate }

extension Tone {
    /// nil: it rings in silence. An officer in danger is shown at the posts, not sounded into their rooms.
    init?(ringing urgency: CallClass) {
        switch urgency {
        case .routine, .opening: self = .knock
        case .cellCall: self = .ring
        case .emergency: self = .alarm
        case .duress: return nil
        }
    }
}

extension SoundRank {
    init(call urgency: CallClass) { self = urgency.isAlarm ? .alarmCall : .routineCall }
    init(ringing urgency: CallClass) { self = urgency.isAlarm ? .alarmTone : .routineCall }
}

// The loudspeaker: what rings, what is said, and the tone before a gate.
extension CallDesk {
    /// The sign that the microphone of a cell is open, and the gate that waits until it is heard.
    enum GateTone: Hashable {
        case off
        case asked(opens: CallLeg?)
        case heard
    }

    static let tonesOfPosts: [Tone] = [.ring, .alarm, .knock]

    /// A bell should not wait for its tone to be made.
    func makeTones() {
        for tone in book.own.role == .cell ? [.gateOpen] : Self.tonesOfPosts { _ = sound(tone) }
    }

    private func sound(_ tone: Tone) -> Sound {
        if let made = tones[tone] { return made }
        let made = tone.sound(rateHz: speaker.rateHz)
        tones[tone] = made
        return made
    }

    func ring(_ urgency: CallClass?) {
        SoundProcess.log("bell \(urgency.map { "\($0)" } ?? "off")")
        guard let urgency, let tone = Tone(ringing: urgency) else {
            return speaker.end(OwnSound.bell.rawValue)
        }
        speaker.play(sound(tone), as: OwnSound.bell.rawValue, rank: SoundRank(ringing: urgency))
    }

    func say(_ notice: CallNotice) {
        SoundProcess.log("say \(notice)")
        guard let clip = NoticeClip(notice) else {
            gateTone = .asked(opens: nil)
            return speaker.play(sound(.gateOpen), as: OwnSound.gate.rawValue, rank: .alarmTone)
        }
        // The alarm goes its own way: that help was told is said only when a post has confirmed it.
        announcer.say(feed.isAnnunciated ? [.helpTold, clip] : [clip], rank: .alarmCall)
    }

    /// An officer's opening waits for its tone; what a detainee began does not.
    func openGate(_ leg: CallLeg) {
        switch gateTone {
        case .off, .heard: legs[leg]?.voice?.openGate()
        case .asked: gateTone = .asked(opens: leg)
        }
    }

    func closeGate() {
        for leg in legs.values { leg.voice?.closeGate() }
        if gateTone != .off { speaker.end(OwnSound.gate.rawValue) }
        gateTone = .off
    }

    /// What the playing thread has to tell.
    func hearSpeaker() {
        let now = Self.now
        for item in news.take() {
            switch item {
            case .report(.began(OwnSound.bell.rawValue, let atNs)): SoundProcess.log("bell heard at \(atNs)")
            case .report(.began(OwnSound.gate.rawValue, _)):
                guard case .asked(let leg) = gateTone else { continue }
                gateTone = .heard
                if let leg { openGate(leg) }
            case .report(.rank(let rank)):
                day?.heard(rank)
                pages?.turn()
                if rank != .routine, rank != .background { stopListening() }
            case .report(.began(let claim, _)): listen(to: claim, now)
            case .report(.ended(let claim)): if listening?.claim == claim { stopListening() }
            case .report(.trouble(let trouble)):
                cardTrouble = trouble
                lookAtCard(now)
            case .tested(let result): tested(result, now)
            case .proved(let claim, let result, let roomDb): proved(claim, result, roomDb, now)
            }
        }
    }

    // MARK: - The card

    /// Trouble is told at once; for a while a call is kept, in silence.
    func lookAtCard(_ now: Uptime) {
        if let trouble = cardTrouble ?? microphoneTrouble {
            if troubledSince == nil {
                SoundProcess.log("the card gives no frames: \(trouble)")
                troubledSince = now
                isWorking = false
                tellAlarm(now)
            }
            guard let since = troubledSince, now.ms(since: since) >= Limits.cardPatienceMs else { return }
            perform(machine.soundFailed(now: now))
            // Nobody hears a microphone without a call: the next one tries it.
            if now.ms(since: since) >= Limits.cardPatienceMs + Limits.microphoneRetryMs {
                microphoneTrouble = nil
                if cardTrouble == nil { lookAtCard(now) }
            }
        } else if troubledSince != nil {
            troubledSince = nil
            isWorking = true
            machine.soundReturned()
            feed.again(now)
            tellAlarm(now)
        }
    }
}
