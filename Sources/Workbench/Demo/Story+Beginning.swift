// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import GPIO
import Glibc
import PanelLink

// The first half of the story: an emergency from the press to the clear, and a button that is not released.
extension Story {
    func ready() throws {
        let everyone = stage.site.configs.map(\.terminal)
        for terminal in everyone {
            try stage.step(
                "ready", at: terminal, Phrase("进程就绪，链路全部连通", "process ready, every link alive"),
                within: 15_000
            ) {
                let status = try stage.desk(terminal).status()
                let alive = status.peers.filter { $0.state == .alive }.map(\.terminal)
                return Set(alive).isSuperset(of: needed(by: terminal)) ? Stage.Seen(()) : nil
            }
        }
    }

    /// A cell has to hear its posts, a post everybody that speaks to it.
    private func needed(by terminal: TerminalID) -> Set<TerminalID> {
        let site = stage.site
        if site.terminals(.cell).contains(terminal) { return Set(site.posts(hearing: terminal).prefix(1)) }
        return Set(site.terminals(.cell).filter { site.posts(hearing: $0).first == terminal })
    }

    /// Held from here to the end of the story, in another cell than the rest.
    func holdButton() throws -> Uptime {
        let post = cast.stuckPost
        let index = try stage.board(post).lastChange
        let at = try stage.set(.cellCallButton, of: cast.stuckCell, true)
        stage.tell(
            "hold", at: cast.stuckCell, Phrase("报告按钮被按住不放", "a call button is pressed and not released"),
            when: at)
        try rings(
            "call-rings", post, since: index, within: promptMs, Phrase("岗位蜂鸣器响", "the post's buzzer sounds"))
        let call = try stage.step(
            "call-listed", at: post, Phrase("岗位列出报告呼叫", "the post lists the cell call"), within: promptMs
        ) { try stage.alarm(of: cast.stuckCell, .cellCall, on: post).map { Stage.Seen($0.record.id) } }
        try act(
            "call-acknowledge", .acknowledge, call, at: post,
            Phrase("民警确认呼叫，声音暂停", "the officer has it; the sound pauses"))
        let quiet = try stage.board(post).lastChange
        try sees("call-quiet", .buzzer, of: post, .off, since: quiet, Phrase("蜂鸣器安静", "the buzzer is quiet"))
        return at
    }

    /// On loopback a receipt is back before a lamp could blink once: the posts are held still for a moment,
    /// so that one can see that the lamp promises nothing before a post confirmed.
    func pressAndRing() throws -> EventID {
        let lamp = try stage.board(cast.cell).lastChange
        let buzzer = try stage.board(cast.post).lastChange
        let posts = stage.site.terminals(.post)
        for post in posts { stage.supervisor.kill(post.text, SIGSTOP) }
        defer { for post in posts { stage.supervisor.kill(post.text, SIGCONT) } }
        let at = try stage.press(.emergencyButton, of: cast.cell)
        stage.tell(
            "press", at: cast.cell,
            Phrase("按下紧急报警（岗位进程此刻被冻结）", "emergency pressed (the posts are frozen for a moment)"),
            when: at)
        try sees(
            "lamp-fast-blink", .assuranceLamp, of: cast.cell, .fastBlink, since: lamp,
            Phrase("指示灯快闪：已登记，尚无岗位证实", "lamp blinks fast: registered, no post has confirmed yet"))
        stage.tell("thaw", at: cast.post, Phrase("岗位恢复运行", "the posts run again"))
        for post in posts { stage.supervisor.kill(post.text, SIGCONT) }
        try rings(
            "ring", cast.post, since: buzzer, within: promptMs, Phrase("岗位蜂鸣器响", "the post's buzzer sounds"))
        let alarm = try stage.step(
            "listed", at: cast.post, Phrase("报警列在岗位首位", "the alarm is first on the post's list"),
            within: promptMs
        ) {
            try stage.desk(cast.post).alarms().first.flatMap {
                $0.record.point.terminal == cast.cell && $0.record.alarmClass == .emergency
                    ? Stage.Seen($0.record.id) : nil
            }
        }
        let steady = try stage.board(cast.cell).lastChange
        try sees(
            "lamp-steady", .assuranceLamp, of: cast.cell, .steady, since: steady,
            Phrase("指示灯常亮：岗位已证实", "lamp steady: a post has confirmed"))
        return alarm
    }

    func refuseAndAcknowledge(_ alarm: EventID) throws {
        let words = Phrase("未到场即解除：拒绝", "cleared before attendance: refused")
        let refusal = try stage.desk(cast.post).act(.clear, on: alarm, officer: cast.officer)
        guard refusal == .notAttended else {
            throw StoryFailure(
                step: "clear-refused", place: cast.post, words: words,
                seen: refusal?.phrase.both(.zh) ?? "cleared!")
        }
        stage.tell(
            "clear-refused", at: cast.post,
            Phrase(
                "\(words.zh)——“\(AlarmRefusal.notAttended.chinese)”",
                "\(words.en): “\(AlarmRefusal.notAttended.english)”"))
        let lamp = try stage.board(cast.cell).lastChange
        try act("acknowledge", .acknowledge, alarm, at: cast.post, Phrase("民警确认", "an officer acknowledged"))
        let buzzer = try stage.board(cast.post).lastChange
        try sees(
            "quiet", .buzzer, of: cast.post, .off, since: buzzer,
            Phrase("声音暂停，灯保持", "the sound pauses, the light stays"))
        try sees(
            "lamp-slow-blink", .assuranceLamp, of: cast.cell, .slowBlink, since: lamp,
            Phrase("指示灯慢闪：民警已接手", "lamp blinks slowly: an officer has it"))
    }

    func attendAndClear(_ alarm: EventID) throws {
        try attend("attend", alarm, of: cast.cell, at: cast.post)
        try clear("clear", alarm, at: cast.post, Phrase("报警解除", "the alarm is cleared"))
        let lamp = try stage.board(cast.cell).lastChange
        try sees(
            "lamp-off", .assuranceLamp, of: cast.cell, .off, since: lamp, Phrase("指示灯熄灭", "the lamp is off"))
    }
}
