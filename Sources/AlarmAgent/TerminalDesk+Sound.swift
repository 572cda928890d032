// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import GPIO
import PanelLink

/// The process of the voice, as the alarm process sees it: the lamp of the microphone, and a trouble when
/// nobody can be spoken with. Its silence is its failure; the alarm needs nothing of it.
extension TerminalDesk {
    mutating func sound(_ state: SoundState, _ now: Moment, into effects: inout [DeskEffect]) {
        sound = (state, now.uptime)
        soundElapsed(now, into: &effects)
    }

    mutating func soundElapsed(_ now: Moment, into effects: inout [DeskEffect]) {
        guard let sound else { return }
        let isHeard = now.uptime.ms(since: sound.at) < Limits.soundLostMs
        show(
            isHeard && sound.state.isMicrophoneOpen ? .steady : .off, on: .microphoneLamp, into: &effects)
        let point = AlarmPoint(terminal: own.id, name: .voice)
        let isWell = isHeard && sound.state.isWorking
        faults[.voice] =
            isWell
            ? nil
            : Fault(
                "speak at", at: own.id.text,
                cause: isHeard ? "its card gives no frames" : "watchpost-sound is silent",
                hint: "Check the card's plug and name, and systemctl status watchpost-sound.")
        let news =
            isWell
            ? alarms.ended(.soundFault, at: point, now: now.uptime)
            : alarms.trouble(.soundFault, at: point, now: now)
        if let news { publish(news, now: now.uptime, into: &effects) }
    }
}
