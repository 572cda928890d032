// SPDX-License-Identifier: Apache-2.0
import Clips
import Facility
import Foundation
import TestBoard
import Testing

struct ClipFolderTests {
    private func folder() throws -> ClipFolder {
        let path = FileManager.default.temporaryDirectory.appending(path: "wp-clips-\(UUID())").path
        let folder = ClipFolder(path)
        try folder.make()
        return folder
    }

    private func unit(_ name: String, _ sha256: String) -> ClipUnit {
        ClipUnit(name: .named(name), sha256: sha256, ms: 1)
    }

    private func files(_ folder: ClipFolder) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
    }

    @Test func library_turns_onlyWhenAllIsThere() throws {
        let folder = try folder()
        #expect(try folder.index() == ClipIndex())
        let first = try folder.keep(Array("first".utf8))
        #expect(folder.look(first) == .sound(byteCount: 5) && folder.content(first) == Array("first".utf8))
        var index = ClipIndex()
        try index.put(unit("a", first))
        try folder.turn(to: index)
        let second = ClipDigest.of(Array("second".utf8))
        var more = index
        try more.put(unit("b", second))
        #expect(throws: Fault.self) { try folder.turn(to: more) }
        #expect(try folder.index() == index)
        // In pieces; what came before a cut stays.
        try folder.append(Array("sec".utf8), to: second)
        #expect(folder.have(second) == 3 && folder.look(second) == .missing)
        try folder.append(Array("ond".utf8), to: second)
        try folder.finish(second)
        more.remove(.named("a"))
        try folder.turn(to: more)
        #expect(try folder.index() == more)
        #expect(try files(folder) == ["index", second], "what nobody names goes")
    }

    @Test func content_isRefused_whenItIsAnother() throws {
        let folder = try folder()
        let name = ClipDigest.of(Array("good".utf8))
        try folder.append(Array("evil".utf8), to: name)
        #expect(throws: Fault.self) { try folder.finish(name) }
        #expect(try files(folder).isEmpty, "the next try starts clean")
        let kept = try folder.keep(Array("good".utf8))
        try Data("g00d".utf8).write(to: URL(fileURLWithPath: folder.file(kept)))
        #expect(folder.look(kept) == .wrong && folder.content(kept) == nil)
        folder.forget(kept)
        #expect(folder.look(kept) == .missing)
        let long = [UInt8](repeating: 0, count: Int(Limits.clipMaxBytes))
        try folder.append(long, to: kept)
        #expect(throws: Fault.self) { try folder.append([1], to: kept) }
        #expect(folder.have(kept) == 0)
    }

    @Test func link_isNotFollowed_whereverItStands() throws {
        let folder = try folder()
        let name = ClipDigest.of(Array("good".utf8))
        let other = folder.path + "-other"
        try Data("good".utf8).write(to: URL(fileURLWithPath: other))
        symlink(other, folder.file(name))
        #expect(folder.look(name) == .wrong && folder.content(name) == nil)
        symlink(other, folder.path + "/index")
        #expect(throws: Fault.self) { try folder.index() }
        #expect(folder.look("../" + name) == .wrong && folder.content("index") == nil)
    }
}
