// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Testing

@testable import Bundles

struct BundleManifestTests {
    private let manifest = BundleManifest(
        kind: .people, version: 3, size: 12, sha256: String(repeating: "a", count: 64),
        terminal: TerminalID("post-a"), signature: "AA==")

    @Test func manifest_comesBack_asItWasSent() {
        #expect(BundleManifest(manifest.encode()) == manifest)
        #expect(
            manifest.signedText
                == "watchpost-bundle-1\npeople\n3\n12\n\(String(repeating: "a", count: 64))\npost-a\n")
    }

    @Test func list_passesOver_whatThisProgramDoesNotKnow() throws {
        let text =
            "{\"bundles\":[{\"kind\":\"songs\",\"version\":1},"
            + String(decoding: manifest.encode(), as: UTF8.self) + ",{}]}"
        let list = try JSONDecoder().decode(BundleList.self, from: Data(text.utf8))
        #expect(list.bundles == [manifest])
    }

    @Test(arguments: ["../../../../etc/passwd", "", "A", String(repeating: "A", count: 64)])
    func name_isRefused_whenItCouldLeaveTheFolder(name: String) {
        var other = manifest
        other.sha256 = name
        #expect(!other.isWellFormed && BundleManifest(other.encode()) == nil)
    }
}
