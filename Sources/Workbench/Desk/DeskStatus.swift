// SPDX-License-Identifier: Apache-2.0
package import DeskLink
package import Facility
import PanelLink

extension PeerState {
    var phrase: Phrase {
        switch self {
        case .alive: Phrase("正常", "alive")
        case .lost: Phrase("失联", "lost")
        case .oneWay: Phrase("单向", "one way")
        case .never: Phrase("从未出现", "never heard")
        }
    }
}

extension JournalState {
    var phrase: Phrase {
        switch self {
        case .opening: Phrase("正在打开", "opening")
        case .healthy: Phrase("正常", "healthy")
        case .faulted: Phrase("故障", "faulted")
        case .stalled: Phrase("磁盘无响应", "stalled")
        }
    }
}

// A daemon's state, for people and for machines.
extension DeskStatus {
    package func lines(site: Site, language: Language) -> [String] {
        func say(_ zh: String, _ en: String) -> String { language(Phrase(zh, en)) }
        let title = site.terminal(own.terminal)?.title ?? ""
        var facts = Table([("\(own.terminal)", .left), ("\(own.role.phrase.both(language)) \(title)", .left)])
        facts.add([say("记录", "journal"), own.journal.phrase.both(language)])
        facts.add([
            say("输入输出线", "lines"),
            own.linesHealthy ? say("正常", "healthy") : say("有故障，见下", "at fault, see below"),
        ])
        facts.add([say("未解除的报警", "standing alarms"), "\(own.standing)"])
        facts.add([say("本次运行按压", "presses in this run"), "\(own.presses)"])
        facts.add([
            say("丢失的信号", "edges lost"),
            own.edgesLost.map { "\($0)" } ?? say("无法得知", "cannot be known"),
        ])
        facts.add([say("拒收的报文", "datagrams refused"), "\(own.refused)"])
        facts.add([say("启动到就绪", "start to ready"), "\(own.readyMs) ms"])
        facts.add([say("配置版本", "configuration"), "\(own.configVersion)"])
        facts.add([say("运行编号", "run"), hex(own.run)])
        return facts.lines + [""] + peerLines(site, language) + faults.map { "! \($0)" }
    }

    private func peerLines(_ site: Site, _ language: Language) -> [String] {
        var table = Table([
            (language(Phrase("对端", "PEER")), .left), (language(Phrase("状态", "STATE")), .left),
            (language(Phrase("最近心跳", "LAST HEARD")), .right), (language(Phrase("地点", "PLACE")), .left),
        ])
        for peer in peers {
            let heard = peer.state == .never ? "-" : "\(peer.lastHeardMs) ms"
            table.add([
                peer.terminal.text, peer.state.phrase.both(language), heard,
                site.terminal(peer.terminal)?.title ?? "",
            ])
        }
        return table.lines
    }

    private func hex(_ run: UInt64) -> String {
        let digits = String(run, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// One object; `peers` and `faults` are lists of objects.
    package var json: JSONLine {
        var line = JSONLine()
        line.add("terminal", own.terminal.text)
        line.add("role", "\(own.role)")
        line.add("run", hex(own.run))
        line.add("uptimeMs", own.uptimeMs)
        line.add("readyMs", own.readyMs)
        line.add("journal", "\(own.journal)")
        line.add("linesHealthy", own.linesHealthy)
        line.add("configVersion", own.configVersion)
        line.add("standing", own.standing)
        line.add("presses", own.presses)
        line.add("edgesLost", own.edgesLost)
        line.add("refused", own.refused)
        line.add(
            "peers",
            .list(
                peers.map { peer in
                    var line = JSONLine()
                    line.add("terminal", peer.terminal.text)
                    line.add("state", "\(peer.state)")
                    line.add("lastHeardMs", peer.state == .never ? nil : peer.lastHeardMs)
                    return .object(line)
                }))
        line.add("faults", .list(faults.map { .object($0.json) }))
        return line
    }
}

extension Fault {
    var json: JSONLine {
        var line = JSONLine()
        line.add("operation", operation)
        line.add("place", place)
        line.add("cause", cause)
        line.add("hint", hint)
        return line
    }
}
