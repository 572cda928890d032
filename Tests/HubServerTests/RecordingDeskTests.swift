// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import Foundation
import NIOHTTP1
import Recordings
import TestBoard
import Testing

@testable import HubServer
@testable import PanelLink

/// Recordings over TLS: brought in pieces, lost, doubled, out of order, altered; then heard.
struct RecordingDeskTests {
    /// A cell that told of one call.
    static func run(
        _ made: TestRecording = TestRecording(CallTableTests.call(1)),
        _ body: @escaping @Sendable (TestHub, TestTerminal, TestRecording) async throws -> Void
    ) async throws {
        try await TestHub.run { hub in
            let cell = try TestTerminal(hub, "cell-101")
            var journal = TestJournal("cell-101", .call)
            let sent = try await cell.send(TestRecording.events(made.entries(), of: cell, &journal))
            #expect(sent.status == 200)
            try await body(hub, cell, made)
            try await cell.close()
        }
    }

    static func path(_ made: TestRecording) -> String { "/v1/recordings/\(made.sealed.sha256)" }

    static func piece(
        _ cell: TestTerminal, _ made: TestRecording, _ range: Range<Int>, _ bytes: [UInt8]? = nil
    ) async throws -> JSONValue {
        try await cell.ask(
            .POST, "\(path(made))?offset=\(range.lowerBound)", bytes ?? Array(made.bytes[range]))["have"]
    }

    static func bring(_ cell: TestTerminal, _ made: TestRecording) async throws -> TestAnswer {
        _ = try await piece(cell, made, 0..<made.bytes.count)
        return try await cell.ask(.POST, path(made) + "/seal", Array(made.seal.utf8))
    }

