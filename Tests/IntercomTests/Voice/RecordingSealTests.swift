// SPDX-License-Identifier: Apache-2.0
import Intercom
import Testing

struct RecordingSealTests {
    static let parts: [[UInt8]] = (0..<5).map { [UInt8](repeating: UInt8($0), count: 100 + $0) }

    static func sealed(_ name: String = "call-1", ended: Bool = true) -> (recording: [UInt8], seal: String) {
        var seal = RecordingSeal(name: name, secretKey: [])
        var text = seal.heading
        for part in parts { text += seal.chunk(part) }
        if ended { text += seal.sealed(isEnd: true) }
        return (parts.flatMap { $0 }, text)
    }

    @Test func recording_isGood_asItWasMade() {
        let (recording, seal) = Self.sealed()
        let finding = RecordingSeal.verify(name: "call-1", recording: recording, seal: seal)
        #expect(finding.wrong == nil && finding.isEnded && finding.goodChunks == 5)
        #expect(finding.goodBytes == recording.count)
    }

    @Test func everyByte_isGuarded() {
        let (recording, seal) = Self.sealed()
        for index in stride(from: 0, to: recording.count, by: 37) {
            var changed = recording
            changed[index] ^= 1
            #expect(RecordingSeal.verify(name: "call-1", recording: changed, seal: seal).wrong != nil)
        }
        #expect(RecordingSeal.verify(name: "call-2", recording: recording, seal: seal).wrong != nil)
        #expect(RecordingSeal.verify(name: "call-1", recording: recording + [0], seal: seal).wrong != nil)
    }

    @Test func cutRecording_isGood_upToTheCut() {
        let (recording, seal) = Self.sealed(ended: false)
        let cut = Array(recording[..<(recording.count - 50)])
        let finding = RecordingSeal.verify(name: "call-1", recording: cut, seal: String(seal.dropLast(9)))
        #expect(finding.wrong == nil && !finding.isEnded && finding.goodChunks == 4)
    }
}
