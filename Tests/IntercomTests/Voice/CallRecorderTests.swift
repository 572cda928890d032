// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Glibc
import Intercom
import Testing

struct CallRecorderTests {
    static func contents(_ path: String) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4_000_000)
        let count = wp_read_file(path, &bytes, bytes.count)
        return count < 0 ? [] : Array(bytes[..<Int(count)])
    }

    @Test func recording_playsAndVerifies_withBothSides() throws {
        var template = Array("/tmp/wp-recorder-XXXXXX".utf8CString)
        let made: String? = mkdtemp(&template).map { String(cString: $0) }
        let folder = try #require(made)
        defer { for name in ["a.opus", "a.opus.seal"] { unlink("\(folder)/\(name)") }; rmdir(folder) }
        let recorder = try CallRecorder(folder: folder, name: "a", rateHz: 16_000)
        #expect(throws: Fault.self) { try CallRecorder(folder: folder, name: "a", rateHz: 16_000) }
        let (near, far) = (SampleBlock(1_600), SampleBlock(1_600))
        for index in 0..<1_600 {
            near[index] = Int16(8_000 * sin(Double(index) * 0.2))
            far[index] = Int16(4_000 * sin(Double(index) * 0.3))
        }
        for step in 0..<35 {
            recorder.said(near, count: 1_600, atNs: UInt64(step + 1) * 100_000_000)
            recorder.heard(far, count: 1_600, atNs: UInt64(step + 1) * 100_000_000)
        }
        recorder.stop()
        #expect(recorder.fault == nil && recorder.missedCount == 0)
        let recording = Self.contents(recorder.path)
        let seal = String(decoding: Self.contents(recorder.path + ".seal"), as: UTF8.self)
        let finding = RecordingSeal.verify(name: "a", recording: recording, seal: seal)
        #expect(finding.wrong == nil && finding.isEnded && finding.goodChunks >= 4)
        let played = try Clip.read(path: recorder.path, rateHz: 16_000)
        #expect(abs(played.count - 56_000) < 3_000, "\(played.count) samples")
        #expect(played[20_000..<30_000].map { abs(Int($0)) }.max() ?? 0 > 2_000)
    }
}
