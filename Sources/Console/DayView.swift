// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What became of one planned unit at one terminal, in one word: the worst that is known. A value; any
/// thread.
package enum PlayState: String, Codable, Hashable, Sendable, CaseIterable {
    /// Its time has not come.
    case planned
    /// Its time is past, and the terminal has not told of it.
    case untold
    case playing
    /// To its end; nobody listened.
    case played
    /// To its end or not yet, and its own microphone heard it.
    case heard
    case notHeard, tooQuiet
    case interrupted, cut, skipped

    /// All is as it should be, as far as is known.
    package var isFine: Bool {
        switch self {
        case .planned, .playing, .played, .heard: true
        case .untold, .notHeard, .tooQuiet, .interrupted, .cut, .skipped: false
        }
    }

    /// Chinese, then English.
    package var phrase: Phrase {
        switch self {
        case .planned: Phrase("未到时间", "planned")
        case .untold: Phrase("无记录", "not told")
        case .playing: Phrase("正在播放", "playing")
        case .played: Phrase("已播放", "played")
        case .heard: Phrase("已播放并听到", "played and heard")
        case .notHeard: Phrase("未听到", "not heard")
        case .tooQuiet: Phrase("声音过小", "too quiet")
        case .interrupted: Phrase("被打断", "interrupted")
        case .cut: Phrase("被截断", "cut")
        case .skipped: Phrase("未播放", "skipped")
        }
    }
}

/// 一日: `GET /api/day`: of one day what was planned, and what became of it at each terminal. A value; any
/// thread. Always true: each terminal has one state for each unit of its strip.
package struct DayView: Codable, Hashable, Sendable {
    /// `2026-11-23`.
    package var day: String
    package var strips: [DayStrip]

    package init(day: String, strips: [DayStrip]) { (self.day, self.strips) = (day, strips) }

    /// A row for each unit of each terminal.
    package func csv(time: LocalTime) -> String {
        var table = CSVText(head: [
            "日期 day", "分区 zone", "终端 terminal", "时间 at", "项目 unit", "结果 result", "原因 why", "开始 began",
            "电平 levelDb",
        ])
        for strip in strips {
            for terminal in strip.terminals {
                for (place, unit) in strip.units.enumerated() {
                    let state = terminal.states[place]
                    let note = terminal.notes.first { $0.unit == place }
                    table.add([
                        .text(day), .text(strip.title), .text(terminal.title), .text(unit.at),
                        .text(unit.title), .text(state.phrase.zh + " " + state.phrase.en),
                        note?.why.map { .text($0.zh + " " + $0.en) } ?? .empty,
                        note?.beganAt.map { .text(time.text($0)) } ?? .empty,
                        note?.levelDb.map { .text("\($0)") } ?? .empty,
                    ])
                }
            }
        }
        return table.text
    }
}

/// The terminals of a zone that follow one timetable.
package struct DayStrip: Codable, Hashable, Sendable {
    package var zone: String
    package var title: String
    /// What people call this kind of day; empty: no timetable is known.
    package var kind: String
    package var units: [DayUnit]
    package var terminals: [DayTerminal]

    package init(zone: ZoneID, title: String, kind: String, units: [DayUnit], terminals: [DayTerminal]) {
        (self.zone, self.title, self.kind) = (zone.text, title, kind)
        (self.units, self.terminals) = (units, terminals)
    }
}

/// One unit of a day.
package struct DayUnit: Codable, Hashable, Sendable {
    package var title: String
    /// By the wall clock there, as it is written: `08:00`.
    package var at: String
    /// Unix milliseconds; nil: the timetable in force does not have it any more.
    @OrNull package var start: Int64?
    @OrNull package var end: Int64?
    /// The clip.
    package var unit: String

    package init(title: String, at: String, start: Int64?, end: Int64?, unit: String) {
        (self.title, self.at, self.unit) = (title, at, unit)
        (self.start, self.end) = (start, end)
    }
}

/// What one terminal made of the day.
package struct DayTerminal: Codable, Hashable, Sendable {
    package var id: String
    package var title: String
    package var states: [PlayState]
    /// Of the units of which there is more to say.
    package var notes: [DayNote]

    package init(id: TerminalID, title: String, states: [PlayState], notes: [DayNote]) {
        (self.id, self.title, self.states, self.notes) = (id.text, title, states, notes)
    }
}

/// More of one unit.
package struct DayNote: Codable, Hashable, Sendable {
    /// Which of the strip's.
    package var unit: Int
    @OrNull package var why: Phrase?
    /// Unix milliseconds.
    @OrNull package var beganAt: Int64?
    /// Against the calibrated level.
    @OrNull package var levelDb: Double?

    package init(unit: Int, why: Phrase?, beganAt: Int64?, levelDb: Double?) {
        self.unit = unit
        (self.why, self.beganAt, self.levelDb) = (why, beganAt, levelDb)
    }
}
