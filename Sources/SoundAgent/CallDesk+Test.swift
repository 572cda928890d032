// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Intercom
import Journal
import PanelLink
import Recordings

// `watchpost sound test` and `calibrate`: the terminal plays a sweep and looks for it in its own microphone.
// That opens the microphone, so it is refused while anything else is on, stands in the record first, and
// shows.
extension CallDesk {
    /// One under way.
    struct SoundTesting {
        let token: UInt64
        let sender: String
        let officer: OfficerID?
        let keeps: Bool
        let since: Uptime
        /// Its entry in the record; nothing is opened before that is stored.
        let entry: EventID
        let call: CallID
        var isRunning = false
    }

    func test(_ command: SoundCommand, keeps: Bool, from sender: String, _ now: Uptime) -> CallRefusal? {
        guard testing == nil, machine.calls.isEmpty, speaker.claims.isEmpty else { return .busy }
        let call = mint()
        let entry = enter(
            CallEntry.gate, call, officer: command.officer,
            [("step", "gateOpened"), ("mode", "test"), ("reason", "声音测试 sound test")],
            standing: true, urgent: true, now)
        testing = SoundTesting(
            token: command.token, sender: sender, officer: command.officer, keeps: keeps, since: now,
            entry: entry, call: call)
        return nil
    }

    /// An entry is on the disk: perhaps a test's.
    func testStored(_ entry: EventID, _ now: Uptime) {
        guard let known = testing, known.entry == entry, !known.isRunning else { return }
        testing?.isRunning = true
        isSigned = true
        tellAlarm(now)
        let (card, rate, news) = (card, speaker.rateHz, news)
        let isLent = speaker.lend { isWantedBack in
            do throws(Fault) {
                news.put(
                    .tested(.success(try Calibration.run(card, rateHz: rate, isWantedBack: isWantedBack))))
            } catch { news.put(.tested(.failure(error))) }
        }
        if !isLent { tested(.success(nil), now) }
    }

    func testElapsed(_ now: Uptime) {
        guard let known = testing, !known.isRunning, now.ms(since: known.since) >= Limits.callAuditMs
        else { return }
        testing = nil
        reply(.reply(token: known.token, refusal: .notRecorded), to: known.sender)
    }

    func tested(_ result: Result<Calibration.Result?, Fault>, _ now: Uptime) {
        guard let known = testing else { return }
        testing = nil
        // A call may have opened it meanwhile.
        isSigned = machine.gate != nil
        tellAlarm(now)
        var told = SoundTest(outcome: .notHeard)
        switch result {
        case .success(nil): told.outcome = .interrupted
        case .success(let found?):
            told = SoundTest(
                outcome: .heard, delayUs: UInt32(clamping: Int(found.delayMs * 1_000)),
                levelCentiDb: Int32(clamping: Int(found.gainDb * 100)),
                clearCentiDb: Int32(clamping: Int(found.clearDb * 100)))
            if known.keeps { told.isKept = keep(told.delayUs, found.level) }
        case .failure(let fault): SoundProcess.log("\(fault)")
        }
        let words = [
            ("step", "ended"), ("why", "tested"), ("outcome", "\(told.outcome)"),
            ("delayUs", "\(told.delayUs)"), ("kept", "\(told.isKept)"),
        ]
        _ = enter(
            UInt16(CallStep.ended.rawValue), known.call, officer: known.officer, words, standing: false,
            urgent: false, now)
        reply(.tested(token: known.token, told), to: known.sender)
    }

    private func keep(_ delayUs: UInt32, _ level: EchoLevel?) -> Bool {
        let file = CalibrationFile(
            card: book.plan.card.text, delayUs: delayUs, wallMs: UInt64(clamping: wp_wall_ms()), level: level)
        do throws(Fault) {
            try file.write(calibrationPath)
            calibration = file
            return true
        } catch {
            SoundProcess.log("\(error)")
            return false
        }
    }

    private func enter(
        _ kind: UInt16, _ call: CallID, officer: OfficerID?, _ words: [(String, String)], standing: Bool,
        urgent: Bool, _ now: Uptime
    ) -> EventID {
        var entry = CallEntry()
        entry.add("call", "\(call)")
        for (name, value) in words { entry.add(name, value) }
        entry.add("officer", officer?.text)
        return append(
            entry.payload, kind: kind, about: call, standing: standing, urgent: urgent, now)
    }
}
