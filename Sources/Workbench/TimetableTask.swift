// SPDX-License-Identifier: Apache-2.0
package import Facility
import Foundation
import Journal
import Paging
import SiteCheck

/// What `timetable preview` is asked.
package struct PreviewWish: Hashable, Sendable {
    package var days: Int
    /// nil: a zone that no routine names; it hears what is for all.
    package var zone: ZoneID?
    /// `2026-11-22`; nil: today, there.
    package var from: String?

    package init(days: Int, zone: ZoneID?, from: String?) {
        self.days = days
        self.zone = zone
        self.from = from
    }
}

/// Checks, previews and translates timetables. On the tool's main thread.
package struct TimetableTask {
    private let voice: Voice

    package init(_ voice: Voice) { self.voice = voice }

    /// `compiled`: where the terminal's form of it is put, when there is no mistake.
    package func check(_ file: String, compiled: String?) throws(Fault) -> Outcome {
        let checked = checkTimetable(path: file)
        guard let plan = told(checked) else { return .refused }
        if let compiled { try CompiledTimetable.install(plan, at: compiled) }
        if !voice.speaksJSON {
            let count = plan.routines.count
            voice.say(Phrase("没有错误：共 \(count) 个时间。", "No mistake: \(count) times of the day."))
        }
        return .done
    }

    package func preview(_ file: String, _ wish: PreviewWish) throws(Fault) -> Outcome {
        guard let plan = told(checkTimetable(path: file)) else { return .refused }
        let now = Int64(time(nil))
        let first = wish.from.map { CivilDay($0) } ?? CivilDay(ofLocal: plan.offsets.local(now))
        guard let first, (1...Limits.previewMaxDays).contains(wish.days) else {
            throw Fault(
                "preview", at: file,
                cause: "--from is no day, or --days lies not in 1 to "
                    + "\(Limits.previewMaxDays)", hint: "Write --from 2026-11-22 --days 7.")
        }
        guard let zone = wish.zone ?? ZoneID("-") else { return .refused }
        for line in TimetablePreview(plan, zone: zone).lines(first, days: wish.days) {
            if voice.speaksJSON { voice.say(json(line)) } else { voice.say(text(line, plan)) }
        }
        return .done
    }

    package func export(_ file: String, from: String?) throws(Fault) -> Outcome {
        guard let plan = told(checkTimetable(path: file)) else { return .refused }
        let now = Int64(time(nil))
        guard let start = from.map({ CivilDay($0) }) ?? CivilDay(ofLocal: plan.offsets.local(now)) else {
            throw Fault(
                "export", at: file, cause: "--from is no day", hint: "Write it like --from 2026-11-22.")
        }
        voice.say(CalendarExport.text(plan, from: start))
        return .done
    }

    package func importing(_ file: String) throws(Fault) -> Outcome {
        guard let data = FileManager.default.contents(atPath: file),
            let text = String(validating: data, as: UTF8.self)
        else {
            throw Fault(
                "import", at: file, cause: "it cannot be read as UTF-8 text",
                hint: "Check its name and who may read it.")
        }
        guard let plan = told(CalendarImport.read(text, file: file)) else { return .refused }
        voice.say(TimetableText.yaml(plan))
        return .done
    }

    private func told(_ checked: Checked<TimetablePlan>) -> TimetablePlan? {
        let languages: [Finding.Language] =
            voice.language == .zh ? [.chinese, .english] : [.english, .chinese]
        if voice.speaksJSON {
            for finding in checked.findings { voice.say(SiteTask.json(finding)) }
        } else if !checked.findings.isEmpty {
            voice.complain(checked.findings.rendered(languages))
        }
        return checked.value
    }

    // MARK: Words

    private func text(_ line: TimetablePreview.Line, _ plan: TimetablePlan) -> String {
        switch line {
        case .day(let day, let type):
            return "\(day) \(day.weekday.word) \(plan.dayTypes[type] ?? type.text)"
        case .unit(let time, let unit):
            let title = "  \(time)  \(unit.title)  \(unit.end - unit.start)s"
            let left =
                unit.isLeftOut ? Phrase("（时钟跳过，不播放）", "(the clocks leave it out)").both(voice.language) : ""
            return title + left
        }
    }

    private func json(_ line: TimetablePreview.Line) -> JSONLine {
        var out = JSONLine()
        switch line {
        case .day(let day, let type):
            out.add("day", day.description)
            out.add("type", type.text)
        case .unit(let time, let unit):
            out.add("day", unit.id.day.description)
            out.add("time", time.description)
            out.add("unix", Int(unit.start))
            out.add("seconds", Int(unit.end - unit.start))
            out.add("routine", unit.id.routine.text)
            out.add("title", unit.title)
            out.add("unit", unit.unit)
            out.add("leftOut", unit.isLeftOut)
        }
        return out
    }
}
