// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A directory with the sample files, gone with the value.
final class TemporaryFiles {
    let directory: String

    init(
        _ files: [String: String] = [
            "site.yaml": Samples.site, "cell.yaml": Samples.board, "post.yaml": Samples.postBoard,
        ]
    ) throws {
        directory = NSTemporaryDirectory() + "site-check-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for (name, text) in files { try put(text, name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func path(_ name: String) -> String { directory + "/" + name }

    func put(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    }
}
