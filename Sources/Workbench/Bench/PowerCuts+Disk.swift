// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation

/// A small ext4 disk on a loop device, whose image holds exactly what the file system has handed to the
/// device. Root; on the bench's thread. `remove` undoes everything, also twice.
final class LoopDisk {
    let mountPoint: String
    private let image: String
    private let folder: String
    private var device = ""
    private var isMounted = false

    init(in directory: TemporaryDirectory) throws(Fault) {
        folder = directory.path
        mountPoint = folder + "/disk"
        image = folder + "/disk.img"
        do throws(Fault) {
            try Self.run("mkdir", mountPoint, folder + "/after")
            try Self.run("truncate", "-s", "32M", image)
            try Self.run("mkfs.ext4", "-q", "-F", image)
            // Direct: what the device was given does not wait in a second page cache either.
            do throws(Fault) {
                device = try Self.run("losetup", "--find", "--show", "--direct-io=on", image)
            } catch { device = try Self.run("losetup", "--find", "--show", image) }
            try Self.run("mount", device, mountPoint)
            isMounted = true
        } catch {
            remove()
            throw error
        }
    }

    /// As a power cut would leave it now. Whoever writes there has to stand still.
    func copy() throws(Fault) -> String {
        let path = folder + "/copy.img"
        for _ in 0..<50 {
            let before = written
            try Self.run("cp", "--sparse=always", image, path)
            if before == written { return path }
        }
        throw Fault(
            "copy", at: image, cause: "the device was written all the while",
            hint: "Is another process using it?")
    }

    /// Mounts a copy, lets its file system recover, and looks.
    func look(into copy: String, _ body: (String) -> Void) throws(Fault) {
        let point = folder + "/after"
        try Self.run("mount", "-o", "loop", copy, point)
        body(point)
        try Self.run("umount", point)
        unlink(copy)
    }

    func remove() {
        _ = try? Self.run("umount", "-l", folder + "/after")
        if isMounted { _ = try? Self.run("umount", "-l", mountPoint) }
        isMounted = false
        if !device.isEmpty { _ = try? Self.run("losetup", "-d", device) }
        device = ""
    }

    /// Requests written, sectors written, and requests under way, as the kernel counts them.
    private var written: [Substring] {
        let name = device.split(separator: "/").last ?? ""
        let text = (try? String(contentsOfFile: "/sys/block/\(name)/stat", encoding: .utf8)) ?? ""
        let fields = text.split(whereSeparator: \.isWhitespace)
        return fields.count > 8 ? [fields[4], fields[6], fields[8]] : []
    }

    @discardableResult
    private static func run(_ words: String...) throws(Fault) -> String {
        let process = Process()
        let out = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = "/usr/sbin:/sbin:/usr/bin:/bin"
        process.environment = environment
        process.standardOutput = out
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else {
            throw Fault(
                "run", at: words[0], cause: "it does not start", hint: "Install util-linux and e2fsprogs.")
        }
        let said = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Fault(
                "prepare disk", at: words.joined(separator: " "),
                cause: "it ended with \(process.terminationStatus)",
                hint: "Run as root, with e2fsprogs and util-linux installed and loop devices free.")
        }
        return String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
