// SPDX-License-Identifier: Apache-2.0
package import Conduct
package import Facility
import Foundation
import Journal
import SiteCheck

/// Sums a person's month, or a month's cells, from journals and rule packs alone: whoever has the files comes
/// to what the facility says, without asking it. Reads only; on the tool's main thread.
package struct StandingTask {
    private let voice: Voice

    package init(_ voice: Voice) { self.voice = voice }

    /// Every line of a person's month, and its sum. 1 when the person has none, or a journal is not whole.
    package func standing(
        _ person: ResidentID, _ month: CivilMonth, journals: [String], rules: [String]
    ) throws(Fault) -> Outcome {
        guard let ledger = try ledger(journals: journals, rules: rules) else { return .refused }
        guard let standing = ledger.standing(of: person, in: month) else {
            return voice.refuse(
                Phrase("\(person) 在 \(month) 没有记分。", "\(person) has no standing in \(month)."))
        }
        let pack = ledger.pack(standing.pack)
        if voice.speaksJSON {
            voice.say(json(standing, ledger.cycles(of: person, through: month), ledger))
            return .done
        }
        for line in standing.lines { voice.say("  " + text(line, pack, ledger)) }
        voice.say("\(person)  \(month)  " + Phrase("合计", "total").both(voice.language) + " \(standing.total)")
        let cycle = ledger.cycles(of: person, through: month)
        if pack?.cycle != nil {
            voice.say(
                Phrase(
                    "考核积分 \(cycle.points)，已满 \(cycle.ended.count) 个周期",
                    "\(cycle.points) points carried, \(cycle.ended.count) cycles completed"))
        }
        return .done
    }

    /// The cells of a month, best first, each with its sum.
    package func ranking(
        _ month: CivilMonth, journals: [String], rules: [String]
    ) throws(Fault) -> Outcome {
        guard let ledger = try ledger(journals: journals, rules: rules) else { return .refused }
        guard let ranking = ledger.ranking(in: month) else {
            return voice.refuse(Phrase("该月规则没有监室评比。", "The month's rules have no contest of cells."))
        }
        for row in ranking.rows {
            if voice.speaksJSON { voice.say(json(row)) } else { voice.say(row.text) }
        }
        return .done
    }

    /// nil: something is wrong with a file, and was said.
    private func ledger(journals: [String], rules: [String]) throws(Fault) -> ConductLedger? {
        var packs: [RulePack] = []
        for file in rules {
            let checked = checkRulePack(path: file)
            guard let pack = checked.value else {
                voice.complain(checked.findings.rendered([.english, .chinese]))
                return nil
            }
            packs.append(pack)
        }
        var ledger = ConductLedger(packs: packs)
        for path in journals {
            let verdict = verifyJournal(path: path)
            guard verdict.isIntact else {
                for broken in verdict.breaks { voice.complain("\(path): \(broken)") }
                return nil
            }
            try ConductJournal.read(path, into: &ledger)
        }
        return ledger
    }

    // MARK: Words

    private func text(_ line: Standing.Line, _ pack: RulePack?, _ ledger: ConductLedger) -> String {
        let part = pack?.parts.first { $0.id == line.part }?.title.both(voice.language) ?? "–"
        let why = line.why.map { "  (" + $0.phrase.both(voice.language) + ")" } ?? ""
        let stated = line.stated == line.counted ? "" : " / \(line.stated)"
        return "\(part)  \(source(line.source, ledger).both(voice.language))  \(line.counted)\(stated)\(why)"
    }

    private func source(_ source: Standing.Line.Source, _ ledger: ConductLedger) -> Phrase {
        func title(_ id: EventID) -> Phrase {
            guard let entry = ledger.score(id) else { return Phrase("\(id)", "\(id)") }
            let item = ledger.pack(entry.pack)?.item(entry.item)?.title
            let words = item ?? Phrase(entry.item.text, entry.item.text)
            return Phrase("\(entry.day) \(words.zh) \(id)", "\(entry.day) \(words.en) \(id)")
        }
        switch source {
        case .base: return Phrase("基础分", "base")
        case .floor: return Phrase("保底", "floor")
        case .entry(let id): return title(id)
        case .correction(_, let entry):
            let words = title(entry)
            return Phrase("冲正 " + words.zh, "reversal of " + words.en)
        }
    }

    private func json(_ standing: Standing, _ cycle: CycleStanding, _ ledger: ConductLedger) -> JSONLine {
        var out = JSONLine()
        out.add("person", standing.resident.text)
        out.add("month", standing.month.description)
        out.add("rules", standing.pack.text)
        out.add("profile", standing.profile.text)
        out.add("cell", standing.cell.text)
        out.add("total", standing.total.description)
        out.add("carried", cycle.points.description)
        out.add("cycles", cycle.ended.count)
        out.add(
            "lines",
            .list(
                standing.lines.map { line in
                    var out = JSONLine()
                    out.add("part", line.part?.text)
                    out.add("source", source(line.source, ledger).en)
                    out.add("stated", line.stated.description)
                    out.add("counted", line.counted.description)
                    out.add("why", line.why?.rawValue)
                    return .object(out)
                }))
        return out
    }

    private func json(_ row: CellRanking.Row) -> JSONLine {
        var out = JSONLine()
        out.add("place", row.place)
        out.add("cell", row.cell.text)
        out.add("total", row.total.description)
        out.add("base", row.base.description)
        out.add("people", row.peopleCount)
        out.add("peopleShare", row.peopleShare.description)
        out.add(
            "items",
            .list(
                row.items.map { item in
                    var out = JSONLine()
                    out.add("entry", "\(item.id)")
                    out.add("points", item.points.description)
                    return .object(out)
                }))
        return out
    }
}

/// The stream `conduct` of a journal's file.
enum ConductJournal {
    /// What is no entry of a ledger (a later release's) is left out.
    static func read(_ path: String, into ledger: inout ConductLedger) throws(Fault) {
        let reader = try JournalReader(path: path)
        var cursor = SyncCursor.beginning(of: .conduct)
        while true {
            let page = try reader.events(past: cursor, limit: Limits.journalPageCount)
            guard let last = page.last else { return }
            for entry in page {
                guard let read = ConductEntry(kind: entry.event.kind, payload: entry.event.payload) else {
                    continue
                }
                ledger.take(PostedEntry(id: entry.event.id, sequence: entry.sequence, entry: read))
            }
            cursor.sequence = last.sequence
        }
    }
}
