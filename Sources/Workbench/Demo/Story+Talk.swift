// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import GPIO
import PanelLink

// The part of the story in which two people talk: a cell calls, the officer answers, both are heard, and only
// then may the call be cleared from the post.
extension Story {
    private func voice(_ terminal: TerminalID) throws -> SoundClient? {
        guard let config = stage.site.config(terminal), config.sound != nil else { return nil }
        return try SoundClient(terminal: terminal, daemon: SoundClient.path(config))
    }

    /// Nothing where the site has no sound, or its program was not built.
    func talk() throws {
        let (cell, post) = (cast.cell, cast.post)
        guard !stage.site.soundPrograms.isEmpty, stage.has(.cellCallButton, cell),
            let there = try voice(cell), let here = try voice(post)
        else { return }
        let at = try stage.press(.cellCallButton, of: cell)
        stage.tell("talk-press", at: cell, Phrase("按下报告按钮", "the call button is pressed"), when: at)
        let call = try stage.step(
            "talk-rings", at: post, Phrase("岗位的对讲在响", "the post's intercom rings"), within: promptMs
        ) {
            try here.calls().calls.first { $0.phase == .ringing && $0.far == cell.text }.map {
                Stage.Seen($0)
            }
        }
        let alarm = try stage.step(
            "talk-listed", at: post, Phrase("岗位列出报告呼叫", "the post lists the cell call"), within: promptMs
        ) { try stage.alarm(of: cell, .cellCall, on: post).map { Stage.Seen($0.record.id) } }
        try refuseUnspoken(alarm)
        if let refusal = try here.command(.answer(call.id), officer: cast.officer) {
            throw StoryFailure(
                step: "talk-answer", place: post, words: refusal.phrase, seen: refusal.phrase.both(.zh))
        }
        try hear(there, here, cell, post)
        try stage.step(
            "talk-spoken", at: post,
            Phrase("双向通话满三秒，已记录", "three seconds of two-way speech, recorded"), within: 3 * promptMs
        ) {
            try stage.alarm(of: cell, .cellCall, on: post).flatMap {
                $0.record.spokenMs >= UInt32(Limits.spokenMinMs) ? Stage.Seen(()) : nil
            }
        }
        _ = try here.command(.hangUp(nil), officer: cast.officer)
        try stage.step(
            "talk-ended", at: cell, Phrase("通话结束，话筒关闭", "hung up, the microphone is shut"), within: promptMs
        ) {
            try there.calls().calls.contains { $0.far == post.text } ? nil : Stage.Seen(())
        }
        try clear(
            "talk-clear", alarm, at: post, Phrase("通话后远程解除呼叫", "after the talk it is cleared from the post"))
    }

    private func refuseUnspoken(_ alarm: EventID) throws {
        let refusal = try stage.desk(cast.post).act(.clear, on: alarm, officer: cast.officer)
        guard refusal == .notSpokenNorAttended else {
            throw StoryFailure(
                step: "talk-not-yet", place: cast.post, words: Phrase("解除", "clear"),
                seen: refusal.map { "\($0)" } ?? "it was cleared")
        }
        stage.tell(
            "talk-not-yet", at: cast.post,
            Phrase("未通话未到场：不能解除", "neither spoken nor attended: it cannot be cleared"))
    }

    /// Each end's simulated voice at the other end's loudspeaker.
    private func hear(
        _ there: SoundClient, _ here: SoundClient, _ cell: TerminalID, _ post: TerminalID
    ) throws {
        for (name, client, place) in [("talk-heard-post", here, post), ("talk-heard-cell", there, cell)] {
            try stage.step(
                name, at: place, Phrase("听到对方的声音", "the other end is heard"), within: promptMs
            ) {
                try client.calls().calls.contains { $0.phase == .talking && $0.heardDb > -40 }
                    ? Stage.Seen(()) : nil
            }
        }
        guard stage.has(.microphoneLamp, cell) else { return }
        try stage.step(
            "talk-lamp", at: cell, Phrase("话筒灯亮", "the microphone's lamp is lit"), within: promptMs
        ) {
            let reading = try stage.reading(.microphoneLamp, of: cell, since: 0)
            return reading.pattern == .steady ? Stage.Seen(()) : nil
        }
    }
}
