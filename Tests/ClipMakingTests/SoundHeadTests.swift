// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Testing

@testable import ClipMaking

struct SoundHeadTests {
    private func head(_ bytes: [UInt8]) throws -> SoundHead {
        let path = try SoundFiles().put(bytes)
        let file = open(path, O_RDONLY)
        defer { close(file) }
        return try SoundHead.read(file, byteCount: Int64(bytes.count))
    }

    @Test func head_isKnown_byWhatTheFileBeginsWith() throws {
        #expect(try head(SoundFiles.wav([1, 2, 3])) == .wav)
        #expect(try head(SoundSourceTests.opus) == .ogg)
        #expect(try head(Array("fLaC".utf8)) == .flac)
    }

    @Test func page_isMissed_whereverTheFileIsCut() throws {
        let opus = SoundSourceTests.opus
        for count in stride(from: 1, to: opus.count, by: 97) {
            #expect(throws: SoundHead.Wrong.self, "\(count)") { try head(Array(opus.prefix(count))) }
        }
    }

    @Test func size_isBounded_beforeAnythingIsRead() {
        #expect(throws: SoundHead.Wrong.self) {
            try SoundHead.read(-1, byteCount: Limits.clipSourceMaxBytes + 1)
        }
        #expect(throws: SoundHead.Wrong.self) { try SoundHead.read(-1, byteCount: 100) }
    }
}
