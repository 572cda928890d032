// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import GPIO
import PanelLink

/// Lamps and buzzer: always what the alarms now say, shown when it changes.
extension TerminalDesk {
    /// 安抚灯: the truth about the detainee's call, never a hope. Of several open alarms the most urgent, then
    /// the newest.
    mutating func showAssurance(_ now: Uptime, into effects: inout [DeskEffect]) {
        show(assurance(now), on: .assuranceLamp, into: &effects)
    }

    private func assurance(_ now: Uptime) -> OutputPattern {
        var first: (record: AlarmRecord, age: Int)?
        for machine in alarms.machines.values {
            let record = machine.record
            guard record.alarmClass != .trouble, !record.silentAtOrigin else { continue }
            let age = machine.ageMs(now)
            guard let best = first else {
                first = (record, age)
                continue
            }
            if record.alarmClass > best.record.alarmClass
                || record.alarmClass == best.record.alarmClass && age < best.age
            {
                first = (record, age)
            }
        }
        guard let record = first?.record else { return .off }
        if record.phase >= .acknowledged { return .slowBlink }
        return sender.confirmedBy(record.id).isEmpty ? .fastBlink : .steady
    }

    /// `isNew`: the buzzer is set again although it sounds already, so that the receipt attests this alarm.
    mutating func showPost(_ now: Uptime, isNew: Bool, into effects: inout [DeskEffect]) {
        guard let post else { return }
        show(post.buzzer(now: now), on: .buzzer, again: isNew, into: &effects)
        show(post.lamp(trouble: false), on: .alarmLamp, into: &effects)
        show(post.lamp(trouble: true), on: .troubleLamp, into: &effects)
    }

    mutating func show(
        _ pattern: OutputPattern, on duty: LineDuty, again: Bool = false, into effects: inout [DeskEffect]
    ) {
        guard again || shown[duty, default: .off] != pattern else { return }
        shown[duty] = pattern
        effects.append(.show(pattern, on: duty, reassert: again))
    }
}
