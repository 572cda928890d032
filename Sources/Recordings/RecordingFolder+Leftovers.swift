// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc

// A process was killed, or the power failed, in mid-call: what it wrote is ended and sealed as cut.
extension RecordingFolder {
    /// Nil: nothing was recorded, and nothing of it is left. Throws for what is not as it was written: that
    /// is left as it is.
    ///
    /// Whole pages beyond the seal's last line are taken in, a torn one is not. What was signed before the
    /// cut stays signed by it; for the rest this signature says what was found.
    package func end(leftover name: RecordingName, secretKey: [UInt8]) throws(Fault) -> SealedRecording? {
        guard let file = RecordingFile(part(name)) else { throw failed("read", part(name)) }
        // A torn last line is none.
        let text = sealText(name) ?? ""
        let lines = String(
            text[..<(text.lastIndex(of: "\n").map { text.index(after: $0) } ?? text.startIndex)])
        var finding = RecordingFinding()
        if !lines.isEmpty { finding = file.finding(name: name.text, seal: lines) }
        guard finding.wrong == nil else {
            throw Fault(
                "seal recording", at: part(name), cause: finding.wrong?.phrase.en ?? "",
                hint: "It is kept as it is. Look at the disk; watchpost verify says how far it is good.")
        }
        if finding.ending != .end, finding.ending != .cut {
            let added = try seal(
                file, name, finding, isNew: lines.isEmpty, keeping: lines.utf8.count, secretKey)
            guard added else {
                remove(name)
                return nil
            }
        }
        guard let sealed = sealText(name), let whole = RecordingFile(part(name)) else {
            throw failed("read", part(name))
        }
        finding = whole.finding(name: name.text, seal: sealed)
        guard let sha256 = Self.sha256(part(name)), finding.wrong == nil else {
            throw failed("read", part(name))
        }
        return SealedRecording(
            name: name, byteCount: whole.size, sha256: sha256, chain: SealText.of(finding.hash),
            key: finding.key ?? "", lengthMs: finding.goodMs, isCut: finding.ending == .cut)
    }

    /// False: there is no voice in it.
    private func seal(
        _ file: RecordingFile, _ name: RecordingName, _ finding: RecordingFinding, isNew: Bool,
        keeping sealBytes: Int, _ secretKey: [UInt8]
    ) throws(Fault) -> Bool {
        var chain = RecordingSeal(after: finding, name: name.text, secretKey: secretKey)
        var lines = isNew ? chain.heading : ""
        var hasVoice = finding.goodMs > 0
        while let bytes = file.read(chain.byteCount, Limits.recordingReadBytes) {
            let pages = OggPages.whole(bytes, checks: true)
            guard pages.byteCount > 0 else { break }
            hasVoice = hasVoice || pages.granule ?? 0 > 0
            lines += chain.chunk(Array(bytes[..<pages.byteCount]))
        }
        guard hasVoice else { return false }
        lines += chain.signed(.cut)
        let descriptor = open(seal(name), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw failed("seal", seal(name)) }
        defer { close(descriptor) }
        let bytes = Array(lines.utf8)
        guard truncate(part(name), off_t(chain.byteCount)) == 0, ftruncate(descriptor, off_t(sealBytes)) == 0,
            write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0
        else { throw failed("seal", seal(name)) }
        return true
    }
}
