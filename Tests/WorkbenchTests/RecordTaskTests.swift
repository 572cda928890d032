// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import Foundation
import Journal
import Paging
import PanelLink
import Recordings
import TestBoard
import Testing
import Workbench

@Test(arguments: ["", "alarm", "alarm:", "alarm:-1", "sound:1", "alarm:1:2", ":1"])
func cursor_isNone_whenItsTextIsWrong(text: String) { #expect(SyncCursorText(text) == nil) }

@Test func cursor_isRead_whenItNamesStreamAndSequence() {
    let cursor = SyncCursorText("health:18446744073709551615")
    #expect(cursor?.stream == .health && cursor?.sequence == .max)
}

@Test func verify_isRefused_whenTheFileIsNoJournal() throws {
    let listener = Listener()
    #expect(try RecordTask(listener.voice(json: true)).verify("/nonexistent.db") == .refused)
    #expect(listener.out.first?.contains("\"intact\":false") == true)
    #expect(throws: Fault.self) { try RecordTask(listener.voice()).entries("/nonexistent.db", after: nil) }
}

@Test func playEntries_areSaid_inWords_withTheirProof() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "wp-plays-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/call.db"
    let journal = EventJournal(path: path, terminal: .cell, run: 7) {}
    journal.start()
    let entry = PlayEntry(
        .proved, zone: .named("ward-1"),
        [("routine", "roll-call"), ("heard", "notHeard"), ("levelDb", "-31.5"), ("day", "\u{1B}[2J")])
    journal.append(
        JournalEvent(
            id: EventID(terminal: .cell, stream: .page, run: 7, sequence: 1),
            at: Moment(uptime: .now, wallMs: 1, uncertaintyMs: 1),
            kind: entry.step.rawValue, payload: entry.payload), urgent: false, now: .now)
    journal.stop()
    for (json, words) in [(false, "roll-call [2J was listened to not heard -31.5 dB"), (true, "notHeard")] {
        let listener = Listener()
        #expect(try RecordTask(listener.voice(json: json)).entries(path, after: nil) == .done)
        let said = listener.out.joined(separator: "\n")
        #expect(said.contains(words) && said.contains("proved") && !said.contains("\u{1B}"), "\(said)")
    }
}

/// A recording of some seconds and its seal, as they are downloaded.
private struct Exported {
    static let key = LinkKeys.generate()
    let folder = FileManager.default.temporaryDirectory.appending(path: "wp-verify-\(UUID().uuidString)").path
    let name: RecordingName
    let chunks: [[UInt8]]
    var path: String { "\(folder)/\(name.text).opus" }

    init(_ sequence: UInt64 = 1, seconds: Int = 6) throws {
        name = RecordingName(EventID(terminal: .cell, stream: .call, run: 7, sequence: sequence))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var pages = OggPages(serial: UInt32(sequence), preSkip: 312)
        var chunks = [pages.head(channels: 2, rateHz: 16_000, preSkip: 312, title: name.text)]
        for second in 0..<seconds {
            for _ in 0..<50 {
                pages.add([UInt8](repeating: UInt8(second), count: 90), count: 90, samples: 960)
            }
            chunks.append(pages.page())
        }
        self.chunks = chunks
        var chain = RecordingSeal(name: name.text, secretKey: Self.key.sealingKey)
        var text = chain.heading
        for chunk in chunks { text += chain.chunk(chunk) }
        text += chain.signed(.end)
        try write(chunks.flatMap { $0 }, to: path)
        try write(Array(text.utf8), to: path + ".seal")
    }

    func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    func read(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

    /// What the tool says, in English.
    func verified(key: String? = nil) throws -> (outcome: Outcome, said: String) {
        let listener = Listener()
        let outcome = try RecordTask(listener.voice()).verify(recording: path, key: key)
        return (outcome, (listener.out + listener.err).joined(separator: "\n"))
    }
}

struct RecordingVerdictTests {
    @Test func recording_isWhole_asItWasMade_andByItsKey() throws {
        let made = try Exported()
        defer { try? FileManager.default.removeItem(atPath: made.folder) }
        #expect(RecordTask.isRecording(made.path) && !RecordTask.isRecording("call.db"))
        #expect(try made.verified().outcome == .done)
        #expect(try made.verified(key: Exported.key.sealingText.uppercased()).outcome == .done)
        let other = try made.verified(key: LinkKeys.generate().sealingText)
        #expect(other.outcome == .refused && other.said.contains("by another key"))
    }

    @Test(arguments: [(1, "0:00.0"), (3, "0:02.0"), (6, "0:05.0")])
    func flippedBit_isFound_inItsSecond(chunk: Int, second: String) throws {
        let made = try Exported()
        defer { try? FileManager.default.removeItem(atPath: made.folder) }
        var bytes = try made.read(made.path)
        bytes[made.chunks[..<chunk].reduce(0) { $0 + $1.count } + 40] ^= 4
        try made.write(bytes, to: made.path)
        let verdict = try made.verified()
        #expect(verdict.outcome == .refused)
        #expect(verdict.said.contains("from \(second) on: the sound was changed"), "\(verdict.said)")
    }

    @Test func cutRecording_isFound_whereItEnds() throws {
        let made = try Exported()
        defer { try? FileManager.default.removeItem(atPath: made.folder) }
        let bytes = try made.read(made.path)
        try made.write(Array(bytes.dropLast(made.chunks[6].count + made.chunks[5].count / 2)), to: made.path)
        let verdict = try made.verified()
        #expect(
            verdict.outcome == .refused && verdict.said.contains("from 0:04.0 on: what follows is missing"))
    }

    @Test func swappedFilesSecondsAndNames_areFound() throws {
        let (made, other) = (try Exported(1), try Exported(2))
        defer { for one in [made, other] { try? FileManager.default.removeItem(atPath: one.folder) } }
        let own = try made.read(made.path)
        try made.write(other.read(other.path), to: made.path)
        #expect(try made.verified().said.contains("from 0:00.0 on: the sound was changed"))
        var chunks = made.chunks
        chunks.swapAt(3, 4)
        try made.write(chunks.flatMap { $0 }, to: made.path)
        #expect(try made.verified().said.contains("from 0:02.0 on: the sound was changed"))
        // Both of another call under this one's name.
        try made.write(other.read(other.path), to: made.path)
        try made.write(other.read(other.path + ".seal"), to: made.path + ".seal")
        #expect(try made.verified().said.contains("the seal is of another recording"))
        try made.write(own, to: made.path)
        try FileManager.default.removeItem(atPath: made.path + ".seal")
        #expect(try made.verified().said.contains("there is no seal"))
    }
}
