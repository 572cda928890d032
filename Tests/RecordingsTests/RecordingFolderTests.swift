// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Glibc
import PanelLink
import Recordings
import TestBoard
import Testing

/// A folder for the length of a test.
func withRecordings(_ body: (RecordingFolder) throws -> Void) throws {
    var template = Array("/tmp/wp-recordings-XXXXXX".utf8CString)
    let made: String? = mkdtemp(&template).map { String(cString: $0) }
    let folder = RecordingFolder(try #require(made))
    defer {
        for name in folder.leftovers() + folder.kept().map(\.name) { folder.remove(name) }
        for file in [SentRecordings.fileName, SentRecordings.fileName + ".new"] {
            unlink("\(folder.path)/\(file)")
        }
        rmdir(folder.path)
    }
    try body(folder)
}

struct RecordingFolderTests {
    static let name = RecordingName(RecordingNameTests.call)
    static let key = LinkKeys.generate().sealingKey

    static func put(_ bytes: [UInt8], _ path: String) throws {
        try #require(wp_write_file(path, bytes, bytes.count) == 0)
    }

    /// A recording of so many seconds as a recorder writes it, not ended.
    static func begun(_ folder: RecordingFolder, seconds: Int, signed: Bool = true) throws -> [[UInt8]] {
        var pages = OggPages(serial: 7, preSkip: 312)
        var chunks = [pages.head(channels: 2, rateHz: 16_000, preSkip: 312, title: name.text)]
        for second in 0..<seconds {
            for frame in 0..<50 {
                pages.add([UInt8](repeating: UInt8(second + frame), count: 60), count: 60, samples: 960)
            }
            chunks.append(pages.page())
        }
        var seal = RecordingSeal(name: name.text, secretKey: key)
        var text = seal.heading
        for (place, chunk) in chunks.enumerated() {
            text += seal.chunk(chunk)
            if signed, place == 2 { text += seal.signed(.sealed) }
        }
        try put(chunks.flatMap { $0 }, folder.part(name))
        try put(Array(text.utf8), folder.seal(name))
        return chunks
    }

    static func finding(_ folder: RecordingFolder) throws -> RecordingFinding {
        let file = try #require(RecordingFile(folder.part(name)))
        return file.finding(name: name.text, seal: try #require(folder.sealText(name)))
    }

    @Test func leftover_isSealedAsCut_andSettled() throws {
        try withRecordings { folder in
            _ = try Self.begun(folder, seconds: 5)
            #expect(folder.leftovers() == [Self.name] && folder.kept().isEmpty)
            let sealed = try #require(try folder.end(leftover: Self.name, secretKey: Self.key))
            #expect(sealed.isCut && sealed.lengthMs == 5_000 && sealed.sha256.count == 64)
            let finding = try Self.finding(folder)
            #expect(finding.isWhole && finding.ending == .cut && SealText.of(finding.hash) == sealed.chain)
            // Once more, as after a second crash: nothing changes.
            #expect(try folder.end(leftover: Self.name, secretKey: Self.key) == sealed)
            try folder.settle(Self.name)
            #expect(folder.leftovers().isEmpty && folder.kept().map(\.name) == [Self.name])
            #expect(folder.fresh(RecordingNameTests.call)?.part == 2)
        }
    }

    @Test func pagesBeyondTheSeal_areTakenIn_andATornOneIsNot() throws {
        try withRecordings { folder in
            let chunks = try Self.begun(folder, seconds: 4, signed: false)
            let text = try #require(folder.sealText(Self.name))
            // Of the seal only three lines reached the disk, and half of one.
            let lines = text.split(separator: "\n")
            let short = lines[..<3].joined(separator: "\n") + "\n" + lines[3].prefix(20)
            unlink(folder.seal(Self.name))
            try Self.put(Array(short.utf8), folder.seal(Self.name))
            try Self.put(chunks.flatMap { $0 } + chunks[1].prefix(70), folder.part(Self.name))
            let sealed = try #require(try folder.end(leftover: Self.name, secretKey: Self.key))
            #expect(sealed.lengthMs == 4_000 && sealed.byteCount == chunks.reduce(0) { $0 + $1.count })
            #expect(try Self.finding(folder).isWhole)
        }
    }

    @Test func sealThatNeverReachedTheDisk_isMade() throws {
        try withRecordings { folder in
            _ = try Self.begun(folder, seconds: 2)
            unlink(folder.seal(Self.name))
            let sealed = try #require(try folder.end(leftover: Self.name, secretKey: Self.key))
            #expect(sealed.lengthMs == 2_000)
            #expect(try Self.finding(folder).isWhole)
        }
    }

    @Test func emptyLeftover_isRemoved_andAChangedOneIsKeptAsItIs() throws {
        try withRecordings { folder in
            _ = try Self.begun(folder, seconds: 0)
            #expect(try folder.end(leftover: Self.name, secretKey: Self.key) == nil)
            #expect(folder.leftovers().isEmpty)
            let chunks = try Self.begun(folder, seconds: 3)
            var bytes = chunks.flatMap { $0 }
            bytes[chunks[0].count + 200] ^= 1
            try Self.put(bytes, folder.part(Self.name))
            #expect(throws: Fault.self) { try folder.end(leftover: Self.name, secretKey: Self.key) }
            #expect(folder.leftovers() == [Self.name])
            let finding = try Self.finding(folder)
            #expect(finding.wrong == .chunkChanged && finding.goodMs == 0)
        }
    }

    @Test func brokenSecond_isNamed() throws {
        try withRecordings { folder in
            let chunks = try Self.begun(folder, seconds: 6)
            _ = try folder.end(leftover: Self.name, secretKey: Self.key)
            var bytes = chunks.flatMap { $0 }
            bytes[chunks[...4].reduce(0) { $0 + $1.count } + 50] ^= 1
            try Self.put(bytes, folder.part(Self.name))
            #expect(try Self.finding(folder).goodMs == 4_000)
        }
    }
}
