// SPDX-License-Identifier: Apache-2.0
package import Facility

/// 岗位操作: `GET /api/duty/acts`: what was done, looked at or refused at posts' own panels, the hub there or
/// not; the newest first. A value; any thread.
package struct DutyActs: Codable, Hashable, Sendable {
    package var acts: [DutyAct]
    /// The cursor of the next page.
    @OrNull package var next: String?

    package init(acts: [DutyAct], next: String?) {
        self.acts = acts
        self.next = next
    }

    package func csv(time: LocalTime) -> String {
        var table = CSVText(head: [
            "时间 at", "误差毫秒 ± ms", "岗位 post", "何人 who", "姓名 name", "何事 what", "对象 on", "结果 outcome",
            "编号 entry",
        ])
        for act in acts {
            table.add([
                .text(time.text(act.at)),
                act.uncertaintyMs == Limits.wallUnknownMs ? .empty : .number(Int64(act.uncertaintyMs)),
                .text(act.title), .text(act.who), .text(act.name), .text(act.what), .text(act.on),
                .text(act.outcome), .text(act.id),
            ])
        }
        return table.text
    }
}

/// One act at a panel, as its own journal tells it.
package struct DutyAct: Codable, Hashable, Sendable {
    /// Its place in that journal: `post-a/duty/17`.
    package var id: String
    package var at: Int64
    package var uncertaintyMs: UInt32
    package var terminal: String
    package var title: String
    /// An officer's number; the post's own name where nobody had signed in.
    package var who: String
    package var name: String
    package var what: String
    package var on: String
    /// `done`, or the code of a refusal.
    package var outcome: String
    /// What and how it ended, for people.
    package var did: Phrase
    package var result: Phrase

    package init(
        sequence: UInt64, at: Int64, uncertaintyMs: UInt32, terminal: TerminalID, who: String, what: String,
        on: String, outcome: String, book: PlaceBook
    ) {
        id = "\(terminal)/duty/\(sequence)"
        (self.at, self.uncertaintyMs) = (at, uncertaintyMs)
        (self.terminal, title) = (terminal.text, book.title(terminal))
        self.who = who
        name = who == terminal.text ? book.title(terminal) : OfficerID(who).map { book.name($0) } ?? who
        (self.what, self.on, self.outcome) = (what, on, outcome)
        did = Self.said(what, on: on, book)
        result = RecordWords.ended(outcome)
    }

    private static func said(_ what: String, on: String, _ book: PlaceBook) -> Phrase {
        let words = RecordWords.did(what)
        let officer = what == "session.begin" ? OfficerID(on).map { book.name($0) } : nil
        let place = EventID(on).map { book.title($0.terminal) } ?? officer ?? (what == "refusals" ? on : "")
        return place.isEmpty ? words : Phrase("\(words.zh)：\(place)", "\(words.en): \(place)")
    }
}
