// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Foundation
import Recordings

/// Recordings on the hub's disk. Blocks its thread; a value.
///
///     recordings/ab/SHA256.opus, .opus.seal      content-addressed: verified, flushed, never changed
///     recordings/part/TERMINAL/SHA256            on its way
///
/// Always true: what stands under its hash was hashed and held against its seal on this disk before.
struct RecordingFiles: Hashable, Sendable {
    let folder: String

    enum Wrong: String, Error, Hashable, Sendable {
        case hash, seal, notWhole, otherRecording, otherKey, otherChain
    }

    private func part(_ sha256: String, of terminal: TerminalID) -> String {
        "\(folder)/part/\(terminal)/\(sha256)"
    }
    private func shelf(_ sha256: String) -> String { "\(folder)/\(sha256.prefix(2))" }
    func file(_ sha256: String) -> String { "\(shelf(sha256))/\(sha256).opus" }
    func seal(_ sha256: String) -> String { file(sha256) + ".seal" }

    /// How much of it is here.
    func have(_ sha256: String, of terminal: TerminalID) -> Int {
        Int(max(0, wp_file_size(part(sha256, of: terminal))))
    }

    func isHere(_ sha256: String) -> Bool {
        access(file(sha256), R_OK) == 0 && access(seal(sha256), R_OK) == 0
    }

    /// Adds bytes that begin at `offset`; what does not follow on what is here changes nothing. Answers how
    /// much is here then.
    func append(_ bytes: [UInt8], at offset: Int, of sealed: SealedRecording, _ terminal: TerminalID) throws
        -> Int
    {
        let have = have(sealed.sha256, of: terminal)
        guard offset <= have, offset + bytes.count > have, offset + bytes.count <= sealed.byteCount else {
            return have
        }
        let free = wp_free_bytes(folder)
        if free >= 0, free < Limits.recordingsReserveBytes { throw StoreShort() }
        try make("\(folder)/part/\(terminal)")
        let path = part(sealed.sha256, of: terminal)
        if have == 0 { forgetOldest(of: terminal, besides: sealed.sha256) }
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard file >= 0 else { throw failed("write", path) }
        defer { close(file) }
        let news = Array(bytes[(have - offset)...])
        let written = write(file, news, news.count)
        if written < 0, errno == ENOSPC || errno == EDQUOT { throw StoreShort() }
        guard written >= 0 else { throw failed("write", path) }
        return have + written
    }

    /// What was begun and never ended gives way; only a terminal's own.
    private func forgetOldest(of terminal: TerminalID, besides sha256: String) {
        let folder = "\(folder)/part/\(terminal)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let found = names.map { name in
            let about = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            return (changed: about?[.modificationDate] as? Date ?? .distantPast, name: name)
        }.sorted { $0.changed > $1.changed }
        for one in found.dropFirst(Limits.recordingsUnderWayCount - 1) where one.name != sha256 {
            unlink("\(folder)/\(one.name)")
        }
    }

    /// Verifies file and seal against what the record tells of them, and puts both in place, flushed. What
    /// does not hold is thrown away: the next try begins anew.
    func finish(_ sealed: SealedRecording, seal text: String, of terminal: TerminalID) throws {
        let path = part(sealed.sha256, of: terminal)
        do {
            try check(sealed, seal: text, path)
        } catch let wrong as Wrong {
            if wrong != .notWhole { unlink(path) }
            throw wrong
        }
        try make(shelf(sealed.sha256))
        let bytes = Array(text.utf8)
        guard wp_write_file(path + ".seal", bytes, bytes.count) == 0, flush(path + ".seal"), flush(path),
            truncate(path + ".seal", off_t(bytes.count)) == 0,
            rename(path + ".seal", seal(sealed.sha256)) == 0, rename(path, file(sealed.sha256)) == 0,
            wp_sync_directory_of(file(sealed.sha256)) == 0
        else { throw failed("keep", path) }
    }

    private func check(_ sealed: SealedRecording, seal text: String, _ path: String) throws {
        guard let file = RecordingFile(path), file.size == sealed.byteCount else { throw Wrong.notWhole }
        guard RecordingFolder.sha256(path) == sealed.sha256 else { throw Wrong.hash }
        let finding = file.finding(name: sealed.name.text, seal: text)
        if finding.wrong == .otherName { throw Wrong.otherRecording }
        guard finding.wrong == nil, finding.ending == .end || finding.ending == .cut else { throw Wrong.seal }
        guard finding.key ?? "" == sealed.key else { throw Wrong.otherKey }
        guard SealText.of(finding.hash) == sealed.chain else { throw Wrong.otherChain }
    }

    private func flush(_ path: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return fsync(file) == 0
    }

    private func make(_ path: String) throws {
        var made = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            made +=
                made.isEmpty && part.isEmpty ? "" : (made.isEmpty && !path.hasPrefix("/") ? part : "/" + part)
            guard !made.isEmpty, mkdir(made, 0o750) != 0, errno != EEXIST, access(made, F_OK) != 0 else {
                continue
            }
            throw failed("make", made)
        }
    }

    private func failed(_ operation: String, _ place: String) -> Fault {
        Fault(
            "\(operation) recording", at: place, cause: String(cString: strerror(errno)),
            hint: "Check who owns the hub's folder, and free space with `df`; terminals bring it again.")
    }
}
