// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The project's files, read once. Found from this file upward, so the rules need no working directory.
enum Tree {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let sources = files(under: "Sources")
    static let tests = files(under: "Tests")
    static let package = file("Package.swift")

    static var swiftSources: [SourceFile] { sources.filter(\.path.isSwift) }
    static var swiftTests: [SourceFile] { tests.filter(\.path.isSwift) }
    static var code: [SourceFile] { (sources + tests).filter { $0.path.isSwift || $0.path.isC } }

    /// Names of what lies in a folder of the root; none when there is no such folder.
    static func names(in folder: String) -> [String] {
        let found = try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
        return (found ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// A file that must be there; an empty one, and so a broken rule, when it is not.
    static func file(_ path: String) -> SourceFile {
        SourceFile(
            path: path, text: (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? "")
    }

    private static func files(under folder: String) -> [SourceFile] {
        let found = try? FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
        let kinds = ["swift", "c", "h", "modulemap", "sh", "py"]
        return (found ?? []).filter { kinds.contains(($0 as NSString).pathExtension) }.sorted()
            .map { file(folder + "/" + $0) }
    }
}
