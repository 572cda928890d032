// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Glibc
import Intercom
import Recordings
import Synchronization
import TestBoard
import Testing

@testable import PanelLink

struct CallRecorderTests {
    static let call = EventID(terminal: .cell, stream: .call, run: 1, sequence: 1)

    private func withFolder(_ body: (RecordingFolder) throws -> Void) throws {
        var template = Array("/tmp/wp-recorder-XXXXXX".utf8CString)
        let made: String? = mkdtemp(&template).map { String(cString: $0) }
        let folder = RecordingFolder(try #require(made))
        defer {
            for name in folder.leftovers() { folder.remove(name) }
            rmdir(folder.path)
        }
        try body(folder)
    }

    private func talk(_ recorder: CallRecorder, tenths: Int, from fromNs: UInt64 = 0) {
        let (near, far) = (SampleBlock(1_600), SampleBlock(1_600))
        for index in 0..<1_600 {
            near[index] = Int16(8_000 * sin(Double(index) * 0.2))
            far[index] = Int16(4_000 * sin(Double(index) * 0.3))
        }
        for step in 0..<tenths {
            recorder.said(near, count: 1_600, atNs: fromNs + UInt64(step + 1) * 100_000_000)
            recorder.heard(far, count: 1_600, atNs: fromNs + UInt64(step + 1) * 100_000_000)
        }
    }

    @Test func recording_playsAndVerifies_withBothSides() throws {
        try withFolder { folder in
            for part in 1...2 {
                let recorder = CallRecorder(Self.call, in: folder, rateHz: 16_000)
                talk(recorder, tenths: 35)
                let outcome = recorder.stop()
                let sealed = try #require(outcome.sealed)
                #expect(outcome.fault == nil && outcome.missedCount == 0 && !sealed.isCut)
                #expect(sealed.name == RecordingName(Self.call, part: part))
                #expect(abs(sealed.lengthMs - 3_500) < 150)
                let file = try #require(RecordingFile(folder.part(sealed.name)))
                let finding = file.finding(
                    name: sealed.name.text, seal: try #require(folder.sealText(sealed.name)))
                #expect(finding.wrong == nil && finding.ending == .end && finding.goodChunks >= 4)
                #expect(SealText.of(finding.hash) == sealed.chain && file.size == sealed.byteCount)
                #expect(RecordingFolder.sha256(folder.part(sealed.name)) == sealed.sha256)
                let played = try Clip.read(path: folder.part(sealed.name), rateHz: 16_000)
                #expect(abs(played.count - 56_000) < 3_000, "\(played.count) samples")
                #expect(played[20_000..<30_000].map { abs(Int($0)) }.max() ?? 0 > 2_000)
            }
        }
    }

    @Test func recording_isHeardByTheHubAlone_andVerifiesWithoutItsKey() throws {
        try withFolder { folder in
            let hub = LinkKeys.generate()
            let recorder = CallRecorder(Self.call, in: folder, rateHz: 16_000, hubKey: hub.publicKey)
            talk(recorder, tenths: 35)
            let sealed = try #require(recorder.stop().sealed)
            let file = try #require(RecordingFile(folder.part(sealed.name)))
            let finding = file.finding(
                name: sealed.name.text, seal: try #require(folder.sealText(sealed.name)))
            #expect(finding.wrong == nil && finding.ending == .end && finding.goodChunks >= 4)
            #expect(finding.goodMs == sealed.lengthMs && abs(sealed.lengthMs - 3_500) < 150)
            #expect(throws: Fault.self) { try Clip.read(path: folder.part(sealed.name), rateHz: 16_000) }
            #expect(throws: Fault.self) {
                try OpenedRecording(file, secretKey: LinkKeys.generate().secretKey)
            }
            let opened = try OpenedRecording(file, secretKey: hub.secretKey)
            let clear = opened.read(0, opened.size)
            let played = try Clip.read(bytes: clear, name: "opened", rateHz: 16_000)
            #expect(abs(played.count - 56_000) < 3_000, "\(played.count) samples")
            #expect(played[20_000..<30_000].map { abs(Int($0)) }.max() ?? 0 > 2_000)
        }
    }

    @Test func recordingWithoutAKeyOfTheHub_isNone_andToldSo() throws {
        try withFolder { folder in
            let recorder = CallRecorder(Self.call, in: folder, rateHz: 16_000, hubKey: [1, 2, 3])
            talk(recorder, tenths: 15)
            let outcome = recorder.stop()
            #expect(outcome.sealed == nil && outcome.fault != nil && folder.leftovers().isEmpty)
        }
    }

    @Test func callThatWasHeld_hasOneTimeline_andItsGapIsTold() throws {
        try withFolder { folder in
            let recorder = CallRecorder(Self.call, in: folder, rateHz: 16_000)
            talk(recorder, tenths: 15)
            talk(recorder, tenths: 15, from: 61_500_000_000)
            let outcome = recorder.stop()
            let sealed = try #require(outcome.sealed)
            #expect(abs(outcome.gapMs - 60_000) < 150, "\(outcome.gapMs) ms")
            #expect(abs(sealed.lengthMs - 63_000) < 150, "\(sealed.lengthMs) ms")
            let played = try Clip.read(path: folder.part(sealed.name), rateHz: 16_000)
            func loudest(_ from: Int, _ to: Int) -> Int {
                played[from * 16..<to * 16].map { abs(Int($0)) }.max() ?? 0
            }
            #expect(loudest(200, 1_300) > 2_000 && loudest(61_800, 62_800) > 2_000)
            #expect(loudest(2_000, 61_000) < 200, "silence between")
        }
    }

    @Test func silence_leavesNoFile_whenTheGateNeverOpened() throws {
        try withFolder { folder in
            let outcome = CallRecorder(Self.call, in: folder, rateHz: 16_000).stop()
            #expect(outcome == CallRecorder.Outcome() && folder.leftovers().isEmpty)
        }
    }

    @Test func missingFolder_isTold_andTheCallGoesOn() {
        let told = Told()
        let recorder = CallRecorder(
            Self.call, in: RecordingFolder("/nowhere/at/all"), rateHz: 16_000, failed: { _ in told.ring() })
        talk(recorder, tenths: 20)
        #expect(recorder.stop().fault != nil && told.count == 1)
    }
}

/// Counts what a thread tells.
private final class Told: Sendable {
    private let rings = Atomic(0)

    func ring() { rings.add(1, ordering: .relaxed) }
    var count: Int { rings.load(ordering: .relaxed) }
}
