// SPDX-License-Identifier: Apache-2.0
package import Facility
import FoundationEssentials

/// What a hub sends down.
package enum BundleKind: String, Codable, Sendable, CaseIterable, Hashable {
    /// Officers who may sign in at posts: `PeopleBundle`.
    case people
    /// One terminal's compiled configuration.
    case site
    case timetable
    case rules
    case clips
}

/// What is said of one version of a bundle, signed by the hub's authority. A value; any thread.
///
/// The signature is over `signedText`: so kind, version, terminal and content belong together, and none of
/// them can be put beside another.
package struct BundleManifest: Codable, Hashable, Sendable {
    package var kind: BundleKind
    /// Rises with each change; a terminal never goes back.
    package var version: Int64
    package var size: Int64
    /// Of the content, 64 hexadecimal digits; also its name.
    package var sha256: String
    /// For this terminal alone; nil: for every terminal that is given it.
    package var terminal: String?
    /// ECDSA on P-256 with SHA-256, DER, base64.
    package var signature: String

    package init(
        kind: BundleKind, version: Int64, size: Int64, sha256: String, terminal: TerminalID?,
        signature: String = ""
    ) {
        self.kind = kind
        self.version = version
        self.size = size
        self.sha256 = sha256
        self.terminal = terminal?.text
        self.signature = signature
    }

    /// Six lines, each ended by a line feed.
    package var signedText: String {
        "watchpost-bundle-1\n\(kind.rawValue)\n\(version)\n\(size)\n\(sha256)\n\(terminal ?? "-")\n"
    }

    /// A name that can be a file's, and a content that can be held.
    package var isWellFormed: Bool {
        sha256.utf8.count == 64 && sha256.utf8.allSatisfy { HexText.isDigit($0) }
            && (0...Int64(Limits.bundleMaxBytes)).contains(size) && version > 0
    }

    /// Is it for this terminal?
    package func isFor(_ own: TerminalID) -> Bool { terminal == nil || terminal == own.text }

    package func encode() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { Array($0) } ?? []
    }

    package init?(_ bytes: [UInt8]) {
        guard let read = try? JSONDecoder().decode(BundleManifest.self, from: Data(bytes)),
            read.isWellFormed
        else { return nil }
        self = read
    }
}

/// What the hub answers to `GET /v1/bundles/`. Kinds that this program does not know are passed over.
package struct BundleList: Codable, Sendable {
    package var bundles: [BundleManifest]

    private enum Key: CodingKey { case bundles }
    private struct Maybe: Decodable {
        let manifest: BundleManifest?
        init(from decoder: any Decoder) { manifest = try? BundleManifest(from: decoder) }
    }

    package init(_ bundles: [BundleManifest]) { self.bundles = bundles }

    package init(from decoder: any Decoder) throws {
        let all = try decoder.container(keyedBy: Key.self).decode([Maybe].self, forKey: .bundles)
        bundles = all.compactMap(\.manifest).filter(\.isWellFormed)
    }
}

/// Lower-case hexadecimal. Pure.
package enum HexText {
    package static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    package static func of(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
