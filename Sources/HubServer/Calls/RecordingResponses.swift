// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import HTTPTypes
import Hummingbird
import Sync

// The sync port's part of recordings: /v1/recordings/…, see `RecordingDesk`.

extension SyncResponder {
    func recordings(_ request: Request, _ peer: PeerIdentity, _ parts: ArraySlice<Substring>) async throws
        -> Response
    {
        guard let sha256 = parts.first.map(String.init) else { return Self.refusal(.notFound, "notFound") }
        do {
            let progress: RecordingDesk.Progress?
            switch (request.method, parts.dropFirst().first) {
            case (.get, nil): progress = try await hub.recordings.progress(sha256, of: peer.terminal)
            case (.post, nil):
                guard let offset = request.uri.queryParameters["offset"].flatMap({ Int($0) }), offset >= 0
                else {
                    return Self.refusal(.badRequest, "offset")
                }
                let body = try await request.body.collect(upTo: Limits.recordingPieceMaxBytes)
                progress = try await hub.recordings.take(
                    Array(body.readableBytesView), at: offset, sha256, of: peer.terminal)
            case (.post, "seal"):
                let body = try await request.body.collect(upTo: Limits.recordingSealMaxBytes)
                progress = try await hub.recordings.finish(
                    sha256, seal: String(decoding: body.readableBytesView, as: UTF8.self), of: peer.terminal)
            case _: return Self.refusal(.notFound, "notFound")
            }
            guard let progress else { return Self.refusal(.notFound, "notTold") }
            let said = JSONValue.object([
                "have": .int(Int64(progress.have)), "stored": .bool(progress.isStored),
            ])
            return Self.json(Array(try JSONText.encode(said).utf8), status: .ok)
        } catch let wrong as RecordingFiles.Wrong {
            try await hub.audit(
                AuditNote(
                    who: peer.terminal.text, what: "recording.refused", subject: sha256,
                    outcome: wrong.rawValue))
            return Self.refusal(.conflict, wrong.rawValue)
        } catch is RecordingDesk.Busy {
            var refusal = Self.refusal(.tooManyRequests, "busy")
            refusal.headers[.retryAfter] = "1"
            return refusal
        }
    }
}
