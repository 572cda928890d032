// SPDX-License-Identifier: Apache-2.0
package import Facility
import Foundation
import Journal

/// Finds a terminal's compiled configuration: `--config FILE|DIR`, else WATCHPOST_CONFIG, else where
/// `watchpost apply` puts it, else the running demo's. Reads the file system, on any thread.
package struct ConfigPlace: Sendable {
    package static let installed = "/var/lib/watchpost/config"
    package static let variable = "WATCHPOST_CONFIG"

    private let candidates: [String]
    private let isGiven: Bool

    package init(
        option: String?, environment: [String: String] = ProcessInfo.processInfo.environment,
        installed: String = ConfigPlace.installed, demo: DemoPlace = DemoPlace()
    ) {
        if let given = option ?? environment[Self.variable].flatMap({ $0.isEmpty ? nil : $0 }) {
            candidates = [given]
            isGiven = true
        } else {
            candidates = [installed] + (demo.runningDirectory.map { [$0 + "/" + DemoPlace.configs] } ?? [])
            isGiven = false
        }
    }

    /// The file of this terminal.
    package func file(of terminal: TerminalID) throws(Fault) -> String {
        for place in candidates {
            let file = Self.isDirectory(place) ? "\(place)/\(terminal).db" : place
            if FileManager.default.fileExists(atPath: file) { return file }
        }
        throw missing(terminal.text)
    }

    private func missing(_ what: String) -> Fault {
        Fault(
            "find configuration of", at: what, cause: "not in " + candidates.joined(separator: ", "),
            hint: isGiven
                ? "Name the compiled file, or the directory that `watchpost apply` wrote."
                : "Say --config FILE|DIR, set \(Self.variable), or start `watchpost demo` in another shell.")
    }

    /// The terminal of a machine that has one.
    package func onlyTerminal() throws(Fault) -> TerminalID {
        for place in candidates {
            if !Self.isDirectory(place), FileManager.default.fileExists(atPath: place) {
                return try CompiledSite.readNewestGood(place).config.terminal
            }
            let files = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
            let found = files.filter { $0.hasSuffix(".db") }.compactMap { TerminalID($0.dropLast(3)) }
                .sorted()
            if found.count == 1 { return found[0] }
            guard found.isEmpty else {
                throw Fault(
                    "choose a terminal of", at: place,
                    cause: "it has " + found.map(\.text).joined(separator: ", "),
                    hint: "Say which one: --terminal \(found[0]).")
            }
        }
        throw missing("a terminal")
    }

    private static func isDirectory(_ path: String) -> Bool {
        var answer: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &answer) && answer.boolValue
    }
}

/// Where a running demo says that it is, so that `watchpost press` in a second shell finds it: one small file
/// per user.
package struct DemoPlace: Sendable {
    package static let configs = "config"

    package let path: String

    package init(environment: [String: String] = ProcessInfo.processInfo.environment, user: UInt32 = getuid())
    {
        let own = environment["XDG_RUNTIME_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        path = own.map { $0 + "/watchpost-demo" } ?? "/tmp/watchpost-demo.\(user)"
    }

    package init(path: String) { self.path = path }

    /// The newest demo wins.
    package func announce(_ directory: String) throws(Fault) {
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        let text = Array("\(getpid())\n\(directory)\n".utf8)
        let written = descriptor >= 0 ? write(descriptor, text, text.count) : -1
        let cause = String(cString: strerror(errno))
        if descriptor >= 0 { close(descriptor) }
        guard written == text.count else {
            throw Fault("write", at: path, cause: cause, hint: "Remove this file, or set XDG_RUNTIME_DIR.")
        }
    }

    /// Only what this process announced.
    package func withdraw() { if content?.pid == getpid() { unlink(path) } }

    /// nil when no demo of this user runs.
    package var runningDirectory: String? {
        guard let content, kill(content.pid, 0) == 0 else { return nil }
        return content.directory
    }

    /// Somebody else's file in a directory that all may write says nothing.
    private var content: (pid: Int32, directory: String)? {
        var about = stat()
        guard lstat(path, &about) == 0, about.st_mode & S_IFMT == S_IFREG, about.st_uid == getuid(),
            let text = try? String(contentsOfFile: path, encoding: .utf8)
        else { return nil }
        let lines = text.split(separator: "\n")
        guard lines.count == 2, let pid = Int32(lines[0]), pid > 0, lines[1].hasPrefix("/") else {
            return nil
        }
        return (pid, String(lines[1]))
    }
}
