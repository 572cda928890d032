// SPDX-License-Identifier: Apache-2.0
import Facility
import HTTPTypes
import Hummingbird
import NIOCore

/// A file, or the part of it that was asked for (RFC 9110 §14), read piece by piece. A value; any task.
package struct FileAnswer: Sendable {
    package let size: Int
    package let type: String
    /// Under which a browser keeps it; nil: it shows or plays it.
    package let name: String?
    /// The header `Range`, as it came.
    package let range: String?
    /// Bytes from an offset, at most so many; none: it cannot be read any more.
    package let read: @Sendable (_ offset: Int, _ count: Int) async throws -> [UInt8]

    package init(
        size: Int, type: String, name: String?, range: String?,
        read: @escaping @Sendable (_ offset: Int, _ count: Int) async throws -> [UInt8]
    ) {
        (self.size, self.type, self.name, self.range, self.read) = (size, type, name, range, read)
    }

    /// Nil: the range is none of this file.
    package static func part(_ text: String?, of size: Int) -> Range<Int>? {
        guard let text, isOnePart(text) else { return 0..<size }
        let ends = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        if ends[0].isEmpty {
            guard let last = Int(ends[1]), last > 0 else { return nil }
            return max(0, size - last)..<size
        }
        guard let first = Int(ends[0]), first >= 0, first < size else { return nil }
        guard !ends[1].isEmpty else { return first..<size }
        guard let last = Int(ends[1]), last >= first else { return nil }
        return first..<min(last, size - 1) + 1
    }

    /// What is not understood is passed over, as the standard wants it; several parts are not made.
    private static func isOnePart(_ text: String) -> Bool {
        text.hasPrefix("bytes=") && !text.contains(",") && text.count { $0 == "-" } == 1
    }

    var response: Response {
        guard let part = Self.part(range, of: size) else {
            var refusal = Response(status: .rangeNotSatisfiable)
            refusal.headers[.contentRange] = "bytes */\(size)"
            return refusal
        }
        let read = read
        var response = Response(
            status: range.map(Self.isOnePart) == true ? .partialContent : .ok,
            body: ResponseBody(contentLength: part.count) { writer in
                var at = part.lowerBound
                while at < part.upperBound {
                    let piece = try await read(at, min(Limits.recordingServeBytes, part.upperBound - at))
                    // Too short an answer is seen as such at the other end.
                    guard !piece.isEmpty else { throw FileGone() }
                    try await writer.write(ByteBuffer(bytes: piece))
                    at += piece.count
                }
                try await writer.finish(nil)
            })
        response.headers[.contentType] = type
        response.headers[.cacheControl] = "no-store"
        response.headers[.acceptRanges] = "bytes"
        if response.status == .partialContent {
            response.headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
        }
        if let name { response.headers[.contentDisposition] = "attachment; filename=\"\(name)\"" }
        return response
    }

    private struct FileGone: Error {}
}
