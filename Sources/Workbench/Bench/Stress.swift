// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import Foundation

/// Both cores busy (`stress-ng`), and a small disk for the journals that can be frozen: an ext4 image on a
/// loop device. Needs root. Everything it makes is undone by `end`, also twice.
final class Stress {
    let mountPoint: String
    private let image: String
    private let load = Supervisor()
    private var began: Uptime?
    private var frozenAt: Uptime?
    /// How long the disk stood still, milliseconds.
    private(set) var frozenMs = 0

    init(in directory: TemporaryDirectory) throws(Fault) {
        mountPoint = directory.path + "/disk"
        image = directory.path + "/disk.img"
        try Self.run("mkdir", mountPoint)
        try Self.run("truncate", "-s", "256M", image)
        try Self.run("mkfs.ext4", "-q", image)
        try Self.run("mount", "-o", "loop", image, mountPoint)
    }

    /// Load from now on.
    func begin() throws(Fault) {
        try Self.run("stress-ng", "--version")
        let cores = ProcessInfo.processInfo.activeProcessorCount
        load.run([
            Program(
                name: "load", executable: "/usr/bin/env",
                arguments: ["stress-ng", "--quiet", "--cpu", "\(cores)", "--timeout", "600"])
        ])
        began = .now
    }

    /// Between presses: the disk freezes five seconds after the beginning, and is thawed thirty later.
    func step(_ now: Uptime) throws(Fault) {
        guard let began else { return }
        if frozenAt == nil, frozenMs == 0, now.ms(since: began) >= 5_000 {
            try Self.run("fsfreeze", "-f", mountPoint)
            frozenAt = now
        }
        if let frozenAt, now.ms(since: frozenAt) >= 30_000 { thaw() }
    }

    private func thaw() {
        guard let frozenAt else { return }
        try? Self.run("fsfreeze", "-u", mountPoint)
        frozenMs = Uptime.now.ms(since: frozenAt)
        self.frozenAt = nil
    }

    func end() {
        load.stopAll()
        thaw()
        try? Self.run("umount", "-l", mountPoint)
    }

    private static func run(_ words: String...) throws(Fault) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try? process.run()
        if process.isRunning || process.processIdentifier != 0 { process.waitUntilExit() }
        guard process.terminationStatus == 0 else {
            throw Fault(
                "prepare stress", at: words.joined(separator: " "),
                cause: "it ended with \(process.terminationStatus)",
                hint: "Run as root, with e2fsprogs, util-linux and stress-ng installed (make bench does).")
        }
    }
}
