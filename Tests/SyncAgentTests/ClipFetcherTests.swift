// SPDX-License-Identifier: Apache-2.0
import Bundles
import Clips
import Facility
import Foundation
import NIOPosix
import TestBoard
import Testing

@testable import ClipMaking
@testable import HubServer
@testable import SyncAgent

/// Libraries of terminals, against a hub that serves.
private final class ClipPlace: Sendable {
    let joined: TestJoined
    let threads = NIOThreadPool(numberOfThreads: 1)
    let client: HubClient
    var hub: HubParts { joined.parts }

    static func run(_ body: @escaping @Sendable (ClipPlace) async throws -> Void) async throws {
        let joined = try await TestJoined()
        let (opened, tell) = AsyncStream.makeStream(of: Void.self)
        let serving = Task { try await joined.hub.run(endsOnSignals: false) { _, _ in tell.yield() } }
        for await _ in opened { break }
        let place = try ClipPlace(joined)
        do { try await body(place) } catch { Issue.record("\(error)") }
        await place.client.close()
        serving.cancel()
        _ = try? await serving.value
        try await place.threads.shutdownGracefully()
    }

    init(_ joined: TestJoined) throws {
        self.joined = joined
        threads.start()
        let identity = try HubIdentity.read(joined.identity)
        client = HubClient(
            identity.hub, tls: try identity.tls(), trust: try identity.trust(), floor: identity.floor())
    }

    /// A terminal with a folder of its own; all have one name.
    func terminal(_ name: String) throws -> (fetcher: BundleFetcher, folder: ClipFolder) {
        let folder = "\(joined.folder)/\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let clips = ClipFolder(folder + "/clips")
        let fetcher = BundleFetcher(
            identity: try HubIdentity.read(joined.identity),
            folder: BundleFolder(folder + "/bundles", terminal: TestJoined.cell),
            installed: folder + "/terminal.db", sent: folder + "/site.db",
            clips: ClipFetcher(clips, threads: threads, mustYield: { false }, say: { _ in }),
            threads: threads, say: { _ in })
        return (fetcher, clips)
    }

    /// Bytes that look like nothing: what a unit holds is not looked at on its way.
    func put(_ name: String, byteCount: Int, seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed)
        let bytes = (0..<byteCount).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
        let clip = MadeClip(bytes: bytes, ms: 1_000, gainDb: 0, loudnessLufs: -23, peakDb: -1)
        try await hub.library.put(.named(name), clip, atMs: 1)
    }

    func refusals() async throws -> Int {
        try await hub.store.read { try $0.audit(downFrom: .max, limit: 100) }.count {
            $0.what == "clip.refused"
        }
    }
}

struct ClipFetcherTests {
    /// B6: 200 terminals.
    @Test func unchangedLibrary_movesNothing_ofTwoHundredTerminals() async throws {
        try await ClipPlace.run { place in
            try await place.put("wake-up", byteCount: 20_000, seed: 1)
            for number in 0..<5 {
                try await place.put("unit-\(number)", byteCount: 7_000, seed: UInt64(number) + 10)
            }
            let whole = 20_000 + 5 * 7_000
            let terminals = try (0..<200).map { try place.terminal("t\($0)") }
            // On a busy machine an answer may come too late: then it is asked again.
            func level() async throws {
                let index = try #require(try await place.hub.library.library()).index
                for terminal in terminals {
                    for _ in 0..<9 where try terminal.folder.index() != index {
                        try? await terminal.fetcher.look(place.client)
                    }
                    #expect(try terminal.folder.index() == index)
                }
            }
            try await level()
            let first = place.hub.library.sentBytes
            #expect(first >= 200 * whole)
            for terminal in terminals { try await terminal.fetcher.look(place.client) }
            // A process that starts anew knows of nothing but the files.
            for number in 0..<20 { try await place.terminal("t\(number)").fetcher.look(place.client) }
            #expect(place.hub.library.sentBytes == first, "an unchanged library moves nothing")
            // One unit more, and one less: that one moves, the other goes.
            try await place.put("news", byteCount: 9_000, seed: 99)
            #expect(try await place.hub.library.remove(.named("unit-0"), atMs: 2))
            try await level()
            #expect(place.hub.library.sentBytes >= first + 200 * 9_000)
            #expect(place.hub.library.sentBytes < first + 200 * whole, "what was here does not move again")
            let held = try #require(try await place.hub.library.holdings().first).report
            let last = try #require(try await place.hub.library.library())
            #expect(held.version == last.version && held.unitCount == 6 && held.missingCount == 0)
            #expect(held.byteCount == Int64(whole + 9_000 - 7_000))
            let files = try FileManager.default.contentsOfDirectory(atPath: terminals[0].folder.path)
            #expect(Set(files) == Set(last.index.contents + ["index"]))
        }
    }

    @Test func content_goesOn_whereItWasCut() async throws {
        try await ClipPlace.run { place in
            try await place.put("news", byteCount: 600_000, seed: 3)
            let sha256 = try #require(try await place.hub.library.library()).index.contents[0]
            let content = try #require(try await place.hub.library.content(sha256))
            let (fetcher, folder) = try place.terminal("cut")
            try folder.make()
            try folder.append(Array(content.prefix(500_000)), to: sha256)
            try await fetcher.look(place.client)
            #expect(place.hub.library.sentBytes == 100_000)
            #expect(folder.content(sha256) == content)
            // All had come, and only the word of it was lost.
            let (other, second) = try place.terminal("whole")
            try second.make()
            try second.append(content, to: sha256)
            try await other.look(place.client)
            #expect(place.hub.library.sentBytes == 100_000 && second.content(sha256) == content)
        }
    }

    @Test func alteredContent_isRefusedToldAndFetchedAgain_hereAndAtTheHub() async throws {
        try await ClipPlace.run { place in
            for name in ["a", "b"] { try await place.put(name, byteCount: 5_000, seed: name == "a" ? 1 : 2) }
            let (fetcher, folder) = try place.terminal("one")
            try await fetcher.look(place.client)
            let index = try folder.index()
            #expect(index.units.count == 2)
            // Somebody changes a content on the terminal's disk.
            let sha256 = index.contents[0]
            try Data("evil".utf8).write(to: URL(fileURLWithPath: folder.file(sha256)))
            try await fetcher.look(place.client)
            #expect(folder.look(sha256) == .sound(byteCount: 5_000))
            #expect(place.hub.library.sentBytes == 3 * 5_000)
            #expect(try await place.refusals() == 1)
            // Somebody changes one at the hub: what is right comes, the library before stays in force.
            try await place.put("c", byteCount: 5_000, seed: 3)
            try await place.put("d", byteCount: 5_000, seed: 4)
            let new = try #require(try await place.hub.library.library()).index
            let third = try #require(new[.named("c")]).sha256
            let content = try #require(try await place.hub.library.content(third))
            func store(_ bytes: [UInt8]) async throws {
                _ = try await place.hub.store.write {
                    try $0.run("UPDATE clip SET content = ? WHERE sha256 = ?", .bytes(bytes), .text(third))
                }
            }
            try await store(Array(content.reversed()))
            await #expect(throws: Fault.self) { try await fetcher.look(place.client) }
            #expect(try folder.index() == index && folder.look(third) == .missing)
            #expect(try await place.refusals() == 2)
            let held = try #require(try await place.hub.library.holdings().first).report
            #expect(held.unitCount == 3 && held.missingCount == 1)
            try await store(content)
            try await fetcher.look(place.client)
            #expect(try folder.index() == new)
        }
    }
}