    @Test func pieces_thatAreLostDoubledOrOutOfOrder_makeTheWholeFileAllTheSame() async throws {
        try await Self.run { hub, cell, made in
            let size = made.bytes.count
            #expect(try await cell.ask(.GET, Self.path(made))["have"] == .int(0))
            #expect(try await Self.piece(cell, made, 0..<1_000) == .int(1_000))
            #expect(try await Self.piece(cell, made, 0..<1_000) == .int(1_000), "a repeat is a no-op")
            #expect(try await Self.piece(cell, made, 2_000..<3_000) == .int(1_000), "a gap is not jumped")
            #expect(
                try await Self.piece(cell, made, 500..<1_500) == .int(1_500), "an overlap adds what is new")
            // Sealed too early: nothing is thrown away, and nothing is said to be stored.
            let early = try await cell.ask(.POST, Self.path(made) + "/seal", Array(made.seal.utf8))
            #expect(early["stored"] == .bool(false) && early["have"] == .int(1_500))
            #expect(try await Self.piece(cell, made, 1_500..<size) == .int(Int64(size)))
            let beyond = try await Self.piece(cell, made, size..<size, [1, 2, 3])
            #expect(beyond == .int(Int64(size)), "no byte more than was told")
            let done = try await cell.ask(.POST, Self.path(made) + "/seal", Array(made.seal.utf8))
            #expect(done["stored"] == .bool(true))
            #expect(try await cell.ask(.GET, Self.path(made))["stored"] == .bool(true))
            let again = try await cell.ask(.POST, Self.path(made) + "/seal", Array(made.seal.utf8))
            #expect(again["stored"] == .bool(true))
            let files = hub.parts.recordings.files
            let kept = FileManager.default.contents(atPath: files.file(made.sealed.sha256))
            #expect(kept.map(Array.init) == made.bytes)
            #expect(
                try String(contentsOfFile: files.seal(made.sealed.sha256), encoding: .utf8) == made.seal)
        }
    }

    @Test func alteredFileOrSeal_isNeverStored_andTheNextTryBeginsAnew() async throws {
        try await Self.run { hub, cell, made in
            var bytes = made.bytes
            bytes[made.bytes.count / 2] ^= 1
            _ = try await Self.piece(cell, made, 0..<bytes.count, bytes)
            let flipped = try await cell.ask(.POST, Self.path(made) + "/seal", Array(made.seal.utf8))
            #expect(flipped.status == 409 && flipped["reason"] == .text("hash"))
            #expect(try await cell.ask(.GET, Self.path(made))["have"] == .int(0))
            for (seal, reason) in [
                (made.seal.replacing("end ", with: "sealed "), "seal"),
                (TestRecording(CallTableTests.call(2)).seal, "otherRecording"),
                (TestRecording(CallTableTests.call(1), key: LinkKeys.generate().sealingKey).seal, "otherKey"),
            ] {
                _ = try await Self.piece(cell, made, 0..<made.bytes.count)
                let refused = try await cell.ask(.POST, Self.path(made) + "/seal", Array(seal.utf8))
                #expect(refused.status == 409 && refused["reason"] == .text(reason), "\(refused.body)")
            }
            #expect(!hub.parts.recordings.files.isHere(made.sealed.sha256))
            #expect(try await Self.bring(cell, made)["stored"] == .bool(true))
            let audit = try await hub.parts.store.read { try $0.audit(from: 1, limit: 100) }
            #expect(audit.count { $0.what == "recording.refused" && $0.who == "cell-101" } == 4)
        }
    }

    @Test func whatNoEntryTellsOf_isNotTaken_norAnothers() async throws {
        try await Self.run { hub, cell, made in
            let other = TestRecording(CallTableTests.call(9))
            #expect(try await cell.ask(.GET, Self.path(other)).status == 404)
            #expect(try await Self.bring(cell, other).status == 404)
            let post = try TestTerminal(hub, "post-a")
            #expect(try await post.ask(.GET, Self.path(made)).status == 404)
            #expect(try await cell.ask(.GET, "/v1/recordings/..%2f..%2fx").status == 404)
            #expect(try await cell.ask(.POST, Self.path(made) + "?offset=-1", [1]).status == 400)
            try await post.close()
        }
    }

    @Test func encryptedRecording_isHeardInClear_andSavedAsItWasSealed() async throws {
        let keys = LinkKeys.generate()
        let made = TestRecording(CallTableTests.call(1), hubKey: keys.publicKey)
        try await Self.run(made) { hub, cell, made in
            try await hub.account("lead", .supervisor)
            let browser = try TestBrowser(hub)
            _ = try await browser.signIn("lead")
            #expect(try await Self.bring(cell, made)["stored"] == .bool(true), "without any key")
            let path = "/api/recordings/\(made.sealed.sha256)"
            #expect(try await browser.ask(.GET, path).status == 409, "nobody has its key")
            try AuthorityFiles(directory: hub.parts.config.folder + "/authority").write(
                RecordingKey.fileName, LinkKeys.text(keys.secretKey))
            let heard = try await browser.ask(.GET, path)
            #expect(heard.status == 200 && Array(heard.body.utf8).count > 0)
            #expect(heard.headers.first(name: "content-length") == "\(made.clear.count)")
            let part = try await browser.ask(.GET, path, headers: [("range", "bytes=6000-")])
            #expect(part.headers.first(name: "content-length") == "\(made.clear.count - 6_000)")
            let saved = try await browser.ask(.GET, path + ".opus")
            #expect(saved.headers.first(name: "content-length") == "\(made.bytes.count)")
            try await browser.close()
        }
    }

    @Test func recording_isHeard_byThoseAllowed_andEachHearingIsInTheAudit() async throws {
        try await Self.run { hub, cell, made in
            for (who, role) in [("lead", Role.supervisor), ("wang", .officer), ("rev", .auditor)] {
                try await hub.account(who, role)
            }
            let browser = try TestBrowser(hub)
            let path = "/api/recordings/\(made.sealed.sha256)"
            _ = try await browser.signIn("lead")
            #expect(try await browser.ask(.GET, path).status == 404, "not here yet")
            #expect(try await Self.bring(cell, made)["stored"] == .bool(true))
            let size = made.bytes.count
            for (range, status, count) in [
                ("bytes=0-", 206, size), ("bytes=100-199", 206, 100), ("bytes=-50", 206, 50),
                ("bytes=\(size)-", 416, 0), ("pages=1", 200, size),
            ] {
                let answer = try await browser.ask(.GET, path, headers: [("range", range)])
                #expect(answer.status == status, "\(range)")
                if status != 416 {
                    #expect(answer.headers.first(name: "content-length") == "\(count)")
                    #expect(answer.headers.first(name: "content-type") == "audio/ogg")
                }
            }
            let whole = try await browser.ask(.GET, path)
            #expect(whole.status == 200 && whole.headers.first(name: "accept-ranges") == "bytes")
            let seal = try await browser.ask(.GET, path + ".seal")
            #expect(seal.body == made.seal)
            #expect(
                seal.headers.first(name: "content-disposition")
                    == "attachment; filename=\"\(made.name.text).opus.seal\"")
            #expect(try await browser.ask(.GET, path + ".opus").status == 200)
            _ = try await browser.signIn("wang")
            for ending in ["", ".opus", ".seal"] {
                #expect(try await browser.ask(.GET, path + ending).status == 403)
            }
            _ = try await browser.signIn("rev")
            #expect(try await browser.ask(.GET, path).status == 200)
            let audit = try await hub.parts.store.read { try $0.audit(from: 1, limit: 100) }
            let heard = audit.filter { $0.what == "recording.play" && $0.outcome == "done" }
            #expect(heard.map(\.who) == ["lead", "rev"], "many parts are one hearing")
            #expect(heard.allSatisfy { $0.subject == made.name.text })
            #expect(audit.count { $0.what == "recording.export" && $0.outcome == "done" } == 2)
            try await browser.close()
        }
    }
}
