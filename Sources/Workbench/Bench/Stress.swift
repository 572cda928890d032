// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation

/// Both cores busy (`stress-ng`), and a small disk for the journals that can be frozen: an ext4 image on a
/// loop device. Needs root. Everything it makes is undone by `end`, also twice.
final class Stress {
    let mountPoint: String
    private let image: String
    private var load: Process?
    private var isFrozen = false

    init(in directory: TemporaryDirectory) throws(Fault) {
        mountPoint = directory.path + "/disk"
        image = directory.path + "/disk.img"
        try Self.run("mkdir", mountPoint)
        try Self.run("truncate", "-s", "256M", image)
        try Self.run("mkfs.ext4", "-q", image)
        try Self.run("mount", "-o", "loop", image, mountPoint)
    }

    /// Load from now on; the disk freezes after five seconds, for thirty.
    func begin() {
        load = try? Process.run(
            URL(fileURLWithPath: "/usr/bin/env"),
            arguments: [
                "stress-ng", "--quiet", "--cpu", "\(ProcessInfo.processInfo.activeProcessorCount)",
                "--timeout", "600",
            ])
        let point = mountPoint
        isFrozen = true
        let freeze = Process()
        freeze.executableURL = URL(fileURLWithPath: "/bin/sh")
        freeze.arguments = ["-c", "sleep 5; fsfreeze -f \(point); sleep 30; fsfreeze -u \(point)"]
        try? freeze.run()
    }

    func end() {
        load?.terminate()
        load?.waitUntilExit()
        load = nil
        if isFrozen { try? Self.run("fsfreeze", "-u", mountPoint) }
        isFrozen = false
        try? Self.run("umount", "-l", mountPoint)
    }

    private static func run(_ words: String...) throws(Fault) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
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
