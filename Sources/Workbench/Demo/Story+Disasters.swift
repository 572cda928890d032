// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import GPIO
import Glibc
import Journal

// The second half: a killed cell, a dead post, and what a stuck button becomes.
extension Story {
    func killTheCell() throws {
        let cell = cast.cell
        let at = try stage.press(.emergencyButton, of: cell)
        stage.tell("cell-kill-press", at: cell, Phrase("按下紧急报警", "emergency pressed"), when: at)
        let alarm = try stage.step(
            "cell-kill-listed", at: cast.post, Phrase("岗位列出报警", "the post lists the alarm"), within: promptMs
        ) { try stage.alarm(of: cell, .emergency, on: cast.post).map { Stage.Seen($0.record.id) } }
        let before = stage.supervisor.report(cell.text)
        stage.supervisor.kill(cell.text, SIGKILL)
        stage.tell("cell-killed", at: cell, Phrase("监室进程被强行终止", "the cell's process is killed"))
        try stage.step(
            "cell-restarted", at: cell,
            Phrase("守护进程在一秒内将其重启", "its supervisor started it again within a second"),
            within: 1_000
        ) { () -> Stage.Seen<Void>? in
            guard let report = stage.supervisor.report(cell.text), report.starts > before?.starts ?? 0,
                report.pid != nil
            else { return nil }
            return Stage.Seen((), at: report.startedAt ?? .now)
        }
        try stage.step(
            "cell-standing", at: cell,
            Phrase("重启后报警仍在：同一编号", "after the restart the alarm stands: the same id"),
            within: promptMs
        ) {
            try stage.desk(cell).alarms().contains { $0.record.id == alarm && $0.record.isOpen }
                ? Stage.Seen(()) : nil
        }
        let lamp = try stage.board(cell).lastChange
        try sees(
            "cell-lamp", .assuranceLamp, of: cell, .steady, since: lamp,
            Phrase("指示灯常亮：岗位仍有此报警", "lamp steady: the post has it still"))
        try attend("cell-kill-attend", alarm, of: cell, at: cast.post)
        try clear("cell-kill-clear", alarm, at: cast.post, Phrase("报警解除", "the alarm is cleared"))
    }

    func killThePost() throws {
        let (post, neighbour) = (cast.post, cast.neighbour)
        let killedAt = Uptime.now
        stage.supervisor.stop(post.text, SIGKILL)
        try stage.step(
            "post-killed", at: post, Phrase("岗位进程被终止且不再启动", "the post is killed and kept down"), within: 2_000
        ) {
            stage.supervisor.report(post.text).flatMap {
                $0.pid == nil ? Stage.Seen((), at: $0.endedAt ?? .now) : nil
            }
        }
        let buzzer = try stage.board(neighbour).lastChange
        let at = try stage.press(.emergencyButton, of: cast.cell)
        stage.tell("post-dead-press", at: cast.cell, Phrase("按下紧急报警", "emergency pressed"), when: at)
        try rings(
            "neighbour-rings", neighbour, since: buzzer, within: promptMs,
            Phrase("没有回执：相邻岗位蜂鸣器响", "no receipt: the neighbour post's buzzer sounds"))
        let alarm = try stage.step(
            "neighbour-listed", at: neighbour, Phrase("相邻岗位列出报警", "the neighbour post lists the alarm"),
            within: promptMs
        ) { try stage.alarm(of: cast.cell, .emergency, on: neighbour).map { Stage.Seen($0.record.id) } }
        let step = stage.site.site.ladderMs.first ?? Limits.ladderDefaultMs[0]
        try stage.step(
            "escalated", at: neighbour,
            Phrase("无人到场 \(step / 1_000) 秒：升级", "nobody came in \(step / 1_000) s: the ladder's next step"),
            within: step + promptMs
        ) {
            try stage.alarm(of: cast.cell, .emergency, on: neighbour).flatMap {
                $0.record.escalation >= 1 ? Stage.Seen(()) : nil
            }
        }
        try stage.step(
            "post-lost", at: neighbour,
            Phrase("岗位失联：十秒内显示并鸣响", "the post is lost: shown and sounded within 10 s"), within: 10_000
        ) {
            let trouble = try stage.desk(neighbour).alarms().first {
                $0.record.point.terminal == post && $0.record.cause == .peerLost
            }
            let at = trouble.map { Uptime.now.advanced(ms: -$0.ageMs) }
            return at.flatMap { $0.ms(since: killedAt) <= 10_000 ? Stage.Seen((), at: $0) : nil }
        }
        try thePostReturns(alarm)
    }

    private func thePostReturns(_ alarm: EventID) throws {
        let (post, neighbour) = (cast.post, cast.neighbour)
        stage.supervisor.start(post.text)
        try stage.step(
            "post-returns", at: post, Phrase("岗位重启：名单自动补全", "the post is back: its list fills by itself"),
            within: 10_000
        ) { try stage.desk(post).alarms().contains { $0.record.id == alarm } ? Stage.Seen(()) : nil }
        try stage.step(
            "post-found", at: neighbour, Phrase("失联故障自动结束", "the loss ends by itself"), within: 10_000
        ) {
            try stage.desk(neighbour).alarms().contains {
                $0.record.point.terminal == post && $0.record.cause == .peerLost
            } ? nil : Stage.Seen(())
        }
        try attend("post-dead-attend", alarm, of: cast.cell, at: post)
        try clear("post-dead-clear", alarm, at: post, Phrase("报警解除", "the alarm is cleared"))
    }

    func stuckButton(heldSince: Uptime) throws {
        let (cell, post) = (cast.stuckCell, cast.stuckPost)
        let left = max(0, Limits.stuckAfterMs - Uptime.now.ms(since: heldSince))
        try stage.step(
            "stuck", at: post,
            Phrase("按钮按住超过 60 秒：报“卡住”故障", "held for over 60 s: the button is reported stuck"),
            within: left + promptMs
        ) {
            try stage.desk(post).alarms().contains {
                $0.record.point.terminal == cell && $0.record.cause == .stuck
            } ? Stage.Seen(()) : nil
        }
        let at = try stage.set(.cellCallButton, of: cell, false)
        stage.tell("release", at: cell, Phrase("按钮松开", "the button is released"), when: at)
        try stage.step(
            "stuck-ended", at: post, Phrase("故障自动结束", "the trouble ends by itself"), within: promptMs
        ) {
            try stage.desk(post).alarms().contains {
                $0.record.point.terminal == cell && $0.record.cause == .stuck
            } ? nil : Stage.Seen(())
        }
        guard let call = try stage.alarm(of: cell, .cellCall, on: post)?.record.id else {
            throw StoryFailure(
                step: "call-stands", place: post, words: Phrase("呼叫仍在", "the call still stands"),
                seen: "it is gone")
        }
        try attend("call-attend", call, of: cell, at: post)
        try clear("call-clear", call, at: post, Phrase("呼叫解除", "the call is cleared"))
    }

    /// Every list is empty, and every journal holds an unbroken chain.
    func nothingLeft() throws {
        for terminal in stage.site.configs.map(\.terminal) {
            try stage.step("empty", at: terminal, Phrase("没有未解除的报警", "no alarm stands"), within: 10_000) {
                try stage.desk(terminal).alarms().isEmpty ? Stage.Seen(()) : nil
            }
        }
        stage.supervisor.stopAll()
        for config in stage.site.configs {
            try stage.step(
                "verified", at: config.terminal, Phrase("记录链完整", "its record is whole"), within: promptMs
            ) {
                verifyJournal(path: config.journalPath).isIntact ? Stage.Seen(()) : nil
            }
        }
    }
}
