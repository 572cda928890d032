// SPDX-License-Identifier: Apache-2.0
import Facility
import NIOPosix
import Recordings
import Synchronization

//  terminal ─ GET  /v1/recordings/SHA256           how much is here
//           ─ POST /v1/recordings/SHA256?offset=N  a piece
//           ─ POST /v1/recordings/SHA256/seal      all is there: hash, seal, record ─> flushed ─> "stored"

/// Takes recordings of terminals, and knows who listened to which.
///
/// An actor; files are read and written on threads of their own. Always true: "stored" is said after file and
/// seal were verified against the terminal's own journal and flushed; what no entry tells of is not taken.
actor RecordingDesk {
    struct Progress: Hashable, Sendable {
        var have: Int
        var isStored: Bool
    }

    private struct Listener: Hashable {
        let session: [UInt8]
        let sha256: String
    }

    nonisolated let files: RecordingFiles
    /// Of `RecordingKey`, which may be made while the hub serves; empty: there is none.
    private nonisolated let secretKey: @Sendable () throws(Fault) -> [UInt8]
    private let store: any HubStore
    private let clock: HubClock
    private var busy: Set<String> = []
    private var heard: [Listener: Uptime] = [:]

    init(
        store: any HubStore, clock: HubClock, folder: String,
        secretKey: @escaping @Sendable () throws(Fault) -> [UInt8]
    ) {
        (self.store, self.clock, self.secretKey) = (store, clock, secretKey)
        files = RecordingFiles(folder: folder + "/recordings")
    }

    /// Nil: no entry of this terminal tells of it.
    func progress(_ sha256: String, of terminal: TerminalID) async throws -> Progress? {
        guard let row = try await row(sha256, terminal) else { return nil }
        return try await alone(sha256, terminal) { files in
            if files.isHere(sha256) {
                return Progress(have: row.sealed.byteCount, isStored: row.storedMs != nil)
            }
            return Progress(have: files.have(sha256, of: terminal), isStored: false)
        }
    }

    func take(_ bytes: [UInt8], at offset: Int, _ sha256: String, of terminal: TerminalID) async throws
        -> Progress?
    {
        guard !store.isShort else { throw StoreShort() }
        guard let row = try await row(sha256, terminal) else { return nil }
        return try await alone(sha256, terminal) { files in
            if files.isHere(sha256) {
                return Progress(have: row.sealed.byteCount, isStored: row.storedMs != nil)
            }
            return Progress(
                have: try files.append(bytes, at: offset, of: row.sealed, terminal), isStored: false)
        }
    }

    /// Throws `RecordingFiles.Wrong` for what does not hold.
    func finish(_ sha256: String, seal: String, of terminal: TerminalID) async throws -> Progress? {
        guard !store.isShort else { throw StoreShort() }
        guard let row = try await row(sha256, terminal) else { return nil }
        let (have, isHere) = try await alone(sha256, terminal) { files in
            // The answer to the seal before this one may have been lost, not the files.
            if files.isHere(sha256) { return (row.sealed.byteCount, true) }
            let have = files.have(sha256, of: terminal)
            guard have == row.sealed.byteCount else { return (have, false) }
            try files.finish(row.sealed, seal: seal, of: terminal)
            return (have, true)
        }
        guard isHere, row.storedMs == nil else { return Progress(have: have, isStored: isHere) }
        let atMs = clock.now().wallMs
        try await store.write { session in
            // Whoever reads the audit sees when a terminal began to sign with another key.
            if let before = try session.sealKey(of: terminal), before != row.sealed.key {
                try session.append(
                    AuditNote(who: terminal.text, what: "recording.key", subject: row.sealed.key), atMs: atMs)
            }
            try session.setStored(sha256, of: terminal, atMs: atMs)
        }
        return Progress(have: have, isStored: true)
    }

    private func row(_ sha256: String, _ terminal: TerminalID) async throws -> RecordingRow? {
        guard SealText.bytes(sha256)?.count == 32 else { return nil }
        return try await store.read { try $0.recording(sha256, of: terminal) }
    }

    /// One request for one file at a time: a piece that comes twice at once is one.
    private func alone<Result: Sendable>(
        _ sha256: String, _ terminal: TerminalID,
        _ work: @escaping @Sendable (RecordingFiles) throws -> Result
    ) async throws -> Result {
        let key = "\(terminal)/\(sha256)"
        guard busy.insert(key).inserted else { throw Busy() }
        defer { busy.remove(key) }
        let files = files
        return try await NIOThreadPool.singleton.runIfActive { try work(files) }
    }

    /// The same file is just being taken; the terminal comes again.
    struct Busy: Error {}

    // MARK: Who listens

    /// A recording as it is heard; nil: it is not here. On a thread that may wait for the disk.
    nonisolated func opened(_ sha256: String) throws(Fault) -> HeardRecording? {
        guard let file = RecordingFile(files.file(sha256)) else { return nil }
        return HeardRecording(try OpenedRecording(file, secretKey: try secretKey()))
    }

    /// Is this hearing an entry of the audit? A browser asks for a file in many parts.
    func isNew(_ sha256: String, by session: [UInt8]) -> Bool {
        let now = clock.now().uptime
        heard = heard.filter { now.ms(since: $0.value) < Limits.recordingPlayMs }
        return heard.updateValue(now, forKey: Listener(session: session, sha256: sha256)) == nil
    }
}

/// A recording that is being heard: the threads of a pool read it in turn.
final class HeardRecording: Sendable {
    /// As it is heard.
    let size: Int
    private let recording: Mutex<OpenedRecording>

    init(_ opened: sending OpenedRecording) {
        size = opened.size
        recording = Mutex(opened)
    }

    func read(_ offset: Int, _ count: Int) -> [UInt8] { recording.withLock { $0.read(offset, count) } }
}
