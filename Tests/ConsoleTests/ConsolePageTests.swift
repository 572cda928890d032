// SPDX-License-Identifier: Apache-2.0
import Console
import Foundation
import Testing

@Test func pages_areAllServed_asTheyStandInTheFolder() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Sources/Console/Pages").standardizedFileURL
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(names) == Set(ConsolePage.all.keys))
    for name in names {
        let file = try Data(contentsOf: folder.appendingPathComponent(name))
        #expect(ConsolePage.all[name] == Array(file), "\(name) is another")
    }
}
