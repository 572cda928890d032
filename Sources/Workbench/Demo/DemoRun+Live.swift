// SPDX-License-Identifier: Apache-2.0
import CLinux
import DeskLink
import Facility
import Foundation
import GPIO

/// `watchpost demo` in a terminal: keys press buttons and act for the officer, the screen shows lamps,
/// buzzers and the list. On the tool's main thread; the terminal is put back as it was, however this ends.
struct LiveDemo {
    private let stage: Stage
    private let voice: Voice
    private let keys: LiveKeys
    private var news = ""
    /// Contacts that open again: when, which.
    private var fingers: [(at: Uptime, duty: LineDuty, terminal: TerminalID)] = []

    init(_ stage: Stage, _ voice: Voice) {
        self.stage = stage
        self.voice = voice
        keys = LiveKeys(stage)
    }

    func run() throws(Fault) -> Outcome {
        var live = self
        return try live.loop()
    }

    private mutating func loop() throws(Fault) -> Outcome {
        let failure = wp_raw_begin()
        guard failure == 0 else {
            throw Fault(
                "read keys from", at: "standard input", cause: String(cString: strerror(failure)),
                hint: "Run it in a terminal, or let it play by itself: watchpost demo --script.")
        }
        // Another screen, so that the shell's own text returns at the end.
        write("\u{1b}[?1049h\u{1b}[?25l")
        defer {
            write("\u{1b}[?25h\u{1b}[?1049l")
            wp_raw_end()
        }
        while stage.supervisor.endedBySignal == nil {
            write(LivePicture(stage, voice.language).text(keys: keys.help(voice.language), news: news))
            var ready: [Int16] = [0]
            _ = wp_poll([STDIN_FILENO], &ready, 1, Int64(Limits.liveRedrawMs) * 1_000_000)
            if ready[0] != 0, let key = Self.key() {
                if key == "x" { return .done }
                press(key)
            }
            lift()
        }
        return .done
    }

    private static func key() -> Character? {
        var byte: [UInt8] = [0]
        guard read(STDIN_FILENO, &byte, 1) == 1 else { return "x" }
        return Character(Unicode.Scalar(byte[0]))
    }

    private mutating func press(_ key: Character) {
        do {
            switch keys.deed(of: key) {
            case .press(let duty, let terminal):
                try stage.set(duty, of: terminal, true)
                fingers.append((Uptime.now.advanced(ms: Limits.liveFingerMs), duty, terminal))
                news = voice.language(Phrase("按下 \(terminal)", "pressed \(terminal)"))
            case .hold(let duty, let terminal):
                let isHeld = try stage.board(terminal).input(stage.line(duty, of: terminal).text)
                try stage.set(duty, of: terminal, !isHeld)
                news = voice.language(
                    isHeld
                        ? Phrase("松开 \(terminal)", "released \(terminal)")
                        : Phrase("按住 \(terminal)", "holding \(terminal)"))
            case .act(let action): news = try LiveOfficer(stage).act(action).both(voice.language)
            case .power(let terminal):
                let isUp = stage.supervisor.report(terminal.text)?.pid != nil
                if isUp {
                    stage.supervisor.stop(terminal.text, SIGKILL)
                } else {
                    stage.supervisor.start(terminal.text)
                }
                news = voice.language(
                    isUp
                        ? Phrase("终止 \(terminal)", "killed \(terminal)")
                        : Phrase("启动 \(terminal)", "started \(terminal)"))
            case .kill(let terminal):
                stage.supervisor.kill(terminal.text)
                news = voice.language(Phrase("强杀 \(terminal)，自动重启", "killed \(terminal); it starts again"))
            case nil: return
            }
        } catch { news = "\(error)" }
    }

    private mutating func lift() {
        let now = Uptime.now
        for finger in fingers where finger.at <= now {
            _ = try? stage.set(finger.duty, of: finger.terminal, false)
        }
        fingers.removeAll { $0.at <= now }
    }

    private func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
