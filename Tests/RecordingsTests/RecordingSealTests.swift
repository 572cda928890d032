// SPDX-License-Identifier: Apache-2.0
import PanelLink
import Recordings
import Testing

struct RecordingSealTests {
    static let key = LinkKeys.generate().sealingKey
    static let parts: [[UInt8]] = (0..<5).map { [UInt8](repeating: UInt8($0), count: 100 + $0) }

    static func sealed(
        _ name: String = "call-1", _ ending: RecordingSeal.Ending? = .end, key: [UInt8] = key
    ) -> (recording: [UInt8], seal: String) {
        var seal = RecordingSeal(name: name, secretKey: key)
        var text = seal.heading
        for (place, part) in parts.enumerated() {
            text += seal.chunk(part)
            if place == 2 { text += seal.signed(.sealed) }
        }
        if let ending { text += seal.signed(ending) }
        return (parts.flatMap { $0 }, text)
    }

    static func look(_ recording: [UInt8], _ seal: String, as name: String? = "call-1") -> RecordingFinding {
        RecordingFinding(name: name, size: recording.count, seal: seal) { offset, count in
            offset > recording.count
                ? nil : Array(recording[offset..<min(offset + count, recording.count)])
        }
    }

    @Test func recording_isWhole_asItWasMade() {
        let (recording, seal) = Self.sealed()
        let finding = Self.look(recording, seal)
        #expect(finding.isWhole && finding.ending == .end && finding.goodChunks == 5)
        #expect(finding.signedChunks == 5 && finding.goodBytes == recording.count)
        #expect(finding.key == RecordingSeal(name: "x", secretKey: Self.key).key)
    }

    @Test func everyByte_isGuarded_inFileAndSeal() {
        let (recording, seal) = Self.sealed()
        for index in stride(from: 0, to: recording.count, by: 17) {
            var changed = recording
            changed[index] ^= 1
            let finding = Self.look(changed, seal)
            #expect(finding.wrong == .chunkChanged && finding.goodChunks == min(4, index / 101))
        }
        for index in stride(from: 0, to: seal.utf8.count, by: 7) {
            var bytes = Array(seal.utf8)
            bytes[index] ^= 1
            let finding = Self.look(recording, String(decoding: bytes, as: UTF8.self))
            #expect(!finding.isWhole, "byte \(index) of the seal")
        }
    }

    @Test func otherNameAndAddition_areFound() {
        let (recording, seal) = Self.sealed()
        #expect(Self.look(recording, seal, as: "call-2").wrong == .otherName)
        #expect(Self.look(recording + [0], seal).wrong == .addedAtEnd)
        let (_, other) = Self.sealed("call-2")
        let renamed = other.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n"
        let swapped = Self.look(recording, "watchpost-seal 1 call-1\n" + renamed)
        #expect(swapped.wrong == .signatureWrong)
    }

    @Test func chunks_areNeitherSwappedNorLeftOut() {
        let (recording, seal) = Self.sealed()
        let (a, b) = (Array(recording[0..<100]), Array(recording[100..<201]))
        #expect(Self.look(b + a + Array(recording[201...]), seal).wrong == .chunkChanged)
        #expect(Self.look(a + Array(recording[201...]), seal).wrong == .chunkChanged)
        var lines = seal.split(separator: "\n").map { $0 + "\n" }
        lines.remove(at: 2)
        #expect(Self.look(recording, lines.joined()).wrong == .chunkMoved)
    }

    @Test func ending_cannotBeMadeOfASignatureInTheMiddle() throws {
        let (recording, seal) = Self.sealed()
        let lines = seal.split(separator: "\n").map { $0 + "\n" }
        let middle = try #require(lines.firstIndex { $0.hasPrefix("sealed 3") })
        let cut = lines[..<middle].joined() + "end" + lines[middle].dropFirst(6)
        #expect(Self.look(Array(recording[..<303]), cut).wrong == .signatureWrong)
        let unsigned = Self.sealed(key: []).seal
        #expect(Self.look(recording, unsigned).wrong == nil)
        #expect(!Self.look(recording, unsigned).isWhole)
    }

    @Test func cutRecording_isGood_upToTheCut() {
        let (recording, seal) = Self.sealed("call-1", nil)
        let finding = Self.look(recording, String(seal.dropLast(9)))
        #expect(finding.wrong == nil && finding.ending == .sealed && finding.goodChunks == 4)
        #expect(finding.signedChunks == 3)
        #expect(Self.look(Array(recording[..<300]), seal).wrong == .chunkMissing)
    }

    @Test func seal_goesOn_afterACut() {
        let (recording, seal) = Self.sealed("call-1", nil)
        var chain = RecordingSeal(after: Self.look(recording, seal), name: "call-1", secretKey: Self.key)
        let more = [UInt8](repeating: 9, count: 50)
        let whole = seal + chain.chunk(more) + chain.signed(.cut)
        let finding = Self.look(recording + more, whole)
        #expect(finding.isWhole && finding.ending == .cut && finding.goodChunks == 6)
        #expect(Self.look(recording + more, whole + "sealed 0 0 - -\n").wrong == .goesOnAfterEnd)
    }
}
