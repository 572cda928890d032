// SPDX-License-Identifier: Apache-2.0
import ClipMaking
import Clips
import Facility
import Foundation
import Testing
import Workbench

struct ClipTaskTests {
    /// A second of a tone, 16-bit WAV at 8 kHz.
    private static func wav() -> Data {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let data = (0..<8_000).flatMap { little(Int(9_000 * sin(Double($0) * 0.7)), 2) }
        return Data(
            Array("RIFF".utf8) + little(36 + data.count, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
                + little(1, 2) + little(1, 2) + little(8_000, 4) + little(16_000, 4) + little(2, 2)
                + little(16, 2) + Array("data".utf8) + little(data.count, 4) + data)
    }

    private func wish(_ files: [String], name: String? = nil, text: String? = nil) -> ClipWish {
        ClipWish(files: files, name: name, text: text, language: .zh)
    }

    @Test func library_isMadeListedAndVerified() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let (file, library) = (directory.path + "/wake-up.wav", directory.path + "/library")
        try Self.wav().write(to: URL(fileURLWithPath: file))
        let listener = Listener()
        let task = ClipTask(listener.voice(json: true))
        #expect(try task.add(wish([file]), to: library) == .done)
        #expect(try task.add(wish([file], name: "roll-call"), to: library) == .done)
        #expect(listener.out.count == 2 && listener.out[0].contains("\"loudnessLufs\":-23"))
        #expect(try task.list(library) == .done)
        #expect(listener.out[2].hasPrefix("{\"name\":\"roll-call\",\"sha256\":\""))
        #expect(try task.verify(library) == .done)
        let index = try ClipFolder(library).index()
        #expect(index.units.map(\.ms) == [1_000, 1_000] && index.contents.count == 1)
        try Data("x".utf8).write(to: URL(fileURLWithPath: ClipFolder(library).file(index.contents[0])))
        #expect(try task.verify(library) == .refused)
        #expect(listener.out.last?.hasSuffix("\"wrong\":\"altered\"}") == true)
    }

    @Test func library_staysAsItWas_whenOneIsRefused() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let (good, bad) = (directory.path + "/good.wav", directory.path + "/bad.wav")
        try Self.wav().write(to: URL(fileURLWithPath: good))
        try Data("RIFF".utf8).write(to: URL(fileURLWithPath: bad))
        let (task, library) = (ClipTask(Listener().voice()), directory.path + "/library")
        for wrong in [
            wish([good, bad]), wish([good], name: "../x"), wish([good], name: ".."), wish([]),
            wish([good, good], name: "a"), wish([], text: "hello"), wish([good], name: "a", text: "hello"),
            wish([], name: String(repeating: "a", count: 300), text: "hello"),
        ] {
            #expect(throws: Fault.self) { try task.add(wrong, to: library) }
        }
        #expect(try ClipFolder(library).index() == ClipIndex())
    }
}
