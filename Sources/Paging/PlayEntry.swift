// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What an entry of the stream `page` says of the day: a word and its value a line, in the order in which
/// they were written. Written by `watchpost-sound`, read by hub and tool. A value; any thread.
///
///     step=began
///     routine=roll-call
///     day=2026-11-23
///     at=08:00
///     zone=ward-1
///     late=0
///     from=0
package struct PlayEntry: Hashable, Sendable {
    /// What happened; its number is the entry's kind.
    package enum Step: UInt16, CaseIterable, Sendable, Hashable {
        case began = 64
        case interrupted, resumed, played, cut, skipped
        /// Every unit of a span of time was skipped.
        case skippedSpan
        /// The wall clock became known, or is not known any more.
        case clock
        /// A timetable, a library or a ledger was not taken, and why; the one before stays.
        case refused
        /// The terminal opens its microphone to compare what it hears with what it plays; of the sound
        /// nothing is kept.
        case listening
        /// What that said: `heard` a word of `PlayHeard`, `levelDb` against the calibrated level, give or
        /// take `offDb`, after `afterMs` of sound.
        case proved

        /// Chinese, then English.
        package var phrase: Phrase {
            switch self {
            case .began: Phrase("开始播放", "began")
            case .interrupted: Phrase("被打断", "interrupted")
            case .resumed: Phrase("继续播放", "resumed")
            case .played: Phrase("播放完毕", "played")
            case .cut: Phrase("被截断", "cut")
            case .skipped: Phrase("未播放", "skipped")
            case .skippedSpan: Phrase("整段未播放", "span skipped")
            case .clock: Phrase("时钟", "clock")
            case .refused: Phrase("不予采用", "refused")
            case .listening: Phrase("开始收音核对（不留存）", "listens to itself, keeps nothing")
            case .proved: Phrase("收音核对结果", "was listened to")
            }
        }
    }

    package let step: Step
    package private(set) var words: [(name: String, value: String)]

    package init(_ step: Step, zone: ZoneID, _ words: [(String, String)] = []) {
        self.step = step
        self.words = [("step", "\(step)"), ("zone", zone.text)]
        for (name, value) in words {
            let line = value.filter { !$0.isNewline && $0 != "\0" }
            self.words.append((name, String(decoding: line.utf8.prefix(Limits.titleMaxBytes), as: UTF8.self)))
        }
    }

    package init(_ step: Step, _ id: OccurrenceID, zone: ZoneID, _ words: [(String, String)] = []) {
        let planned = [("routine", id.routine.text), ("day", "\(id.day)"), ("at", "\(id.at)")]
        self.init(step, zone: zone, planned + words)
    }

    package init(_ id: OccurrenceID, _ outcome: PlayOutcome, zone: ZoneID) {
        let (step, rest): (Step, [(String, String)]) =
            switch outcome {
            case .began(let late, let offset): (.began, [("lateMs", "\(late)"), ("fromMs", "\(offset)")])
            case .interrupted(let why, let at): (.interrupted, [("why", "\(why)"), ("atMs", "\(at)")])
            case .resumed(let offset): (.resumed, [("fromMs", "\(offset)")])
            case .played: (.played, [])
            case .cut(let why, let at): (.cut, [("why", "\(why)"), ("atMs", "\(at)")])
            case .skipped(let why): (.skipped, [("why", "\(why)")])
            }
        self.init(step, id, zone: zone, rest)
    }

    /// nil: it is none, or of a later version.
    package init?(_ payload: [UInt8]) {
        guard payload.count <= Limits.playEntryMaxBytes, !payload.contains(0),
            let text = String(validating: payload, as: UTF8.self)
        else { return nil }
        var words: [(name: String, value: String)] = []
        for line in text.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { return nil }
            words.append((String(line[..<equals]), String(line[line.index(after: equals)...])))
        }
        guard words.first?.name == "step",
            let step = Step.allCases.first(where: { "\($0)" == words.first?.value })
        else { return nil }
        (self.step, self.words) = (step, words)
    }

    package subscript(_ name: String) -> String? { words.first { $0.name == name }?.value }

    /// Why it did not sound, or not to its end.
    package var why: PlayCause? { PlayCause.allCases.first { "\($0)" == self["why"] } }

    /// Whether the terminal's own microphone heard it.
    package var heard: PlayHeard? { PlayHeard.allCases.first { "\($0)" == self["heard"] } }

    package var payload: [UInt8] {
        Array(words.map { "\($0.name)=\($0.value)" }.joined(separator: "\n").utf8)
    }

    package static func == (a: Self, b: Self) -> Bool { a.payload == b.payload }
    package func hash(into hasher: inout Hasher) { hasher.combine(payload) }
}

extension PlayCause {
    /// Chinese, then English.
    package var phrase: Phrase {
        switch self {
        case .timeChange: Phrase("时钟调整跳过该时刻", "the clocks left its time out")
        case .notRunning: Phrase("终端未运行", "the terminal was not running")
        case .clockUnknown: Phrase("时间未知", "the time was unknown")
        case .clockStepped: Phrase("时钟被调整", "the clock was set over its time")
        case .displaced: Phrase("被另一项目取代", "another unit had the zone")
        case .yielded: Phrase("让位于通话、广播或报警", "a call, a page or an alarm had the zone")
        case .hardEnd: Phrase("到截止时间", "its hard end came")
        case .planChanged: Phrase("作息表已更改", "the timetable was changed")
        case .tooMany: Phrase("同时项目过多", "too many units at once")
        case .late: Phrase("过迟", "looked at too late")
        case .clipMissing: Phrase("本机没有该音频或音频有误", "its clip is missing here, or is not the right one")
        }
    }
}

/// What a terminal's own microphone heard of what its loudspeaker played.
package enum PlayHeard: UInt8, CaseIterable, Sendable, Hashable {
    case heard = 1
    case notHeard
    /// 10 dB or more under the calibrated level.
    case tooQuiet
    /// The room was too loud, or the sound too short, to tell.
    case unsure

    /// Chinese, then English.
    package var phrase: Phrase {
        switch self {
        case .heard: Phrase("已听到", "heard")
        case .notHeard: Phrase("未听到", "not heard")
        case .tooQuiet: Phrase("声音过小", "too quiet")
        case .unsure: Phrase("无法判断", "could not tell")
        }
    }
}
