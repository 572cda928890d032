// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc

/// What the first bytes of a file say it is, and whether the file has all that they promise. Looked at before
/// any library opens it: constant memory, one walk over heads. A value; blocks its thread.
enum SoundHead: Hashable, Sendable {
    case wav
    case flac
    case ogg

    /// Why it is no sound that can be taken whole.
    struct Wrong: Error, Hashable {
        var cause: String
    }

    static func read(_ descriptor: Int32, byteCount: Int64) throws(Wrong) -> SoundHead {
        guard byteCount > 0 else { throw Wrong(cause: "it is empty") }
        guard byteCount <= Limits.clipSourceMaxBytes else {
            throw Wrong(cause: "it is longer than \(Limits.clipSourceMaxBytes) bytes")
        }
        let first = bytes(descriptor, at: 0, count: 12)
        if first.starts(with: "RIFF".utf8), first.dropFirst(8).elementsEqual("WAVE".utf8) {
            try walk(wav: descriptor, to: byteCount)
            return .wav
        }
        if first.starts(with: "fLaC".utf8) { return .flac }
        if first.starts(with: "OggS".utf8) {
            try walk(ogg: descriptor, to: byteCount)
            return .ogg
        }
        throw Wrong(cause: "it is no WAV, FLAC or Ogg file")
    }

    /// Chunk by chunk to the sound, which must be there to its end.
    private static func walk(wav descriptor: Int32, to end: Int64) throws(Wrong) {
        var at: Int64 = 12
        while at + 8 <= end {
            let head = bytes(descriptor, at: at, count: 8)
            let length = little(head.dropFirst(4))
            guard at + 8 + length <= end else { throw Wrong(cause: "its head claims more than is there") }
            if head.starts(with: "data".utf8) { return }
            at += 8 + length + length % 2
        }
        throw Wrong(cause: "there is no sound in it")
    }

    /// Page by page; the last one must say that it is.
    private static func walk(ogg descriptor: Int32, to end: Int64) throws(Wrong) {
        var at: Int64 = 0
        var isLast = false
        while at < end {
            let head = bytes(descriptor, at: at, count: 27 + 255)
            guard head.count >= 27, head.starts(with: "OggS".utf8), head.count >= 27 + Int(head[26]) else {
                throw Wrong(cause: "it is cut or damaged at byte \(at)")
            }
            isLast = head[5] & 4 != 0
            let segments = head[27..<27 + Int(head[26])]
            at += Int64(27 + segments.count) + segments.reduce(0) { $0 + Int64($1) }
        }
        guard at == end, isLast else { throw Wrong(cause: "its end is missing") }
    }

    private static func bytes(_ descriptor: Int32, at offset: Int64, count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = pread(descriptor, &bytes, count, off_t(offset))
        return Array(bytes.prefix(max(0, got)))
    }

    private static func little(_ bytes: ArraySlice<UInt8>) -> Int64 {
        bytes.reversed().reduce(0) { $0 << 8 | Int64($1) }
    }
}
