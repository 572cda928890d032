// SPDX-License-Identifier: Apache-2.0
import Console
import ConsoleServer
import Facility
import HTTPTypes
import NIOPosix
import Recordings

/// Calls, and what was recorded of them. Who hears one is written down, once for each hearing.
enum CallRoutes {
    private static let viewers: ConsoleRoute.Access = .roles([.officer, .supervisor, .auditor])
    private static let listeners: ConsoleRoute.Access = .roles([.supervisor, .auditor])

    static let all = [
        ConsoleRoute(
            .get, "/api/calls", viewers, "Calls of a time, or of one alarm, newest first.",
            audit: "view.calls",
            query: [
                ConsoleField("from", .int(0...Int64.max)), ConsoleField("to", .int(0...Int64.max)),
                ConsoleField("alarm", .text(maxBytes: Limits.wordsMaxBytes)),
                ConsoleField("limit", .int(1...Int64(Limits.listMaxCount))),
                ConsoleField("cursor", .text(maxBytes: Limits.wordsMaxBytes)),
            ], act: list),
        ConsoleRoute(
            .get, "/api/recordings/{id}.opus", listeners,
            "A recording as a file, as it was sealed, under the name of its seal.",
            audit: "recording.export"
        ) { call in
            let row = try await recording(call)
            return .file(try await file(row, call, name: "\(row.sealed.name.text).opus"))
        },
        ConsoleRoute(
            .get, "/api/recordings/{id}.seal", listeners, "Its seal: watchpost verify holds both together.",
            audit: "recording.export"
        ) { call in
            let row = try await recording(call)
            let files = call.hub.recordings.files
            let path = files.seal(row.sealed.sha256)
            let text = try await NIOThreadPool.singleton.runIfActive { FileText.read(path) }
            guard let text else { throw gone }
            return .download(
                Array(text.utf8), type: "text/plain; charset=utf-8", name: "\(row.sealed.name.text).opus.seal"
            )
        },
        ConsoleRoute(
            .get, "/api/recordings/{id}", listeners, "A recording to be heard, or a part of it (Range).",
            act: play),
    ]

    private static let gone = Refused(
        .notFound, "notStored", "录音尚未上传到中心。", "The recording has not reached the hub yet.")

    private static let keyless = Refused(
        .conflict, "keyMissing", "录音已加密，中心没有其密钥；请从备份恢复密钥。",
        "The recording is encrypted, and the hub does not have its key: put it back from a backup.")

    // MARK: Hearing

    private static func recording(_ call: ConsoleCall) async throws -> RecordingRow {
        guard let id = call.path["id"], SealText.bytes(id)?.count == 32 else { throw Refused.notFound }
        let rows = try await call.hub.store.read { try $0.recordings(id) }
        guard let row = rows.first(where: { call.hub.book.isSeen($0.origin, in: call.areas) }) else {
            throw Refused.notFound
        }
        guard row.storedMs != nil else { throw gone }
        return row
    }

    /// As it lies there, for whoever holds it against its seal.
    private static func file(_ row: RecordingRow, _ call: ConsoleCall, name: String) async throws
        -> FileAnswer
    {
        let path = call.hub.recordings.files.file(row.sealed.sha256)
        let size = try await NIOThreadPool.singleton.runIfActive { RecordingFile(path)?.size }
        guard let size else { throw gone }
        return FileAnswer(size: size, type: "audio/ogg", name: name, range: call.range) { offset, count in
            try await NIOThreadPool.singleton.runIfActive { RecordingFile(path)?.read(offset, count) ?? [] }
        }
    }

    /// To be heard: opened where it is encrypted.
    private static func sound(_ row: RecordingRow, _ call: ConsoleCall) async throws -> FileAnswer {
        let (desk, id) = (call.hub.recordings, row.sealed.sha256)
        let opened = try await NIOThreadPool.singleton.runIfActive {
            do throws(Fault) { return try desk.opened(id) } catch { throw keyless }
        }
        guard let opened else { throw gone }
        return FileAnswer(size: opened.size, type: "audio/ogg", name: nil, range: call.range) {
            offset, count in
            try await NIOThreadPool.singleton.runIfActive { opened.read(offset, count) }
        }
    }

    private static func play(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        let row = try await recording(call)
        let answer = try await sound(row, call)
        guard let person = call.person else { throw Refused.signedOut }
        // Before the first byte.
        if await call.hub.recordings.isNew(row.sealed.sha256, by: person.row.key) {
            try await call.hub.audit(
                AuditNote(who: call.who, what: "recording.play", subject: row.sealed.name.text))
        }
        return .file(answer)
    }

    // MARK: Looking

    private static func list(_ call: ConsoleCall) async throws -> ConsoleAnswer {
        var query = CallQuery()
        query.span = (call.int("from") ?? 0)..<max(call.int("from") ?? 0, call.int("to") ?? .max)
        query.alarm = call.text("alarm")
        query.limit = Int(call.int("limit") ?? Int64(Limits.listPageCount))
        if call.areas != nil {
            query.origins = call.hub.book.places.map(\.id).filter {
                call.hub.book.isSeen($0, in: call.areas)
            }
        }
        if let cursor = call.text("cursor")?.split(separator: " "), cursor.count == 3,
            let atMs = Int64(cursor[0])
        {
            query.after = (atMs, String(cursor[1]), String(cursor[2]))
        }
        let asked = query
        let found = try await call.hub.store.read { session in
            try session.calls(asked).map { ($0, try session.recordings(of: $0.id)) }
        }
        let calls = found.map { leg, recordings in
            CallView(
                leg, recordings.filter { call.hub.book.isSeen($0.origin, in: call.areas) }, call.hub.book)
        }
        var next: String?
        if found.count == asked.limit, let last = found.last?.0 {
            next = "\(last.atMs) \(last.id) \(last.origin)"
        }
        return .json(CallList(calls: calls, next: next))
    }
}

/// A small file, read to a bound.
private enum FileText {
    static func read(_ path: String) -> String? {
        guard let file = RecordingFile(path), file.size <= Limits.recordingSealMaxBytes else { return nil }
        return file.read(0, file.size).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension CallView {
    fileprivate init(_ leg: CallLegRow, _ recordings: [RecordingRow], _ book: PlaceBook) {
        self.init(
            id: leg.id.description, at: leg.atMs, uncertaintyMs: leg.uncertaintyMs, terminal: leg.origin,
            party: leg.party, answeredAt: leg.answeredMs, endedAt: leg.endedMs, book: book)
        (urgency, mode, reason) = (leg.urgency, leg.mode, leg.reason)
        alarm = leg.alarm.isEmpty ? nil : leg.alarm
        officer = OfficerID(leg.officer).map { OfficerView($0, book) }
        second = OfficerID(leg.second).map { OfficerView($0, book) }
        ending = leg.why.isEmpty ? nil : leg.why
        unrecorded = leg.unrecorded.isEmpty ? nil : leg.unrecorded
        self.recordings = recordings.map { row in
            var view = RecordingView(
                id: row.sealed.sha256, name: row.sealed.name.text, terminal: row.origin.text,
                title: book.title(row.origin), ms: row.sealed.lengthMs, bytes: row.sealed.byteCount,
                cut: row.sealed.isCut, stored: row.storedMs != nil, removed: row.removedMs != nil)
            for word in row.quality.split(separator: " ") {
                let pair = word.split(separator: "=", maxSplits: 1)
                if pair.count == 2, let value = Double(pair[1]) { view.quality[String(pair[0])] = value }
            }
            return view
        }
    }
}
