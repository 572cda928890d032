// SPDX-License-Identifier: Apache-2.0
internal import Alarms
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
        result = Self.said(outcome: outcome)
    }

    private static func said(_ what: String, on: String, _ book: PlaceBook) -> Phrase {
        guard let (zh, en) = words[what] else { return Phrase(what, what) }
        let officer = what == "session.begin" ? OfficerID(on).map { book.name($0) } : nil
        let place = EventID(on).map { book.title($0.terminal) } ?? officer ?? (what == "refusals" ? on : "")
        return place.isEmpty ? Phrase(zh, en) : Phrase("\(zh)：\(place)", "\(en): \(place)")
    }

    private static let words: [String: (zh: String, en: String)] = [
        "alarm.acknowledge": ("确认报警", "Acknowledge"), "alarm.attend": ("登记到场", "Attend"),
        "alarm.clear": ("解除报警", "Clear"), "alarm.silence": ("暂停鸣响", "Silence"),
        "session.begin": ("登录", "Log in"), "session.end": ("退出", "Log out"),
        "view.alarms": ("查看报警记录", "Read the alarm record"), "view.alarm": ("查看报警经过", "Read an alarm"),
        "view.duty": ("查看值勤记录", "Read the duty record"), "view.audit": ("查看审计", "Read the audit"),
        "refusals": ("另有被拒请求", "Further refusals"),
    ]

    private static func said(outcome: String) -> Phrase {
        if outcome == "done" { return Phrase("✓ 完成", "✓ Done") }
        let known = AlarmRefusal.allCases.first { "\($0)" == outcome }
        let (zh, en) = refusals[outcome] ?? (known?.chinese ?? outcome, known?.english ?? outcome)
        return Phrase("✕ " + zh, "✕ " + en)
    }

    /// What a panel refuses besides what the alarms do.
    private static let refusals: [String: (zh: String, en: String)] = [
        "wrongPin": ("警号或口令不正确", "Wrong number or PIN"), "pinLocked": ("口令已锁定", "PIN locked"),
        "noOfficers": ("岗位尚无民警名单", "No officers known yet"), "signedOut": ("未登录", "Not signed in"),
        "foreignOrigin": ("不是从本页面发出", "Not from these pages"), "noAnswer": ("终端没有应答", "No answer"),
        "unwritten": ("未逐条记录", "Not written one by one"), "notFound": ("没有找到", "No such thing"),
        "badRequest": ("请求有误", "Not a right request"),
    ]
}
