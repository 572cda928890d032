// SPDX-License-Identifier: Apache-2.0
import Bundles
import ConsoleServer
import Facility
import HTTPTypes
import Hummingbird
import NIOCore

// GET /v1/bundles/            what this terminal should have: manifests, signed
// GET /v1/bundles/SHA256      the content of one, whole or a part of it (Range: bytes=FIRST-LAST)

extension SyncResponder {
    func bundles(_ request: Request, _ peer: PeerIdentity, _ sha256: Substring?) async throws -> Response {
        let role = hub.site.terminal(peer.terminal)?.role ?? .cell
        guard let sha256 else {
            let list = try await hub.bundles.list(for: peer.terminal, role)
            let text = try JSONText.encode(BundleList(list))
            return Self.bytes(Array(text.utf8), .ok, "application/json")
        }
        guard let content = try await hub.bundles.content(String(sha256), for: peer.terminal, role) else {
            return Self.bytes(Array("{\"reason\":\"notFound\"}".utf8), .notFound, "application/json")
        }
        return Self.content(content, request.headers[.range])
    }

    /// Of a content the part that is asked for; nil: all of it.
    static func content(_ content: [UInt8], _ range: String?) -> Response {
        guard let range else { return Self.bytes(content, .ok, "application/octet-stream") }
        guard let part = Self.part(range, of: content.count) else {
            var refusal = Self.bytes([], .rangeNotSatisfiable, "application/octet-stream")
            refusal.headers[.contentRange] = "bytes */\(content.count)"
            return refusal
        }
        var response = Self.bytes(Array(content[part]), .partialContent, "application/octet-stream")
        response.headers[.contentRange] =
            "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(content.count)"
        return response
    }

    /// `bytes=FIRST-LAST` or `bytes=FIRST-`; nil for anything else, and beyond the end.
    static func part(_ text: String, of count: Int) -> Range<Int>? {
        guard text.hasPrefix("bytes=") else { return nil }
        let ends = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Int(ends[0]), first >= 0, first < count else { return nil }
        guard !ends[1].isEmpty else { return first..<count }
        guard let last = Int(ends[1]), last >= first else { return nil }
        return first..<min(last, count - 1) + 1
    }

    private static func bytes(_ bytes: [UInt8], _ status: HTTPResponse.Status, _ type: String) -> Response {
        var response = Response(status: status, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        response.headers[.contentType] = type
        return response
    }
}
