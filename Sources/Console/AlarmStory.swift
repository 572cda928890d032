// SPDX-License-Identifier: Apache-2.0
internal import Alarms
package import Facility

/// 报警经过: `GET /api/alarms/{id}`: one alarm and what happened to it, sentence by sentence. A value; any
/// thread.
package struct AlarmStory: Codable, Hashable, Sendable {
    package struct Entry: Codable, Hashable, Sendable {
        package var at: Int64
        package var uncertaintyMs: UInt32
        package var text: Phrase
    }

    package var alarm: AlarmView
    package var entries: [Entry]

    package init(_ alarm: DatedAlarm, _ standing: AlarmStanding, _ book: PlaceBook) {
        self.alarm = AlarmView(alarm, standing, book)
        let place = book.title(alarm.record.point.terminal)
        let kind = alarm.record.alarmClass.phrase
        let cause = alarm.record.cause.phrase
        let presses = alarm.record.presses
        let more = presses > 1 ? Phrase("，共按 \(presses) 次", ", pressed \(presses) times") : Phrase("", "")
        let raised = Entry(
            at: alarm.raisedAtMs, uncertaintyMs: alarm.uncertaintyMs,
            text: Phrase(
                "\(place) \(kind.zh)：\(cause.zh)\(more.zh)", "\(kind.en) at \(place): \(cause.en)\(more.en)"))
        entries =
            [raised]
            + alarm.record.deeds.map { kind, deed in
                Entry(
                    at: alarm.atMs(deed), uncertaintyMs: alarm.uncertaintyMs,
                    text: Self.said(kind, deed, alarm.record, book))
            }
    }

    private static func said(
        _ kind: DeedKind, _ deed: Deed, _ record: AlarmRecord, _ book: PlaceBook
    ) -> Phrase {
        let place = book.title(deed.terminal)
        let by = deed.officer.map { "\(book.name($0)) (\($0))" }
        let who = Phrase(by.map { "\($0) 在\(place)" } ?? place, by.map { "\($0) at \(place)" } ?? place)
        let what =
            switch kind {
            case .annunciated: Phrase("收到并鸣响", "shows and sounds it")
            case .acknowledged: Phrase("确认接警", "acknowledged")
            case .silenced: Phrase("暂停鸣响", "paused the sound")
            case .spoken:
                Phrase(
                    "与监室通话 \(record.spokenMs / 1_000) 秒",
                    "spoke with the cell for \(record.spokenMs / 1_000) s")
            case .attended: Phrase("到场", "attended")
            case .cleared: Phrase("解除", "cleared")
            }
        let how = deed.ground.addition
        return Phrase("\(who.zh)：\(what.zh)\(how.zh)", "\(who.en): \(what.en)\(how.en)")
    }
}

extension Deed.Ground {
    /// What has to be said beside the deed; an officer's own deed needs nothing.
    fileprivate var addition: Phrase {
        switch self {
        case .officer: Phrase("", "")
        case .line: Phrase("（按键或开关）", " (by a key or switch)")
        case .declared: Phrase("（口头声明，未经证实）", " (declared, unproven)")
        case .automatic: Phrase("（自动）", " (by itself)")
        case .speech: Phrase("（通话处置）", " (after speech)")
        case .folded: Phrase("（与此前报警为同一次按下）", " (the same press as an older alarm)")
        }
    }
}

/// `GET /api/alarms`: one page of the store's alarms, the newest first. A value; any thread.
package struct AlarmList: Codable, Hashable, Sendable {
    package var alarms: [AlarmView]
    /// The cursor of the next page.
    @OrNull package var next: String?

    package init(alarms: [AlarmView], next: String?) {
        self.alarms = alarms
        self.next = next
    }

    package func csv(time: LocalTime) -> String {
        var table = CSVText(head: [
            "编号 id", "时间 raised at", "误差毫秒 ± ms", "位置 place", "类别 class", "原因 cause", "状态 phase",
            "按次 presses", "确认毫秒 acknowledged ms", "到场毫秒 attended ms", "解除毫秒 cleared ms",
        ])
        for alarm in alarms {
            func after(_ kind: DeedKind) -> CSVText.Field {
                .number(alarm.deeds.first { $0.deed == kind }?.afterMs)
            }
            table.add([
                .text(alarm.id), .text(time.text(alarm.raisedAt)),
                alarm.uncertaintyMs == Limits.wallUnknownMs ? .empty : .number(Int64(alarm.uncertaintyMs)),
                .text(alarm.title), .text(alarm.alarmClass), .text(alarm.cause), .text(alarm.phase),
                .number(Int64(alarm.presses)), after(.acknowledged), after(.attended), after(.cleared),
            ])
        }
        return table.text
    }
}
