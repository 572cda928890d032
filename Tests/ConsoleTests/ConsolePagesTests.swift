// SPDX-License-Identifier: Apache-2.0
import Console
import Foundation
import Testing

struct ConsolePagesTests {
    @Test func pages_areAllThere_andAsTheyWereWritten() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Console/Pages")
        let written = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(written) == Set(ConsolePages.files.keys))
        for name in written {
            let page = try #require(ConsolePages.file(at: "/" + name), "\(name)")
            #expect(page.bytes == [UInt8](try Data(contentsOf: folder.appending(path: name))), "\(name)")
        }
        #expect(ConsolePages.file(at: "/")?.type == "text/html; charset=utf-8")
    }

    @Test(arguments: ["/../Package.swift", "//etc/passwd", "/index", "", "/Pages/index.html"])
    func path_isNothing_whenItIsNoPage(path: String) {
        #expect(ConsolePages.file(at: path) == nil)
    }
}
