// SPDX-License-Identifier: Apache-2.0
import Console
import Facility
import Foundation
import GRDB
import Glibc
import Synchronization

/// The certificates that were given and revoked, as lines in a file beside the store: a store that is put
/// back to an older day knows by it who was shut out since, and whom it can shut out.
///
///     SERIAL TERMINAL NOT-AFTER-MS REVOKED-MS|-
///
/// Any task. Always true: the file is there whole or not at all; it holds no secret.
final class CertificateFile: Sendable {
    struct Line: Hashable, Sendable {
        var serial: String
        var terminal: TerminalID
        var notAfterMs: Int64
        var revokedMs: Int64?
    }

    private let path: String
    private let written = Mutex("")

    init(_ folder: String) { path = Self.path(folder) }

    private static func path(_ folder: String) -> String { folder + "/certificates" }

    func keep(_ lines: [Line]) throws {
        let text = lines.map {
            "\($0.serial) \($0.terminal) \($0.notAfterMs) \($0.revokedMs.map { "\($0)" } ?? "-")\n"
        }.sorted().joined()
        try written.withLock { written in
            guard text != written else { return }
            let fresh = path + ".new"
            let file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            let bytes = Array(text.utf8)
            let isWritten = file >= 0 && write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
            let cause = String(cString: strerror(errno))
            if file >= 0 { close(file) }
            guard isWritten, rename(fresh, path) == 0 else {
                throw Fault("keep certificates", at: path, cause: cause, hint: "See that there is room.")
            }
            written = text
        }
    }

    /// Nothing where there is no such file; a line that is none is passed over.
    static func read(_ folder: String) -> [Line] {
        let text = (try? String(contentsOfFile: path(folder), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 4, let terminal = TerminalID(words[1]), let notAfterMs = Int64(words[2]),
                words[3] == "-" || Int64(words[3]) != nil
            else { return nil }
            return Line(
                serial: String(words[0]), terminal: terminal, notAfterMs: notAfterMs,
                revokedMs: Int64(words[3]))
        }
    }
}

extension HubSession {
    /// Those that have not ended by themselves.
    func certificates(nowMs: Int64) throws -> [CertificateFile.Line] {
        try rows(
            "SELECT serial, terminal, not_after_ms, revoked_ms FROM certificate WHERE not_after_ms > ?",
            .int(nowMs)
        ).compactMap { row in
            row.id(1).map {
                .init(
                    serial: row.text(0), terminal: $0, notAfterMs: row.int(2), revokedMs: row.intOrNil(3))
            }
        }
    }

    /// What this store does not know of them; a revocation only ever comes earlier.
    func merge(_ lines: [CertificateFile.Line], _ time: LocalTime) throws -> [String] {
        var told: [String] = []
        for line in lines {
            let known = try row(
                "SELECT revoked_ms FROM certificate WHERE serial = ?", .text(line.serial))
            if known == nil {
                try putCertificate(
                    serial: line.serial, terminal: line.terminal, notAfterMs: line.notAfterMs)
                told.append("\(line.terminal): certificate \(line.serial) was given since")
            }
            guard let revokedMs = line.revokedMs, revokedMs < known?.intOrNil(0) ?? .max else { continue }
            try run(
                "UPDATE certificate SET revoked_ms = ? WHERE serial = ?", .int(revokedMs), .text(line.serial))
            told.append(
                "\(line.terminal): certificate \(line.serial) is refused from \(time.text(revokedMs))")
        }
        return told
    }
}

extension HubBackup {
    /// Deeds that a restore takes back and that matter to who may do what.
    private static let matters: Set = [
        "user.put", "user.shut", "account.put", "hub.below", "webhook.put", "webhook.remove", "cell.use",
    ]

    /// From the audit of what stood before; nothing where it cannot be read.
    static func deeds(in aside: String?, since ms: Int64, _ time: LocalTime) async -> [String] {
        guard let aside, FileManager.default.fileExists(atPath: aside + "/hub.sqlite"),
            let old = try? DatabaseQueue(path: aside + "/hub.sqlite", configuration: readOnly),
            let entries = try? await old.read({ database in
                try Row.fetchAll(
                    database,
                    sql:
                        """
                        SELECT at_ms, who, what, subject, outcome FROM audit WHERE at_ms > ? ORDER BY sequence
                        """,
                    arguments: [ms]
                ).map { row -> (Int64, String, String, String, String) in
                    (row["at_ms"], row["who"], row["what"], row["subject"], row["outcome"])
                }
            })
        else { return [] }
        return entries.filter { matters.contains($0.2) && $0.4 == "done" }.map {
            "\(time.text($0.0)) \($0.1): \($0.2) \($0.3)"
        }
    }
}
