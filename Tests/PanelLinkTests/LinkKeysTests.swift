// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Testing

@testable import PanelLink

private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
}

private func put(_ text: String, _ path: String, mode: Int = 0o400) {
    _ = FileManager.default.createFile(
        atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
}

@Test func keys_areTheSame_whenWrittenAndLoaded() throws {
    try withFolder { folder in
        let keys = LinkKeys.generate()
        try keys.write(folder + "/key")
        let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/key")
        #expect(attributes[.posixPermissions] as? Int == 0o400)
        let loaded = try LinkKeys.load(folder + "/key")
        #expect(loaded.publicKey == keys.publicKey && loaded.secretKey == keys.secretKey)
        #expect(LinkKeys.key(keys.publicText) == keys.publicKey)
        #expect(!"\(keys)".contains(LinkKeys.text(keys.secretKey)))
    }
}

@Test func keys_areNotReplaced_whenTheFileExists() throws {
    try withFolder { folder in
        try LinkKeys.generate().write(folder + "/key")
        #expect(throws: Fault.self) { try LinkKeys.generate().write(folder + "/key") }
    }
}

@Test(arguments: [0o440, 0o404, 0o640, 0o601])
func keys_areRefused_whenOthersMayReadThem(mode: Int) throws {
    try withFolder { folder in
        put(String(repeating: "a", count: 64) + "\n", folder + "/key", mode: mode)
        let fault = #expect(throws: Fault.self) { try LinkKeys.load(folder + "/key") }
        #expect(fault?.hint.contains("chmod 0400") == true)
    }
}

@Test(arguments: [
    "", "ab", String(repeating: "a", count: 63), String(repeating: "a", count: 65),
    String(repeating: "g", count: 64), String(repeating: "a", count: 64) + "\n\n",
])
func keys_areRefused_whenTheFileIsNotOneKey(text: String) throws {
    try withFolder { folder in
        put(text, folder + "/key")
        let fault = #expect(throws: Fault.self) { try LinkKeys.load(folder + "/key") }
        #expect(fault?.hint.contains("keygen") == true)
    }
}

@Test func keys_areRefused_whenThereIsNoFileOrAFolder() throws {
    try withFolder { folder in
        #expect(throws: Fault.self) { try LinkKeys.load(folder + "/none") }
        #expect(throws: Fault.self) { try LinkKeys.load(folder) }
    }
}
