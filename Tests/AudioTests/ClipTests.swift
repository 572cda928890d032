// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Glibc
import Testing

struct ClipTests {
    static func folder() throws -> String {
        var template = Array("/tmp/wp-clips-XXXXXX".utf8CString)
        let made: String? = mkdtemp(&template).map { String(cString: $0) }
        return try #require(made)
    }

    static func put(_ bytes: [UInt8], _ path: String) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        _ = write(file, bytes, bytes.count)
        close(file)
    }

    static let name = String(repeating: "a", count: 64)

    @Test func clip_isRead_atTheCardsRate() throws {
        let folder = try Self.folder()
        defer { unlink("\(folder)/\(Self.name)"); rmdir(folder) }
        let said = (0..<8_000).map { Int16(8_000 * sin(Double($0) * 0.1)) }
        try Clip.write(said, rateHz: 8_000, path: "\(folder)/\(Self.name)")
        #expect(try Clip.read(Self.name, in: folder, rateHz: 8_000) == said)
        let doubled = try Clip.read(Self.name, in: folder, rateHz: 16_000)
        #expect(abs(doubled.count - 16_000) < 200)
    }

    /// FAULTS 17.
    @Test(arguments: [
        "../etc/passwd", "..", ".", "", "/etc/passwd", "%2e%2e%2f", "con", "a\u{0}b", "\u{202e}gpj.ogg",
        String(repeating: "a", count: 300), String(repeating: "A", count: 64), "help-has-been-told", "a/b",
        String(repeating: "a", count: 62) + "/.", "help-has-been-told.ogg/..",
    ])
    func name_isRefused(name: String) throws {
        #expect(!Clip.isName(name))
        #expect(throws: Fault.self) { try Clip.read(name, in: "/etc", rateHz: 16_000) }
    }

    @Test func link_isNotFollowed() throws {
        let folder = try Self.folder()
        defer { unlink("\(folder)/\(Self.name)"); rmdir(folder) }
        symlink("/etc/hostname", "\(folder)/\(Self.name)")
        #expect(throws: Fault.self) { try Clip.read(Self.name, in: folder, rateHz: 16_000) }
    }

    /// FAULTS 16: heads that lie, rubbish, nothing at all.
    @Test func file_isRefused_whenItLies() throws {
        let folder = try Self.folder()
        let path = "\(folder)/\(Self.name)"
        defer { unlink(path); rmdir(folder) }
        func head(_ channels: UInt8, _ rate: UInt32, _ data: UInt32) -> [UInt8] {
            func little(_ value: UInt32) -> [UInt8] {
                (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
            }
            return Array("RIFF".utf8) + little(0xffff_ff00) + Array("WAVEfmt ".utf8) + little(16)
                + [1, 0, channels, 0] + little(rate) + little(rate &* 2) + [2, 0, 16, 0] + Array("data".utf8)
                + little(data)
        }
        let files: [[UInt8]] = [
            [], [0], Array("OggS".utf8), [UInt8](repeating: 0xff, count: 4_000), head(32, 192_000, 4_000),
            head(1, 192_000, 4_000) + [UInt8](repeating: 1, count: 400), head(1, 16_000, 0), head(1, 0, 100),
        ]
        for bytes in files {
            Self.put(bytes, path)
            #expect(throws: Fault.self, "\(bytes.count) bytes") { try Clip.read(path: path, rateHz: 16_000) }
        }
        // A head that claims 4 GB over a little sound: what is there is read.
        Self.put(head(1, 16_000, 0xffff_fe00) + [UInt8](repeating: 3, count: 3_200), path)
        #expect((try? Clip.read(path: path, rateHz: 16_000).count) ?? 1_600 <= 1_600)
    }
}
