// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What a look at a recording and its seal finds. A value; any thread.
package struct RecordingFinding: Hashable, Sendable {
    /// As the seal names it.
    package var name = ""
    /// Chunks that are whole, in order, from the beginning; how many bytes and how much voice they are.
    package var goodChunks = 0
    package var goodBytes = 0
    package var goodMs = 0
    /// Of these, how many are signed by `key`.
    package var signedChunks = 0
    package var key: String?
    /// How it ended; nil: it was not, or what ended it is missing.
    package var ending: RecordingSeal.Ending?
    /// The end of the chain, as far as it is good.
    package var hash = [UInt8](repeating: 0, count: 32)
    /// What is wrong, after `goodMs`; nil: all of it is as it was recorded (a cut at the end is no wrong).
    package var wrong: Wrong?

    package enum Wrong: Hashable, Sendable {
        case noSeal, otherName, chunkMoved, chunkChanged, chunkMissing, signatureMoved, signatureWrong
        case otherKey, lineWrong, addedAtEnd, goesOnAfterEnd
    }

    /// Ended, sealed, signed and unaltered.
    package var isWhole: Bool { wrong == nil && ending != nil && key != nil }

    init() {}

    /// Looks at a recording as far as its seal goes. `read` brings bytes of it; fewer than asked where it is
    /// shorter. `name`: what it has to be called; nil: whatever its seal says.
    package init(
        name: String?, size: Int, seal: String, read: (_ offset: Int, _ count: Int) -> [UInt8]?
    ) {
        var lines = seal.split(separator: "\n", omittingEmptySubsequences: true)[...]
        // A last line without its end was torn by a cut: it says nothing.
        if !seal.hasSuffix("\n") { _ = lines.popLast() }
        guard let heading = lines.popFirst(), heading.hasPrefix("watchpost-seal 1 ") else {
            wrong = .noSeal
            return
        }
        self.name = String(heading.dropFirst(17))
        if let name, name != self.name {
            wrong = .otherName
            return
        }
        var preSkip: UInt64?
        for line in lines {
            guard ending != .end, ending != .cut else {
                wrong = .goesOnAfterEnd
                return
            }
            let words = line.split(separator: " ").map(String.init)
            if words.first == "chunk", words.count == 4 {
                guard take(chunk: words, size, read, &preSkip) else { return }
            } else if let word = words.first.flatMap({ RecordingSeal.Ending(rawValue: $0) }), words.count == 5
            {
                guard take(word, words) else { return }
            } else {
                wrong = .lineWrong
                return
            }
        }
        if ending == .end || ending == .cut, size > goodBytes { wrong = .addedAtEnd }
    }

    private mutating func take(
        chunk words: [String], _ size: Int, _ read: (Int, Int) -> [UInt8]?, _ preSkip: inout UInt64?
    ) -> Bool {
        guard let start = Int(words[1]), let length = Int(words[2]), start == goodBytes, length > 0,
            length <= Limits.recordingChunkMaxBytes, start <= Limits.recordingMaxBytes
        else {
            wrong = .chunkMoved
            return false
        }
        // The last pages may not have reached the disk before a cut; before a signature all had.
        guard start + length <= size, let bytes = read(start, length), bytes.count == length else {
            wrong = .chunkMissing
            return false
        }
        let next = RecordingSeal.chained(hash, bytes)
        guard SealText.of(next) == words[3] else {
            wrong = .chunkChanged
            return false
        }
        hash = next
        goodChunks += 1
        goodBytes += length
        let pages = OggPages.whole(bytes)
        preSkip = preSkip ?? pages.preSkip
        if let granule = pages.granule { goodMs = Int(granule - min(granule, preSkip ?? 0)) / 48 }
        return true
    }

    private mutating func take(_ word: RecordingSeal.Ending, _ words: [String]) -> Bool {
        guard let count = Int(words[1]), count == goodChunks, words[2] == SealText.of(hash) else {
            wrong = .signatureMoved
            return false
        }
        if words[3] != "-" {
            let said = "watchpost-seal 1 \(name) \(word) \(count) \(words[2])"
            guard RecordingSeal.isSigned(said, words[3], words[4]) else {
                wrong = .signatureWrong
                return false
            }
            guard key == nil || key == words[4] else {
                wrong = .otherKey
                return false
            }
            key = words[4]
            signedChunks = count
        } else if key != nil {
            // Nobody takes the signature from the rest.
            wrong = .signatureWrong
            return false
        }
        ending = word
        return true
    }
}

extension RecordingFinding.Wrong {
    package var phrase: Phrase {
        switch self {
        case .noSeal: Phrase("没有封印，或封印不可读", "there is no seal, or it cannot be read")
        case .otherName: Phrase("封印属于另一段录音", "the seal is of another recording")
        case .chunkMoved: Phrase("一段声音不在原处", "a second is not where it was")
        case .chunkChanged: Phrase("声音被改动", "the sound was changed")
        case .chunkMissing: Phrase("后面的声音缺失", "what follows is missing")
        case .signatureMoved: Phrase("签名不在原处", "a signature is not where it was")
        case .signatureWrong: Phrase("签名无效", "a signature is none")
        case .otherKey: Phrase("签名来自另一把密钥", "a signature is by another key")
        case .lineWrong: Phrase("封印有一行无效", "a line of the seal is none")
        case .addedAtEnd: Phrase("末尾被添加内容", "something was added at the end")
        case .goesOnAfterEnd: Phrase("封印在结束后仍有内容", "the seal goes on after its end")
        }
    }
}
