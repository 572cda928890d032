// SPDX-License-Identifier: Apache-2.0
import Crypto
import Facility
import Foundation
import Journal
import Paging
import SwiftASN1
import Testing
import X509

@testable import Bundles

/// A hub's key, the seal that a terminal holds it against, and a folder of its own.
struct TestDown {
    let key = P256.Signing.PrivateKey()
    let seal: BundleSeal
    let folder: BundleFolder

    init() throws {
        let subject = try DistinguishedName { CommonName("hub") }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSince1970: 0), notValidAfter: Date(timeIntervalSince1970: 1e10),
            issuer: subject, subject: subject, extensions: Certificate.Extensions(),
            issuerPrivateKey: .init(key))
        seal = try BundleSeal(authority: try certificate.serializeAsPEM().pemString, at: "authority.pem")
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID())").path
        folder = BundleFolder(path, terminal: try #require(TerminalID("post-a")))
    }

    func manifest(
        _ bytes: [UInt8], version: Int64 = 1, kind: BundleKind = .rules, terminal: TerminalID? = nil
    ) throws -> BundleManifest {
        try BundleSeal.sign(
            BundleManifest(
                kind: kind, version: version, size: Int64(bytes.count), sha256: BundleSeal.sha256(bytes),
                terminal: terminal), with: key)
    }

    /// As `watchpost-sync` does, in pieces of three bytes.
    func take(_ manifest: BundleManifest, _ bytes: [UInt8]) throws {
        guard var have = try folder.begin(manifest, seal) else { return }
        while have < manifest.size {
            let piece = Array(bytes[Int(have)..<min(Int(have) + 3, bytes.count)])
            try folder.append(piece, manifest)
            have += Int64(piece.count)
        }
        try folder.finish(manifest, install: { _ in })
    }

    func text(_ kind: BundleKind = .rules) -> String? {
        folder.inForce(kind, seal).map { String(decoding: $0.bytes, as: UTF8.self) }
    }
}

struct BundleFolderTests {
    @Test func bundle_isInForce_onceItCameWhole() throws {
        let down = try TestDown()
        let (bytes, more) = (Array("first rules".utf8), Array("second".utf8))
        try down.take(down.manifest(bytes), bytes)
        #expect(down.text() == "first rules")
        try down.take(down.manifest(more, version: 2), more)
        #expect(down.text() == "second")
    }

    @Test func timetable_isPutWhereTheSoundLooks_onlyWhenItHolds() throws {
        let down = try TestDown()
        let plan = TimetablePlan(name: "day", offsets: .utc, dayTypes: DayTypes.titles)
        let (bytes, bad) = (PlanBytes.encode(plan), Array("no timetable".utf8))
        try down.take(down.manifest(bytes, kind: .timetable), bytes)
        #expect(throws: Fault.self) { try down.take(down.manifest(bad, version: 2, kind: .timetable), bad) }
        #expect(try CompiledTimetable.read(down.folder.path + "/timetable.wptt") == plan)
        #expect(down.folder.inForce(.timetable, down.seal)?.bytes == bytes)
    }

    @Test func download_goesOn_whereItWasCut() throws {
        let down = try TestDown()
        let bytes = Array("0123456789".utf8)
        let manifest = try down.manifest(bytes)
        #expect(try down.folder.begin(manifest, down.seal) == 0)
        try down.folder.append(Array(bytes[..<4]), manifest)
        #expect(down.text() == nil)
        #expect(try down.folder.begin(manifest, down.seal) == 4)
        try down.take(manifest, bytes)
        #expect(down.text() == "0123456789")
        #expect(try down.folder.begin(manifest, down.seal) == nil, "it is in force already")
    }

    @Test func olderOrEqualVersion_isRefused_andTheNewerStays() throws {
        let down = try TestDown()
        let (new, old) = (Array("new".utf8), Array("old".utf8))
        try down.take(down.manifest(new, version: 7), new)
        for version: Int64 in [1, 6, 7] {
            let manifest = try down.manifest(old, version: version)
            #expect(throws: Fault.self) { try down.take(manifest, old) }
        }
        #expect(down.text() == "new")
    }

    @Test func alteredContent_isThrownAway_andTheNextTryStartsClean() throws {
        let down = try TestDown()
        let (good, bad) = (Array("good".utf8), Array("evil".utf8))
        let manifest = try down.manifest(good)
        #expect(throws: Fault.self) { try down.take(manifest, bad) }
        #expect(down.text() == nil)
        #expect(try down.folder.begin(manifest, down.seal) == 0)
        try down.take(manifest, good)
        #expect(down.text() == "good")
    }

    @Test func manifest_isRefused_whenOneWordOfItWasChanged() throws {
        let down = try TestDown()
        let bytes = Array("rules".utf8)
        let signed = try down.manifest(bytes)
        var altered: [BundleManifest] = []
        for change in 0..<6 {
            var one = signed
            switch change {
            case 0: one.kind = .clips
            case 1: one.version = 9
            case 2: one.size = 6
            case 3: one.sha256 = String(repeating: "0", count: 64)
            case 4: one.terminal = "post-a"
            default: one.signature = ""
            }
            altered.append(one)
        }
        altered.append(try TestDown().manifest(bytes))
        altered.append(try down.manifest(bytes, terminal: TerminalID("post-b")))
        for manifest in altered {
            #expect(throws: Fault.self) { try down.folder.begin(manifest, down.seal) }
        }
    }

    @Test func lastGood_isInForce_whenTheNewestIsDamaged() throws {
        let down = try TestDown()
        let (first, second) = (Array("first".utf8), Array("second".utf8))
        try down.take(down.manifest(first), first)
        let newest = try down.manifest(second, version: 2)
        try down.take(newest, second)
        try Data("sec0nd".utf8).write(to: URL(fileURLWithPath: down.folder.object(newest)))
        #expect(down.text() == "first")
    }

    @Test func people_areRefused_whenTheListIsNone() throws {
        let down = try TestDown()
        let bytes = Array("{\"people\":[{\"id\":\"P1\"}]}".utf8)
        let manifest = try down.manifest(bytes, kind: .people)
        #expect(throws: Fault.self) { try down.take(manifest, bytes) }
        #expect(down.text(.people) == nil)
        let site = try down.manifest(bytes, kind: .site)
        #expect(throws: Fault.self) { try down.take(site, bytes) }
    }
}
