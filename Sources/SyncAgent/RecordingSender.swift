// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import FoundationEssentials
import NIOPosix
import Recordings
import Sync

//  recordings/*.opus, sealed and in the record ─> hub: how much has it? ─> pieces ─> seal ─> "stored"
//      ─> recordings.sent, which whoever makes room at this terminal reads

/// Brings the recordings of calls up, the oldest first. A value; one task runs it, files are read on a thread
/// of their own.
///
/// Always true: alarms and entries go first; what was cut goes on where the hub says it is; nothing is noted
/// as sent that the hub has not said it stored; what the hub refuses is told and holds up nothing else.
struct RecordingSender: Sendable {
    let folder: RecordingFolder
    /// Of this process: `SentRecordings`.
    let notePath: String
    let threads: NIOThreadPool
    /// Do alarms or entries wait to be sent?
    let mustYield: @Sendable () async -> Bool
    let say: @Sendable (Fault) -> Void

    private struct Progress: Decodable {
        var have: Int
        var stored: Bool
    }

    /// What became of one.
    private enum End {
        case stored, refused(String), later
    }

    /// Until the task is cancelled.
    func run(_ client: HubClient) async {
        var refusedAt: [RecordingName: Uptime] = [:]
        var pace = PiecePace()
        var retry = RetryMachine(lastMs: Limits.syncRetryRestLastMs, afterMaxMs: Limits.syncRetryAfterMaxMs)
        var chance = SystemRandomNumberGenerator()
        while !Task.isCancelled {
            var waitMs = Limits.recordingsSendLookMs
            if let name = await next(besides: refusedAt) {
                switch await bring(name, client, &pace) {
                case .stored:
                    retry.succeeded()
                    waitMs = 0
                case .refused(let why):
                    refusedAt[name] = .now
                    say(
                        Fault(
                            "send recording", at: name.text, cause: "the hub refuses it: \(why)",
                            hint: "Keep the file and its seal; watchpost verify says what is wrong."))
                    waitMs = 0
                case .later:
                    retry.failed(at: .now, using: &chance)
                    waitMs = max(retry.until?.ms(since: .now) ?? 0, Limits.syncRetryFirstMs)
                }
            }
            if waitMs > 0 { try? await Task.sleep(for: .milliseconds(waitMs)) }
        }
    }

    private func next(besides refusedAt: [RecordingName: Uptime]) async -> RecordingName? {
        let (folder, notePath) = (folder, notePath)
        let waiting = try? await threads.runIfActive {
            let sent = SentRecordings(path: notePath)
            return folder.kept().map(\.name).filter { !sent.has($0) }
        }
        return waiting?.first { name in
            refusedAt[name].map { Uptime.now.ms(since: $0) >= Limits.recordingRefusedRetryMs } ?? true
        }
    }

    // MARK: One recording

    private func bring(_ name: RecordingName, _ client: HubClient, _ pace: inout PiecePace) async -> End {
        let folder = folder
        let read = try? await threads.runIfActive {
            (RecordingFolder.sha256(folder.file(name)), folder.sealText(name))
        }
        guard let (hash, text) = read, let hash, let text else { return .later }
        let path = "/v1/recordings/\(hash)"
        guard case .answered(let body) = await client.get(path, waitMs: 0), var at = Self.progress(body)
        else {
            return .later
        }
        while !at.stored {
            await giveWay()
            if Task.isCancelled { return .later }
            let (offset, count) = (at.have, pace.pieceBytes)
            let piece = try? await threads.runIfActive {
                RecordingFile(folder.file(name))?.read(offset, count)
            }
            guard let piece else { return .later }
            if piece.isEmpty { return await finish(name, hash, text, path, client) }
            let begun = Uptime.now
            let answer = await client.post(
                "\(path)?offset=\(offset)", piece, type: "application/octet-stream")
            guard case .answered(let body) = answer, let after = Self.progress(body) else {
                pace.wasLost()
                return .later
            }
            let ms = Uptime.now.ms(since: begun)
            pace.carried(bytes: piece.count, ms: ms)
            try? await Task.sleep(for: .milliseconds(pace.restMs(bytes: piece.count, ms: ms)))
            at = after
        }
        return await note(name, hash) ? .stored : .later
    }

    private func finish(
        _ name: RecordingName, _ hash: String, _ seal: String, _ path: String, _ client: HubClient
    ) async -> End {
        switch await client.post(path + "/seal", Array(seal.utf8), type: "text/plain") {
        case .answered(let body):
            guard Self.progress(body)?.stored == true else { return .later }
            return await note(name, hash) ? .stored : .later
        case .refused(409, _, let body):
            return .refused(
                (try? JSONDecoder().decode([String: String].self, from: Data(body)))?["reason"] ?? "-")
        case .refused, .nothing: return .later
        }
    }

    private func note(_ name: RecordingName, _ hash: String) async -> Bool {
        let (folder, path) = (folder, notePath)
        do {
            try await threads.runIfActive {
                var sent = SentRecordings(path: path)
                try sent.add(name, sha256: hash, keeping: Set(folder.kept().map(\.name)))
            }
            return true
        } catch let fault as Fault {
            say(fault)
            return false
        } catch { return false }
    }

    /// Alarms and entries have the way first.
    private func giveWay() async {
        while !Task.isCancelled, await mustYield() {
            try? await Task.sleep(for: .milliseconds(Limits.recordingsYieldMs))
        }
    }

    private static func progress(_ body: [UInt8]) -> Progress? {
        try? JSONDecoder().decode(Progress.self, from: Data(body))
    }
}

/// How large the next piece may be, and how long to rest after it. A value.
///
/// Always true: a piece takes about `recordingPieceMs` of the way, and all of them together no more than the
/// recordings' part of it.
package struct PiecePace: Hashable, Sendable {
    package private(set) var pieceBytes = Limits.recordingPieceFirstBytes

    package init() {}

    package mutating func carried(bytes: Int, ms: Int) {
        let wanted = bytes * Limits.recordingPieceMs / max(ms, 1)
        pieceBytes = min(
            max(min(wanted, pieceBytes * 2), Limits.recordingPieceMinBytes), Limits.recordingPieceMaxBytes)
    }

    package mutating func wasLost() { pieceBytes = max(pieceBytes / 2, Limits.recordingPieceMinBytes) }

    package func restMs(bytes: Int, ms: Int) -> Int {
        max(0, bytes * 1_000 / Limits.recordingsBytesPerSecondCount - ms)
    }
}
