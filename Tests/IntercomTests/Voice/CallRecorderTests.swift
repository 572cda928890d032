// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Glibc
import Intercom
import Recordings
import Synchronization
import TestBoard
import Testing

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

    private func talk(_ recorder: CallRecorder, tenths: Int) {
        let (near, far) = (SampleBlock(1_600), SampleBlock(1_600))
        for index in 0..<1_600 {
            near[index] = Int16(8_000 * sin(Double(index) * 0.2))
            far[index] = Int16(4_000 * sin(Double(index) * 0.3))
        }
        for step in 0..<tenths {
            recorder.said(near, count: 1_600, atNs: UInt64(step + 1) * 100_000_000)
            recorder.heard(far, count: 1_600, atNs: UInt64(step + 1) * 100_000_000)
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
