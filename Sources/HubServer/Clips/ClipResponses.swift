// SPDX-License-Identifier: Apache-2.0
import Clips
import ConsoleServer
import Facility
import HTTPTypes
import Hummingbird

// The sync port's part of the library:
// GET  /v1/clips/SHA256   a content, whole or a part of it (Range: bytes=FIRST-LAST)
// POST /v1/clips          what this terminal holds: `ClipReport`

extension SyncResponder {
    func clip(_ request: Request, _ sha256: Substring) async throws -> Response {
        guard let content = try await hub.library.content(String(sha256)) else {
            return Self.refusal(.notFound, "notFound")
        }
        let response = Self.content(content, request.headers[.range])
        hub.library.sent(response.body.contentLength ?? 0)
        return response
    }

    func clipReport(_ request: Request, _ peer: PeerIdentity) async throws -> Response {
        let body = try await request.body.collect(upTo: Limits.clipReportMaxBytes)
        guard let report = ClipReport(Array(body.readableBytesView)) else {
            return Self.refusal(.badRequest, "report")
        }
        try await hub.library.take(report, of: peer.terminal, atMs: hub.clock.now().wallMs)
        return Self.json(Array("{}".utf8), status: .ok)
    }
}
