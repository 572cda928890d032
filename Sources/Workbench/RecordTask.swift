// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Alarms
import DeskLink
package import Facility
import Foundation
import Journal
import Paging
import PanelLink

/// What an inspector does with a journal file: is it unaltered, and what stands in it. Reads only; on the
/// tool's main thread.
package struct RecordTask {
    let voice: Voice

    package init(_ voice: Voice) { self.voice = voice }

    // MARK: - verify

    /// 1 when anything in the file is not as it was written. `heads`: a file of heads that were kept
    /// elsewhere, lines of stream, sequence and hash as this prints them.
    package func verify(_ path: String, heads: String? = nil) throws(Fault) -> Outcome {
        var known: [StreamHead] = []
        if let heads { known = try Self.heads(heads) }
        let verdict = verifyJournal(path: path, known: known)
        if voice.speaksJSON {
            voice.say(json(verdict, path))
        } else {
            let terminal = verdict.terminal?.text ?? "?"
            voice.say(
                Phrase(
                    "\(path)：\(terminal)，\(verdict.entryCount) 条记录",
                    "\(path): \(terminal), \(verdict.entryCount) entries"))
            for head in verdict.heads {
                voice.say(
                    "  \(Table.padded("\(head.stream)", to: 8))  \(head.sequence)  \(Hex.text(head.hash))")
            }
        }
        guard !verdict.isIntact else {
            if !voice.speaksJSON {
                voice.say(Phrase("记录链完整，未被改动。", "The chain is whole; nothing was altered."))
            }
            return .done
        }
        for broken in verdict.breaks { voice.complain("\(path): \(broken)") }
        return voice.refuse(
            Phrase(
                "记录链有 \(verdict.breakCount) 处断裂，请保留此文件。",
                "The chain is broken in \(verdict.breakCount) places; keep this file."))
    }

    private static func heads(_ path: String) throws(Fault) -> [StreamHead] {
        let text = FileManager.default.contents(atPath: path).flatMap {
            String(validating: $0, as: UTF8.self)
        }
        guard let text else {
            throw Fault("read heads", at: path, cause: "it is no text", hint: "Check its name.")
        }
        var heads: [StreamHead] = []
        for (index, line) in text.split(separator: "\n").enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count == 3,
                let stream = Facility.Stream.allCases.first(where: { $0.description == words[0] }),
                let sequence = UInt64(words[1]), let hash = Hex.bytes(words[2]), hash.count == 32
            else {
                throw Fault(
                    "read heads", at: "\(path):\(index + 1)", cause: "“\(line)” names no head",
                    hint: "Write a stream, a sequence and a hash, as `watchpost verify` prints them.")
            }
            heads.append(StreamHead(stream: stream, sequence: sequence, hash: hash))
        }
        return heads
    }

    private func json(_ verdict: JournalVerdict, _ path: String) -> JSONLine {
        var line = JSONLine()
        line.add("file", path)
        line.add("terminal", verdict.terminal?.text)
        line.add("generation", verdict.generation)
        line.add("entries", verdict.entryCount)
        line.add("intact", verdict.isIntact)
        line.add("breakCount", verdict.breakCount)
        line.add(
            "breaks",
            .list(
                verdict.breaks.map { broken in
                    var line = JSONLine()
                    line.add("stream", broken.stream.map { "\($0)" })
                    line.add("sequence", broken.sequence)
                    line.add("what", broken.words)
                    return .object(line)
                }))
        line.add(
            "heads",
            .list(
                verdict.heads.map { head in
                    var line = JSONLine()
                    line.add("stream", "\(head.stream)")
                    line.add("sequence", head.sequence)
                    line.add("hash", Hex.text(head.hash))
                    return .object(line)
                }))
        return line
    }

    // MARK: - journal

    /// Every entry, stream by stream in its own order; `after`: what the reader has already, `alarm:41`.
    package func entries(_ path: String, after: SyncCursorText?) throws(Fault) -> Outcome {
        let reader = try JournalReader(path: path)
        for stream in Facility.Stream.allCases {
            var cursor = SyncCursor.beginning(of: stream)
            if let after {
                guard after.stream.rawValue <= stream.rawValue else { continue }
                if after.stream == stream { cursor.sequence = after.sequence }
            }
            while true {
                let page = try reader.events(past: cursor, limit: Limits.journalPageCount)
                guard let last = page.last else { break }
                for entry in page { voice.speaksJSON ? voice.say(json(entry)) : voice.say(text(entry)) }
                cursor.sequence = last.sequence
            }
        }
        return .done
    }

    private func alarm(_ entry: JournalEntry) -> StandingAlarm? {
        guard case .annunciation(let annunciation)? = try? Message(decoding: entry.event.payload) else {
            return nil
        }
        return StandingAlarm(annunciation, isCellLost: false)
    }

    private func play(_ entry: JournalEntry) -> PlayEntry? {
        entry.event.id.stream == .page ? PlayEntry(entry.event.payload) : nil
    }

    /// `roll-call 2026-11-23 08:00 收音核对结果：未听到 -31.5 dB`.
    private func words(_ play: PlayEntry) -> String {
        let phrases = [play.step.phrase, play.heard?.phrase, play.why?.phrase].compactMap { $0 }
        let level = play["levelDb"].map { "\($0) dB" }
        let words =
            [play["routine"], play["day"], play["at"]].compactMap { $0 }
            + phrases.map(voice.language.callAsFunction)
            + [level].compactMap { $0 }
        // Of a file that anybody may have written: nothing of it moves the cursor.
        return words.joined(separator: " ").filter { !$0.unicodeScalars.contains { $0.value < 0x20 } }
    }

    private func kind(_ entry: JournalEntry) -> String {
        if let play = play(entry) { return "\(play.step)" }
        if let notice = JournalNotice(rawValue: entry.event.kind) { return "\(notice)" }
        switch entry.event.kind {
        case JournalKind.delivered.rawValue: return "delivered"
        case JournalKind.received.rawValue: return "received"
        case JournalKind.custody.rawValue: return "custody"
        case let kind:
            return UInt8(exactly: kind).flatMap(AlarmChange.init(rawValue:)).map { "\($0)" } ?? "\(kind)"
        }
    }

    private func text(_ entry: JournalEntry) -> String {
        let place = Table.padded("\(entry.event.id.stream):\(entry.sequence)", to: 12)
        let known = alarm(entry).map { alarm in
            [
                alarm.record.alarmClass.phrase.both(voice.language), alarm.place(nil),
                alarm.state(voice.language),
                alarm.record.id.description,
            ].joined(separator: " ")
        }
        let when = wallText(ms: entry.event.at.wallMs)
        let said = known ?? play(entry).map(words) ?? ""
        return "\(place)  \(when)  \(Table.padded(kind(entry), to: 13))  \(said)"
    }

    /// An entry whole: what it says and the bytes that the hash covers.
    private func json(_ entry: JournalEntry) -> JSONLine {
        var line = JSONLine()
        line.add("stream", "\(entry.event.id.stream)")
        line.add("sequence", entry.sequence)
        line.add("event", entry.event.id.description)
        line.add("kind", kind(entry))
        line.add("wallMs", entry.event.at.wallMs)
        line.add(
            "uncertaintyMs",
            entry.event.at.uncertaintyMs == Limits.wallUnknownMs ? nil : Int64(entry.event.at.uncertaintyMs))
        line.add("uptimeNs", entry.event.at.uptime.nanoseconds)
        line.add("standing", entry.event.standing)
        line.add("alarm", alarm(entry)?.json(nil))
        if let play = play(entry) {
            var words = JSONLine()
            for (name, value) in play.words { words.add(name, value) }
            line.add("play", words)
        }
        line.add("payload", Hex.text(entry.event.payload))
        line.add("hash", Hex.text(entry.hash))
        line.add("previousHash", Hex.text(entry.previousHash))
        return line
    }
}

/// `alarm:41`, as `--after` is written.
package struct SyncCursorText: Hashable, Sendable {
    package let stream: Facility.Stream
    package let sequence: UInt64

    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let stream = Facility.Stream.allCases.first(where: { "\($0)" == parts[0] }),
            let sequence = UInt64(parts[1])
        else { return nil }
        self.stream = stream
        self.sequence = sequence
    }
}
