// SPDX-License-Identifier: Apache-2.0
import Foundation

@testable import HubServer

/// A PostgreSQL server of the tests' own, on a socket in a temporary folder: started when first asked for,
/// gone with this process however it ends, because a shell waits for the end of its standard input.
final class PostgresCluster: Sendable {
    /// Nil with the reason printed where no server is installed or it does not start.
    static let shared: PostgresCluster? = {
        guard let binaries else {
            print("skipped on PostgreSQL: no initdb on this machine (apt-get install postgresql)")
            return nil
        }
        return PostgresCluster(binaries: binaries)
    }()

    private static var binaries: String? {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let debian = versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "\(root)/\($0)/bin" }
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (debian + path).first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
    }

    private static let script = """
        # PostgreSQL refuses to run as root.
        as() { if [ "$(id -u)" = 0 ]; then runuser -u "$WP_USER" -- "$@"; else "$@"; fi; }
        if [ "$(id -u)" = 0 ]; then
            WP_USER=postgres; id -u postgres >/dev/null 2>&1 || WP_USER=nobody
            chown "$WP_USER" "$WP_FOLDER"
        fi
        cd "$WP_FOLDER"
        as "$WP_BINARIES/initdb" -D data -A trust -U watchpost -E UTF8 --locale=C --no-sync >log 2>&1 &&
        as "$WP_BINARIES/pg_ctl" -D data -w -l "$WP_FOLDER/data/log" \
            -o "-c listen_addresses= -c unix_socket_directories=$WP_FOLDER -c max_connections=200" \
            start >>log 2>&1 &&
        echo ready
        cat >/dev/null
        as "$WP_BINARIES/pg_ctl" -D data -m immediate stop >/dev/null 2>&1
        cd / && rm -rf "$WP_FOLDER"
        """

    private let folder: String
    /// Held open: its end is the server's.
    private let keeper: FileHandle
    private let process: Process

    private init?(binaries: String) {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "wp-pg-\(UUID().uuidString.prefix(8))"
        ).path
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let (input, output) = (Pipe(), Pipe())
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", Self.script]
        process.environment = [
            "WP_FOLDER": folder, "WP_BINARIES": binaries, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        ]
        process.standardInput = input
        process.standardOutput = output
        guard (try? process.run()) != nil,
            String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).hasPrefix("ready")
        else {
            print("skipped on PostgreSQL: the server did not start, see \(folder)/log")
            return nil
        }
        self.folder = folder
        self.process = process
        keeper = input.fileHandleForWriting
    }

    /// A fresh, empty database.
    func freshDatabase() throws -> String {
        let name = "t\(UUID().uuidString.replacing("-", with: "").lowercased())"
        let create = try PostgresConnection(info: info("postgres"))
        try create.command("CREATE DATABASE \(name)")
        return info(name)
    }

    func info(_ database: String) -> String { "host=\(folder) user=watchpost dbname=\(database)" }
}
