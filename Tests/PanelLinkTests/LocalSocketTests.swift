// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Testing

@testable import PanelLink

private func withSocketPath(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "wp-" + UUID().uuidString.prefix(8))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "socket").path)
}

@Test func localDatagram_arrivesWithTheKernelsCredentials_andCanBeAnswered() throws {
    try withSocketPath { path in
        let daemon = try LocalSocket(path: path)
        let tool = try LocalSocket()
        #expect(daemon.name == path && tool.name.hasPrefix("@"))
        #expect(tool.send([1, 2], to: path) == .sent)
        let got = try #require(daemon.receive())
        #expect(got == LocalDatagram(bytes: [1, 2], sender: tool.name, uid: getuid(), pid: getpid()))
        #expect(daemon.receive() == nil)
        #expect(daemon.send([3], to: got.sender) == .sent)
        #expect(tool.receive()?.bytes == [3] && tool.receive() == nil)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o666)
    }
}

@Test func socketFile_isReplaced_whenItsProcessDied() throws {
    try withSocketPath { path in
        // Bound and closed without being removed, as a killed process leaves it.
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(descriptor)
        #expect(bound == 0 && FileManager.default.fileExists(atPath: path))
        let daemon = try LocalSocket(path: path)
        #expect(try LocalSocket().send([1], to: path) == .sent && daemon.receive() != nil)
    }
}

@Test func socketFile_isLeftAlone_whenSomebodyListensOrItIsNoSocket() throws {
    try withSocketPath { path in
        let daemon = try LocalSocket(path: path)
        let fault = #expect(throws: Fault.self) { try LocalSocket(path: path) }
        #expect(fault?.place == path)
        #expect(try LocalSocket().send([1], to: path) == .sent && daemon.receive() != nil)
        _ = FileManager.default.createFile(atPath: path + "2", contents: nil)
        #expect(throws: Fault.self) { try LocalSocket(path: path + "2") }
        #expect(FileManager.default.fileExists(atPath: path + "2"))
    }
}

@Test func socketFile_isGone_whenTheSocketIsLetGo() throws {
    try withSocketPath { path in
        do { _ = try LocalSocket(path: path) }
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}

@Test func sending_tellsFullFromGone_andNeverBlocks() throws {
    try withSocketPath { path in
        let tool = try LocalSocket()
        #expect(tool.send([1], to: path) == .gone)
        #expect(tool.send([1], to: String(repeating: "x", count: 200)) == .gone)
        let daemon = try LocalSocket(path: path)
        var sent = 0
        while tool.send([1], to: path) == .sent, sent < 100_000 { sent += 1 }
        #expect(sent > 0 && sent < 100_000 && tool.send([1], to: path) == .full)
        #expect(daemon.receive() != nil && tool.send([1], to: path) == .sent)
    }
}

@Test func localDatagram_isNoMessage_whenLongerThanAllowed() throws {
    let a = try LocalSocket()
    #expect(a.send([UInt8](repeating: 0, count: 5_000), to: a.name) == .sent)
    #expect(a.receive()?.bytes.count == Limits.datagramMaxBytes + 1)
}
