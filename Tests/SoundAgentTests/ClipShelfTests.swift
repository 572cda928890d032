// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Clips
import Facility
import Foundation
import Testing

@testable import SoundAgent

struct ClipShelfTests {
    @Test func quietTone_isThere_withoutALibrary() throws {
        let folder = ClipFolder("/nonexistent")
        let tone = try ClipShelf.read(ClipIndex.quietTone, ClipIndex(), folder, rateHz: 16_000)
        #expect(tone.count == 64_000 && tone.allSatisfy { abs(Int($0)) < 700 } && tone.contains { $0 > 500 })
    }

    @Test func clip_isRead_onlyWhenItIsWhatTheIndexSays() throws {
        let folder = "/tmp/wpc-" + String(UInt32.random(in: .min ... .max), radix: 36)
        mkdir(folder, 0o700)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Clip.write([Int16](repeating: 500, count: 800), rateHz: 8_000, path: folder + "/x.wav")
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/x.wav")))
        let name = ClipDigest.of(bytes)
        let path = "\(folder)/\(name)"
        try FileManager.default.moveItem(atPath: folder + "/x.wav", toPath: path)
        let index = try ClipIndex(Array("a \(name) 100\n".utf8), at: "test")
        #expect(try ClipShelf.read("a", index, ClipFolder(folder), rateHz: 8_000).count == 800)
        #expect(throws: Fault.self) { try ClipShelf.read("b", index, ClipFolder(folder), rateHz: 8_000) }
        bytes[100] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        #expect(throws: Fault.self) { try ClipShelf.read("a", index, ClipFolder(folder), rateHz: 8_000) }
        // A name that leads elsewhere is not followed.
        try FileManager.default.removeItem(atPath: path)
        symlink("/etc/hostname", path)
        #expect(throws: Fault.self) { try ClipShelf.read("a", index, ClipFolder(folder), rateHz: 8_000) }
    }
}
