// SPDX-License-Identifier: Apache-2.0
import CLinux
import Conduct
import DeskLink
package import Facility
import Foundation
import Journal

/// `watchpost bench ledger`: a million entries of a house's years, written by the journal, checked entry by
/// entry, read into a ledger and summed for everybody. On the tool's main thread.
package struct LedgerBench {
    package struct Options: Sendable {
        package var entries = 1_000_000
        package var people = 2_000
        package init() {}
    }

    static let goalMs = 60_000

    private let options: Options
    private let voice: Voice

    package init(_ options: Options, _ voice: Voice) {
        self.options = options
        self.voice = voice
    }

    package func run() throws(Fault) -> Outcome {
        let directory = try TemporaryDirectory("watchpost-ledger")
        defer { directory.remove() }
        let path = directory.path + "/ledger.db"
        var began = Uptime.now
        try fill(path)
        let fillMs = Uptime.now.ms(since: began)
        began = .now
        let verdict = verifyJournal(path: path)
        let verifyMs = Uptime.now.ms(since: began)
        began = .now
        var ledger = ConductLedger(packs: [Self.pack])
        try ConductJournal.read(path, into: &ledger)
        let readMs = Uptime.now.ms(since: began)
        began = .now
        var sum = Points.zero
        let months = (Self.from.number...Self.from.number + 11).map { CivilMonth(number: $0) }
        for resident in ledger.residents {
            sum += ledger.standings(of: resident, through: months[11]).reduce(.zero) { $0 + $1.total }
        }
        let sumMs = Uptime.now.ms(since: began)
        // A month is 100 and what its entries say, which no bound touches here.
        let isRight = sum == Points(Int64(options.people) * 1_200) + moved
        let isWhole = verdict.isIntact && verdict.entryCount == options.entries + options.people
        var line = JSONLine()
        line.add("bench", "ledger")
        line.add("entries", verdict.entryCount)
        line.add("fillMs", fillMs)
        line.add("verifyMs", verifyMs)
        line.add("goalMs", Self.goalMs)
        line.add("readMs", readMs)
        line.add("standings", options.people * months.count)
        line.add("sumMs", sumMs)
        line.add("sum", sum.description)
        line.add("passed", isRight && isWhole && verifyMs <= Self.goalMs)
        voice.say(line)
        return isRight && isWhole && verifyMs <= Self.goalMs ? .done : .refused
    }

    // MARK: Its house

    private static let from = CivilMonth(of: CivilDay(number: 20_454))
    private static let part = id("order", RulePartID.self)
    private static let profile = id("held", RuleProfileID.self)

    private static func id<Kind>(_ text: String, _ type: Identifier<Kind>.Type) -> Identifier<Kind> {
        guard let id = Identifier<Kind>(text) else { preconditionFailure("\(text) is a name") }
        return id
    }

    private static let pack = RulePack(
        id: id("bench", RulePackID.self), title: Phrase("测量", "bench"), from: CivilDay(number: 0),
        parts: [RulePart(id: part, title: Phrase("纪律", "order"), bonusPercent: 1_000)],
        profiles: [RuleProfile(id: profile, title: Phrase("在押", "held"), base: [part: Points(100)])],
        items: [
            RuleItem(
                id: id("item", RuleItemID.self), title: Phrase("条款", "item"), kind: .daily(part),
                points: Points(-5)...Points(5))
        ])

    private func points(_ number: Int) -> Points { Points(Int64(number % 11 - 5)) }
    private var moved: Points { (0..<options.entries).reduce(.zero) { $0 + points($1) } }

    private func fill(_ path: String) throws(Fault) {
        let terminal = Self.id("post-a", TerminalID.self)
        let woken = wp_eventfd()
        defer { close(woken) }
        let journal = EventJournal(path: path, terminal: terminal, run: 1) { wp_eventfd_wake(woken) }
        journal.start()
        defer { journal.stop() }
        for number in 0..<(options.people + options.entries) {
            let event = EventID(terminal: terminal, stream: .conduct, run: 1, sequence: UInt64(number + 1))
            let entry = entry(number)
            journal.append(
                JournalEvent(
                    id: event, at: Moment(uptime: .now, wallMs: wp_wall_ms(), uncertaintyMs: 50),
                    kind: entry.kind, payload: entry.payload), urgent: false, now: .now)
            while journal.depth > Limits.journalQueueCount / 2 {
                var ready: [Int16] = [0]
                _ = wp_poll([woken], &ready, 1, 100_000_000)
                wp_eventfd_drain(woken)
                for case .faulted(let fault) in journal.takeReports() { throw fault }
            }
        }
    }

    /// First everybody's place, then what they did, spread over the year.
    private func entry(_ number: Int) -> ConductEntry {
        let first = Self.from.first
        let resident = Self.id("R\(number % options.people)", ResidentID.self)
        let cell = Self.id("cell-\(number % options.people / 8)", ZoneID.self)
        guard number >= options.people else {
            return .placed(Placement(resident: resident, cell: cell, profile: Self.profile, from: first))
        }
        let place = number - options.people
        return .scored(
            LedgerEntry(
                subject: .resident(resident), pack: Self.pack.id, item: Self.id("item", RuleItemID.self),
                points: points(place), day: first.advanced(by: Int32(place / options.people % 365)),
                officer: Self.id("P\(place % 40)", OfficerID.self), note: "第 \(place) 条"))
    }
}
