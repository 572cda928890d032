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
        listening?.ear = PlayEar(card, speaker, calibration, level) { [news, claim = known.claim] result in
            news.put(.proved(claim, result))
        }
    }

    /// The unit is over, or something more important wants the card.
    func stopListening() {
        listening?.ear?.stop()
        if listening?.ear == nil { listening = nil }
    }

    func proved(_ claim: UInt64, _ result: PlayProof.Result, _ now: Uptime) {
        guard let known = listening, known.claim == claim else { return }
        listening = nil
        // A call may have opened it meanwhile.
        isSigned = machine.gate != nil
        tellAlarm(now)
        plays.add(
            PlayEntry(
                .proved, known.unit, zone: book.own.zone,
                [
                    ("heard", "\(PlayHeard(result.verdict))"), ("levelDb", Self.tenths(result.levelDb)),
                    ("offDb", Self.tenths(result.offDb)), ("afterMs", "\(result.afterMs)"),
                ]), dayClock().moment())
        SoundProcess.log("\(known.unit.routine.text): \(PlayHeard(result.verdict).phrase.en)")
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
