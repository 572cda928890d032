// SPDX-License-Identifier: Apache-2.0
import CLinux
import Crypto
import Facility
import Foundation
import Journal
import PanelLink
import Recordings
import TestBoard
import Testing

@testable import HubServer
@testable import SyncAgent

/// Recordings beside a journal of calls, as `watchpost-sound` leaves them.
private struct TestCalls {
    static let key = LinkKeys.generate().sealingKey
    let folder: RecordingFolder
    let journal: EventJournal

    init(_ joined: TestJoined) throws {
        let path = joined.folder + "/sound"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        folder = RecordingFolder(beside: path + "/call.db")
        try folder.make()
        journal = EventJournal(path: path + "/call.db", terminal: TestJoined.cell, run: 3, wake: {})
        journal.start()
    }

    /// `altered`: after it was told.
    func record(_ number: UInt64, seconds: Int, altered: Bool = false) throws -> SealedRecording {
        let call = EventID(terminal: TestJoined.cell, stream: .call, run: 3, sequence: 1_000 + number)
        let name = RecordingName(call)
        var pages = OggPages(serial: UInt32(number), preSkip: 312)
        var chain = RecordingSeal(name: name.text, secretKey: Self.key)
        var bytes: [UInt8] = []
        var text = chain.heading
        for second in 0...seconds {
            for _ in 0..<(second == 0 ? 0 : 50) {
                pages.add([UInt8](repeating: UInt8(second % 250), count: 240), count: 240, samples: 960)
            }
            let chunk =
                second == 0
                ? pages.head(channels: 2, rateHz: 16_000, preSkip: 312, title: name.text) : pages.page()
            text += chain.chunk(chunk)
            bytes += chunk
        }
        text += chain.signed(.end)
        let sealed = SealedRecording(
            name: name, byteCount: bytes.count, sha256: SealText.of(SHA256.hash(data: bytes)),
            chain: SealText.of(chain.hash), key: chain.key, lengthMs: seconds * 1_000, isCut: false)
        var entry = CallEntry()
        entry.add("call", call.description)
        entry.add("step", "recorded")
        sealed.write(into: &entry)
        let event = JournalEvent(
            id: EventID(terminal: TestJoined.cell, stream: .call, run: 3, sequence: number),
            at: EventJournal.machineClock(), kind: CallEntry.recorded, subject: Array(call.description.utf8),
            standing: false, payload: entry.payload)
        journal.append(event, urgent: false, now: event.at.uptime)
        if altered { text = text.replacing("end ", with: "cut ") }
        try #require(wp_write_file(folder.seal(name), Array(text.utf8), text.utf8.count) == 0)
        try #require(wp_write_file(folder.part(name), bytes, bytes.count) == 0)
        try folder.settle(name)
        return sealed
    }
}

struct RecordingSenderTests {
    @Test func recordings_reachTheHub_throughItsRestart_andOneThatIsAlteredHoldsUpNone() async throws {
        let joined = try await TestJoined()
        let calls = try TestCalls(joined)
        let altered = try calls.record(1, seconds: 2, altered: true)
        let (long, short) = (try calls.record(2, seconds: 60), try calls.record(3, seconds: 3))
        let files = joined.parts.recordings.files
        let note = joined.identity + "/" + SentRecordings.fileName
        try await joined.syncing { () async throws -> Void in
            // Nobody is there yet; then a hub that goes away in the middle of the long one.
            let first = Task { try await joined.hub.run(endsOnSignals: false) { _, _ in } }
            let isBegun = try await becomes { files.have(long.sha256, of: TestJoined.cell) > 0 }
            #expect(isBegun)
            first.cancel()
            _ = try? await first.value
            let second = Task { try await joined.hub.run(endsOnSignals: false) { _, _ in } }
            let isSent = try await becomes {
                let sent = SentRecordings(path: note)
                return sent.has(long.name) && sent.has(short.name)
            }
            #expect(isSent)
            second.cancel()
            _ = try? await second.value
        }
        for one in [long, short] {
            #expect(files.isHere(one.sha256))
            #expect(RecordingFolder.sha256(files.file(one.sha256)) == one.sha256)
            let row = try await joined.parts.store.read { try $0.recording(one.sha256, of: TestJoined.cell) }
            #expect(row?.storedMs != nil && row?.sealed == one)
        }
        #expect(!files.isHere(altered.sha256) && !SentRecordings(path: note).has(altered.name))
        calls.journal.stop()
    }
}

struct PiecePaceTests {
    @Test func piece_followsTheWay_withinItsBounds() {
        var pace = PiecePace()
        for _ in 0..<20 { pace.carried(bytes: pace.pieceBytes, ms: 1) }
        #expect(pace.pieceBytes == Limits.recordingPieceMaxBytes)
        // 64 kbit/s: a piece takes about half a second.
        for _ in 0..<20 { pace.carried(bytes: pace.pieceBytes, ms: pace.pieceBytes / 8) }
        #expect(pace.pieceBytes == Limits.recordingPieceMinBytes)
        pace.wasLost()
        #expect(pace.pieceBytes == Limits.recordingPieceMinBytes)
    }

    @Test func recordings_takeNoMoreThanTheirPart_ofAQuickWay() {
        let pace = PiecePace()
        let bytes = Limits.recordingsBytesPerSecondCount / 2
        #expect(pace.restMs(bytes: bytes, ms: 100) == 400)
        #expect(pace.restMs(bytes: bytes, ms: 900) == 0)
    }
}
