// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Recordings
import TestBoard
import Testing

@testable import PanelLink

struct RecordingBoxTests {
    static let hub = LinkKeys.generate()

    /// Pages of a second each, clear and encrypted, as they were written.
    static func pages(_ count: Int) throws -> (clear: [[UInt8]], boxed: [[UInt8]]) {
        var pages = OggPages(serial: 7, preSkip: 312)
        let box = try #require(RecordingBox(to: hub.publicKey, serial: 7, preSkip: 312))
        var clear = [pages.head(channels: 2, rateHz: 16_000, preSkip: 312, title: "call")]
        var boxed = [box.sealed(clear[0], isFirst: true)]
        for second in 1...count {
            for frame in 0..<50 {
                pages.add(
                    (0..<90).map { UInt8(truncatingIfNeeded: second * frame + $0) }, count: 90, samples: 960)
            }
            clear.append(pages.page(isLast: second == count))
            boxed.append(box.sealed(clear[second], isLast: second == count))
        }
        return (clear, boxed)
    }

    static func withFile(_ bytes: [UInt8], _ body: (RecordingFile) throws -> Void) throws {
        let path = "/tmp/wp-box-\(UInt32.random(in: 1 ... .max))"
        defer { unlink(path) }
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        try #require(write(file, bytes, bytes.count) == bytes.count)
        close(file)
        try body(try #require(RecordingFile(path)))
    }

    @Test func recording_comesBackByteForByte_inWhateverPartsItIsRead() throws {
        let (clear, boxed) = try Self.pages(9)
        let whole = clear.flatMap { $0 }
        try Self.withFile(boxed.flatMap { $0 }) { file in
            let opened = try OpenedRecording(file, secretKey: Self.hub.secretKey)
            #expect(opened.size == whole.count && opened.read(0, opened.size) == whole)
            for (from, count) in [(20_000, 5_000), (3, 9_000), (whole.count - 10, 100), (0, 1), (30_000, 1)] {
                #expect(opened.read(from, count) == Array(whole[from...].prefix(count)), "\(from)")
            }
        }
    }

    @Test func pages_tellTheirTimeAndNothingElse() throws {
        let (clear, boxed) = try Self.pages(4)
        for (clear, boxed) in zip(clear, boxed) {
            #expect(OggPages.whole(boxed, checks: true).granule == OggPages.whole(clear).granule)
        }
        #expect(OggPages.whole(boxed[0]).preSkip == 312)
        let all = boxed.flatMap { $0 }
        let said = Array("OpusHead".utf8)
        #expect(!all.indices.dropLast(8).contains { all[$0..<$0 + 8].elementsEqual(said) })
    }

    @Test func recordingThatWasCut_isOpenedToItsLastWholePage() throws {
        let (clear, boxed) = try Self.pages(5)
        try Self.withFile(Array(boxed.flatMap { $0 }.dropLast(100))) { file in
            let opened = try OpenedRecording(file, secretKey: Self.hub.secretKey)
            #expect(opened.read(0, 1 << 20) == clear.dropLast().flatMap { $0 })
        }
    }

    @Test func otherKey_opensNothing_andAClearOneNeedsNone() throws {
        let (clear, boxed) = try Self.pages(2)
        try Self.withFile(boxed.flatMap { $0 }) { file in
            #expect(throws: Fault.self) {
                try OpenedRecording(file, secretKey: LinkKeys.generate().secretKey)
            }
            #expect(throws: Fault.self) { try OpenedRecording(file, secretKey: []) }
        }
        try Self.withFile(clear.flatMap { $0 }) { file in
            let opened = try OpenedRecording(file, secretKey: [])
            #expect(opened.read(0, opened.size) == clear.flatMap { $0 })
        }
        #expect(RecordingBox(to: [1, 2, 3], serial: 1, preSkip: 0) == nil)
    }

    @Test func pageThatWasChanged_isHeardNoMore_norWhatFollows() throws {
        let (clear, boxed) = try Self.pages(4)
        var changed = boxed
        changed[2][100] ^= 1
        try Self.withFile(changed.flatMap { $0 }) { file in
            let opened = try OpenedRecording(file, secretKey: Self.hub.secretKey)
            #expect(opened.read(0, 1 << 20) == clear[..<2].flatMap { $0 })
        }
    }
}
