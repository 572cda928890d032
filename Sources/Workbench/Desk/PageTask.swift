// SPDX-License-Identifier: Apache-2.0
import CLinux
package import ClipMaking
import DeskLink
package import Facility
import Foundation
import Journal
import PanelLink

/// What `watchpost page` is asked.
package struct PageWish: Hashable, Sendable {
    package enum Voice: Hashable, Sendable {
        /// nil: until Ctrl-C.
        case live(ms: Int?)
        case file(String)
        case unit(String)
        case say(String, Speech.Language)
    }

    /// Empty: the whole site.
    package var zones: [ZoneID]
    package var voice: Voice
    package var isEmergency: Bool

    package init(zones: [ZoneID], voice: Voice, isEmergency: Bool) {
        (self.zones, self.voice, self.isEmergency) = (zones, voice, isEmergency)
    }
}

/// 广播: pages zones from a post and says where it was heard. On the tool's main thread, until the page is
/// over.
package struct PageTask {
    private let voice: Voice
    private let config: TerminalConfig

    /// `terminal` nil: the only one configured there.
    package init(_ terminal: TerminalID?, _ place: ConfigPlace, _ voice: Voice) throws(Fault) {
        self.voice = voice
        let chosen: TerminalID
        if let terminal { chosen = terminal } else { chosen = try place.onlyTerminal() }
        config = try CompiledSite.readNewestGood(place.file(of: chosen)).config
    }

    package func run(_ wish: PageWish, officer: OfficerID?) throws(Fault) -> Outcome {
        // Before any thread: Ctrl-C ends the page, not only this program.
        let signals = wp_end_signals()
        let client = try SoundClient(terminal: config.terminal, daemon: SoundClient.path(config))
        let made = try madeFile(wish.voice)
        defer { if let made { unlink(made) } }
        let order = PageOrder(zones: wish.zones, voice: said(wish.voice, made), isEmergency: wish.isEmergency)
        if let refusal = try client.command(.page(order), officer: officer) {
            return voice.refuse(refusal.phrase)
        }
        var end: Uptime?
        if case .live(let ms) = wish.voice { end = ms.map { Uptime.now.advanced(ms: $0) } }
        let isLive = order.voice == .live
        if isLive, !voice.speaksJSON {
            voice.say(Phrase("请在提示音后讲话，Ctrl-C 结束。", "Speak after the tone; Ctrl-C ends it."))
        }
        while true {
            guard let line = try client.page() else { return .refused }
            if line.page.isOver { return tell(line.page, line.terminals) }
            if wp_next_signal(signals) > 0 || end.map({ $0 <= .now }) == true {
                _ = try client.command(.endPage, officer: officer)
                end = nil
            }
            pause(ms: Limits.pagingHandMs / 5)
        }
    }

    private func said(_ wish: PageWish.Voice, _ made: String?) -> PageOrder.Voice {
        if let made { return .file(made) }
        switch wish {
        case .live: return .live
        case .unit(let name): return .unit(name)
        case .file(let path): return .file(path)
        case .say(let text, _): return .file(text)
        }
    }

    /// Made into a unit, as loud as all others, where `watchpost-sound` may read it: its /tmp is its own.
    private func madeFile(_ wish: PageWish.Voice) throws(Fault) -> String? {
        let source: SoundSource
        switch wish {
        case .live, .unit: return nil
        case .file(let path): source = try SoundSource(path: path)
        case .say(let text, let language): source = try Speech.say(text, language)
        }
        let bytes = try ClipMaker.make(source).bytes
        let path = "/dev/shm/watchpost-page-\(UInt64.random(in: .min ... .max)).opus"
        let failed = wp_write_file(path, bytes, bytes.count)
        guard failed == 0, chmod(path, 0o644) == 0 else {
            unlink(path)
            throw Fault(
                "bring a page", at: path, cause: String(cString: strerror(failed)),
                hint: "Check free memory: df /dev/shm.")
        }
        return path
    }

    // MARK: - What became of it

    private func tell(_ page: PageReport, _ terminals: [PagedLine]) -> Outcome {
        for terminal in terminals { tell(terminal) }
        let heard = terminals.count { $0.heardMs > 0 }
        if voice.speaksJSON {
            var line = JSONLine()
            line.add("page", page.page.description)
            line.add("soundMs", page.soundMs)
            line.add("terminals", terminals.count)
            line.add("heard", heard)
            line.add("trouble", page.trouble.isEmpty ? nil : page.trouble)
            voice.say(line)
        } else {
            voice.say(
                Phrase(
                    "\(terminals.count) 个终端中有 \(heard) 个已播放。",
                    "Heard at \(heard) of \(terminals.count) terminals."))
        }
        guard page.trouble.isEmpty else {
            return voice.refuse(Phrase("广播提前结束：\(page.trouble)", "The page ended early: \(page.trouble)"))
        }
        return heard == terminals.count ? .done : .refused
    }

    private func tell(_ line: PagedLine) {
        let state = line.state?.phrase ?? Phrase("没有应答", "did not answer")
        if voice.speaksJSON {
            var fields = JSONLine()
            fields.add("terminal", line.terminal.text)
            fields.add("state", line.state.map { "\($0)" })
            fields.add("by", line.by.map { "\($0)" })
            fields.add("heardMs", line.heardMs)
            voice.say(fields)
        } else {
            let by = line.by?.phrase
            voice.say(
                Phrase(
                    "\(line.terminal)  \(state.zh)\(by.map { "（\($0.zh)）" } ?? "")",
                    "\(line.terminal)  \(state.en)\(by.map { " (\($0.en))" } ?? "")"))
        }
    }
}
