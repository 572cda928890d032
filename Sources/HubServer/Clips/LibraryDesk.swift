// SPDX-License-Identifier: Apache-2.0
import Bundles
import ClipMaking
import Clips
import Facility
import Paging
import Synchronization

//  a person ─ sound or text ─> ClipMaker ─> content in the store ─> index, signed as bundle `clips`
//  terminal ─ GET /v1/bundles/ ─> index ─ GET /v1/clips/SHA256, what it lacks ─> POST /v1/clips: what it has

/// The library of voice units: its units, their contents, who holds them. A value; any task.
///
/// Always true: the index that goes down names only contents that are in the store; contents that no unit
/// names are not kept.
struct LibraryDesk: Sendable {
    let bundles: BundleDesk
    private let sent = SentBytes()

    init(bundles: BundleDesk) { self.bundles = bundles }

    private var store: any HubStore { bundles.store }

    /// What is in force; nil: nothing was ever published.
    func library() async throws -> (version: Int64, index: ClipIndex)? {
        try await store.read { try Self.library(in: $0) }
    }

    static func library(in session: any HubSession) throws -> (version: Int64, index: ClipIndex)? {
        guard let manifest = try session.newestBundle(.clips, for: nil),
            let bytes = try session.bundleContent(manifest)
        else { return nil }
        return (manifest.version, try ClipIndex(bytes, at: "clips \(manifest.version)"))
    }

    // MARK: Changing

    /// A further unit, or another content of one. Nil: it was so already.
    @discardableResult
    func put(_ name: UnitName, _ clip: MadeClip, atMs: Int64) async throws -> BundleManifest? {
        let unit = ClipUnit(name: name, sha256: ClipDigest.of(clip.bytes), ms: clip.ms)
        return try await change([unit.sha256: clip.bytes], atMs: atMs) { index throws(Fault) in
            try index.put(unit)
        }
    }

    /// False: there is no such unit, or the other name is taken.
    func rename(_ name: UnitName, to other: UnitName, atMs: Int64) async throws -> Bool {
        guard let index = try await library()?.index, var unit = index[name], index[other] == nil else {
            return false
        }
        unit.name = other
        let renamed = unit
        try await change([:], atMs: atMs) { index throws(Fault) in
            index.remove(name)
            try index.put(renamed)
        }
        return true
    }

    /// False: there is no such unit.
    func remove(_ name: UnitName, atMs: Int64) async throws -> Bool {
        guard try await library()?.index[name] != nil else { return false }
        try await change([:], atMs: atMs) { index throws(Fault) in index.remove(name) }
        return true
    }

    /// A library that `watchpost clips add` made, in the place of what was.
    func adopt(_ folder: ClipFolder, atMs: Int64) async throws -> BundleManifest? {
        let new = try folder.index()
        var contents: [String: [UInt8]] = [:]
        for sha256 in new.contents {
            guard let bytes = folder.content(sha256) else {
                throw Fault(
                    "publish", at: folder.file(sha256), cause: "it is missing, or not what its name says",
                    hint: "See `watchpost clips verify`, and make the unit again.")
            }
            contents[sha256] = bytes
        }
        return try await change(contents, atMs: atMs) { index throws(Fault) in index = new }
    }

    /// One transaction: contents, index, signature.
    @discardableResult
    private func change(
        _ contents: [String: [UInt8]], atMs: Int64,
        _ alter: @escaping @Sendable (inout ClipIndex) throws(Fault) -> Void
    ) async throws -> BundleManifest? {
        let authority = bundles.authority
        return try await store.write { session in
            var index = try Self.library(in: session)?.index ?? ClipIndex()
            try alter(&index)
            for (sha256, bytes) in contents { try session.putClip(bytes, sha256) }
            let named = Set(index.contents)
            var total: Int64 = 0
            for (sha256, size) in try session.clipSizes() {
                if named.contains(sha256) { total += size } else { try session.forgetClip(sha256) }
            }
            guard total <= Limits.clipsBudgetBytes else {
                throw Fault(
                    "keep unit", at: "library",
                    cause: "it would have more than \(Limits.clipsBudgetBytes) bytes",
                    hint: "Remove units that no timetable names.")
            }
            return try BundleDesk.publish(
                .clips, Array(index.text.utf8), terminal: nil, authority, atMs: atMs, in: session)
        }
    }

    // MARK: Terminals

    /// Nil where the library does not have it. Counted: what it costs the network is a figure of the hub.
    func content(_ sha256: String) async throws -> [UInt8]? {
        guard ClipIndex.isHash(sha256) else { return nil }
        return try await store.read { try $0.clip(sha256) }
    }

    func sent(_ byteCount: Int) { sent.add(byteCount) }
    /// Bytes of contents that terminals were sent since the start.
    var sentBytes: Int { sent.count }

    /// What it threw away is written in the audit: somebody changed it there, or the medium fails.
    func take(_ report: ClipReport, of terminal: TerminalID, atMs: Int64) async throws {
        try await store.write { session in
            try session.put(report, of: terminal, atMs: atMs)
            for sha256 in report.refused {
                try session.append(
                    AuditNote(who: terminal.text, what: "clip.refused", subject: sha256, outcome: "altered"),
                    atMs: atMs)
            }
        }
    }

    func holdings() async throws -> [ClipHolding] { try await store.read { try $0.clipHoldings() } }

    // MARK: Timetables

    /// What the published timetable, everybody's or a terminal's own, plays and the library lacks; sorted.
    func lacking(for terminal: TerminalID?) async throws -> [String] {
        try await store.read { session in
            guard let manifest = try session.newestBundle(.timetable, for: terminal),
                let bytes = try session.bundleContent(manifest)
            else { return [] }
            let plan = try PlanBytes.decode(bytes, at: "timetable \(manifest.version)")
            let index = try Self.library(in: session)?.index ?? ClipIndex()
            let units = Set(plan.routines.map(\.unit))
            return units.subtracting([ClipIndex.quietTone])
                .filter { unit in UnitName(unit).flatMap { index[$0] } == nil }.sorted()
        }
    }
}

/// A count that every copy of its desk shares.
private final class SentBytes: Sendable {
    private let bytes = Atomic<Int>(0)
    var count: Int { bytes.load(ordering: .relaxed) }
    func add(_ more: Int) { bytes.add(more, ordering: .relaxed) }
}
