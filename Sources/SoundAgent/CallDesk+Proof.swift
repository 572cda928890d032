// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Intercom
import Journal
import Paging

// Proof of play: while a unit of the day sounds, the terminal hears with its own microphone whether it does.
// That opens the microphone, so it stands in the record first, and shows; a call always comes before it. A
// board that nobody calibrated does not listen.
extension CallDesk {
    /// One under way.
    struct Listening {
        let claim: UInt64
        let unit: OccurrenceID
        /// Its entry in the record; nothing is opened before that is stored.
        let entry: EventID
        var ear: PlayEar?
    }

    /// A sound begins: perhaps a unit of the day.
    func listen(to claim: UInt64, _ now: Uptime) {
        guard calibration?.level != nil, machine.calls.isEmpty, testing == nil,
            let unit = day?.unit(of: claim)
        else { return }
        stopListening()
        if let roomHeardAt, now.ms(since: roomHeardAt) > Limits.roomKnownMs { speaker.follow(nil) }
        let entry = plays.add(
            PlayEntry(.listening, unit, zone: book.own.zone), dayClock().moment(), urgent: true)
        listening = Listening(claim: claim, unit: unit, entry: entry)
    }

    /// An entry is on the disk: perhaps the one that a microphone waits for.
    func listenStored(_ entry: EventID, _ now: Uptime) {
        guard let known = listening, known.entry == entry, known.ear == nil, let calibration,
            let level = calibration.level
        else { return }
        isSigned = true
        tellAlarm(now)
        listening?.ear = PlayEar(card, speaker, calibration, level) {
            [news, claim = known.claim] result, roomDb in
            news.put(.proved(claim, result, roomDb: roomDb))
        }
    }

    /// The unit is over, or something more important wants the card.
    func stopListening() {
        listening?.ear?.stop()
        if listening?.ear == nil { listening = nil }
    }

    func proved(_ claim: UInt64, _ result: PlayProof.Result, _ roomDb: Double?, _ now: Uptime) {
        if let roomDb {
            roomHeardAt = now
            speaker.follow(roomDb)
        }
        let known = listening?.claim == claim ? listening : nil
        if known != nil {
            listening = nil
            judge(result.verdict)
        }
        // A call, or the next unit's ear, may have opened it meanwhile.
        isSigned = machine.gate != nil || listening?.ear != nil
        tellAlarm(now)
        guard let known else { return }
        plays.add(
            PlayEntry(
                .proved, known.unit, zone: book.own.zone,
                [
                    ("heard", "\(PlayHeard(result.verdict))"), ("levelDb", Self.tenths(result.levelDb)),
                    ("offDb", Self.tenths(result.offDb)), ("afterMs", "\(result.afterMs)"),
                ]), dayClock().moment())
        SoundProcess.log("\(known.unit.routine.text): \(PlayHeard(result.verdict).phrase.en)")
    }

    /// A loudspeaker that is not heard, or too quiet, is a fault of this terminal until it is heard again.
    private func judge(_ verdict: PlayProof.Verdict) {
        switch verdict {
        case .heard: isSilent = false
        case .notHeard, .tooQuiet: isSilent = true
        case .unsure: break
        }
    }

    private static func tenths(_ decibels: Double) -> String {
        "\((min(99, max(-99, decibels)) * 10).rounded() / 10)"
    }
}

extension PlayHeard {
    init(_ verdict: PlayProof.Verdict) {
        switch verdict {
        case .heard: self = .heard
        case .notHeard: self = .notHeard
        case .tooQuiet: self = .tooQuiet
        case .unsure: self = .unsure
        }
    }
}
