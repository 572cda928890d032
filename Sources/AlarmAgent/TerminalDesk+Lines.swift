// SPDX-License-Identifier: Apache-2.0
import Alarms
package import Facility
package import GPIO

/// What the lines of the board say.
extension TerminalDesk {
    /// `line` indexes `config.board.duties`, as the bank's lines do.
    package mutating func line(_ event: LineEvent, now: Moment, into effects: inout [DeskEffect]) {
        switch event {
        case .pressed(let line, let at, let heldAtStart):
            pressed(config.board.duties[line], at: now.earlier(at), heldAtStart, now, into: &effects)
        case .released(let line, _):
            if config.board.duties[line].duty == .tamper { ended(.tamper, line, now, into: &effects) }
        case .edgesLost(let line, let count):
            counts.edgesLost = count.flatMap { new in counts.edgesLost.map { $0 + UInt64(new) } }
            if config.board.duties[line].duty.alarmClass != nil {
                begins(.edgesLost, line, now, into: &effects)
            }
        case .stuck(let line, _): begins(.stuck, line, now, into: &effects)
        case .unstuck(let line): ended(.stuck, line, now, into: &effects)
        case .cut(let line): begins(.wireCut, line, now, into: &effects)
        case .short(let line): begins(.wireShort, line, now, into: &effects)
        case .wireRestored(let line):
            ended(.wireCut, line, now, into: &effects)
            ended(.wireShort, line, now, into: &effects)
        case .lineFault(let line, let fault):
            faults[config.board.duties[line].line.name] = fault
            begins(.lineFault, line, now, into: &effects)
        case .lineRestored(let line):
            faults[config.board.duties[line].line.name] = nil
            ended(.lineFault, line, now, into: &effects)
        }
    }

    private mutating func pressed(
        _ line: BoardDuty, at: Moment, _ heldAtStart: Bool, _ now: Moment, into effects: inout [DeskEffect]
    ) {
        switch line.duty {
        case .cellCallButton, .emergencyButton, .duressButton, .silentDuressButton:
            press(line, at: at, heldAtStart, now, into: &effects)
        case .attendance: publish(alarms.attended(now: now.uptime), now: now.uptime, into: &effects)
        case .tamper:
            let news = alarms.trouble(.tamper, at: point(line), now: at)
            if let news { publish(news, now: now.uptime, into: &effects) }
        case .acknowledgeKey: key(.acknowledge, now: now.uptime, into: &effects)
        case .silenceKey: key(.silence, now: now.uptime, into: &effects)
        case .attendKey: key(.attend, now: now.uptime, into: &effects)
        case .clearKey: key(.clear, now: now.uptime, into: &effects)
        case .buzzerTestKey: testBuzzer(now: now.uptime, into: &effects)
        case .supervision, .assuranceLamp, .buzzer, .alarmLamp, .troubleLamp, .microphoneLamp: break
        }
    }

    private mutating func press(
        _ line: BoardDuty, at: Moment, _ heldAtStart: Bool, _ now: Moment, into effects: inout [DeskEffect]
    ) {
        guard let alarmClass = line.duty.alarmClass else { return }
        counts.presses += 1
        let press = Press(
            point: point(line), alarmClass: alarmClass, cause: .press,
            isSilent: line.duty == .silentDuressButton,
            attendanceWired: config.board.duties.contains { $0.duty == .attendance }, heldAtStart: heldAtStart
        )
        guard let news = alarms.press(press, at: at, now: now.uptime) else { return }
        publish(news, now: now.uptime, into: &effects)
    }

    package mutating func testBuzzer(now: Uptime, into effects: inout [DeskEffect]) {
        post?.testBuzzer(now: now)
        showPost(now, isNew: true, into: &effects)
    }

    private mutating func begins(
        _ cause: AlarmCause, _ line: Int, _ now: Moment, into effects: inout [DeskEffect]
    ) {
        let news = alarms.trouble(cause, at: point(config.board.duties[line]), now: now)
        if let news { publish(news, now: now.uptime, into: &effects) }
    }

    private mutating func ended(
        _ cause: AlarmCause, _ line: Int, _ now: Moment, into effects: inout [DeskEffect]
    ) {
        let news = alarms.ended(cause, at: point(config.board.duties[line]), now: now.uptime)
        if let news { publish(news, now: now.uptime, into: &effects) }
    }

    private func point(_ line: BoardDuty) -> AlarmPoint { AlarmPoint(terminal: own.id, name: line.line.name) }
}

extension LineDuty {
    /// The class that a press of such a line raises; nil for lines that raise none.
    var alarmClass: AlarmClass? {
        switch self {
        case .cellCallButton: .cellCall
        case .emergencyButton: .emergency
        case .duressButton, .silentDuressButton: .officerDuress
        case .supervision, .attendance, .tamper, .acknowledgeKey, .silenceKey, .attendKey, .clearKey,
            .buzzerTestKey,
            .assuranceLamp, .buzzer, .alarmLamp, .troubleLamp, .microphoneLamp:
            nil
        }
    }
}

extension Moment {
    /// The same two clocks at `uptime`, which is not later than this.
    func earlier(_ uptime: Uptime) -> Moment {
        Moment(
            uptime: uptime, wallMs: wallMs - Int64(self.uptime.ms(since: uptime)),
            uncertaintyMs: uncertaintyMs)
    }
}
