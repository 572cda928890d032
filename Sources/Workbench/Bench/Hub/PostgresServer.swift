// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import Foundation

/// A PostgreSQL server of the bench's own, with its default settings, on a socket in a temporary folder: gone
/// with this process however it ends, because a shell waits for the end of its standard input.
final class PostgresServer {
    private let folder: String
    private let process: Process
    /// Held open: its end is the server's.
    private let keeper: FileHandle

    private static let script = """
        as() { if [ "$(id -u)" = 0 ]; then runuser -u "$WP_USER" -- "$@"; else "$@"; fi; }
        if [ "$(id -u)" = 0 ]; then
            WP_USER=postgres; id -u postgres >/dev/null 2>&1 || WP_USER=nobody
            chown "$WP_USER" "$WP_FOLDER"
        fi
        trap '' INT TERM HUP
        cd "$WP_FOLDER"
        as "$WP_BINARIES/initdb" -D data -A trust -U watchpost -E UTF8 --locale=C --no-sync >log 2>&1 &&
        as "$WP_BINARIES/pg_ctl" -D data -w -l "$WP_FOLDER/data/log" \
            -o "-c listen_addresses= -c unix_socket_directories=$WP_FOLDER" start >>log 2>&1 &&
        as "$WP_BINARIES/createdb" -h "$WP_FOLDER" -U watchpost watchpost >>log 2>&1 && echo ready
        cat >/dev/null
        as "$WP_BINARIES/pg_ctl" -D data -m immediate stop >/dev/null 2>&1
        cd / && rm -rf "$WP_FOLDER"
        """

    init() throws(Fault) {
        let place = try TemporaryDirectory("wp-pg")
        folder = place.path
        guard let binaries = Self.binaries else {
            place.remove()
            throw Fault(
                "start PostgreSQL", at: "/usr/lib/postgresql", cause: "there is no initdb",
                hint: "apt-get install postgresql, or name a server: --store postgresql://…")
        }
        let (input, output) = (Pipe(), Pipe())
        process = Process()
        keeper = input.fileHandleForWriting
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
            throw Fault(
                "start PostgreSQL", at: folder, cause: "it did not start", hint: "See \(folder)/log.")
        }
    }

    /// As the hub's configuration names it.
    var info: String { "host=\(folder) user=watchpost dbname=watchpost" }

    /// Returns when the server is gone and its files are.
    func end() {
        try? keeper.close()
        process.waitUntilExit()
    }

    private static var binaries: String? {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let debian = versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "\(root)/\($0)/bin" }
        return debian.first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
    }

    // MARK: psql

    /// Rows as `psql` prints them.
    static func rows(_ info: String, _ sql: String) throws(Fault) -> [[Substring]] {
        let text = try psql(info, ["-F", "|", "-c", sql])
        return text.split(separator: "\n").map { $0.split(separator: "|", omittingEmptySubsequences: false) }
    }

    /// Connections that others have open.
    static func connections(_ info: String) throws(Fault) -> Int {
        let sql = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
        return try rows(info, sql).first?.first.flatMap { Int($0) } ?? 0
    }

    private static func psql(_ info: String, _ arguments: [String]) throws(Fault) -> String {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", info] + arguments
        process.standardOutput = output
        do { try process.run() } catch {
            throw Fault(
                "ask PostgreSQL", at: "psql", cause: "\(error)", hint: "apt-get install postgresql-client")
        }
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Fault(
                "ask PostgreSQL", at: info, cause: "psql ended with \(process.terminationStatus)",
                hint: "See that the server runs and that the database may be used.")
        }
        return String(decoding: said, as: UTF8.self)
    }

    /// The floor: rows of such events, 500 an INSERT and a commit, nothing else, over so many connections.
    /// Rows a second.
    static func raw(_ info: String, rows count: Int, connections: Int, in directory: String) throws(Fault)
        -> Double
    {
        _ = try psql(
            info,
            [
                "-c", "SET client_min_messages TO warning", "-c", "DROP TABLE IF EXISTS raw_event", "-c",
                "CREATE TABLE raw_event(terminal text, seq bigint, kind smallint, at timestamptz, body text, "
                    + "PRIMARY KEY(terminal, seq))",
            ])
        let body = String(repeating: "x", count: 300)
        let commands = max(1, count / 500 / connections)
        var runs: [Process] = []
        for connection in 0..<connections {
            let path = "\(directory)/raw-\(connection).sql"
            var text = ""
            for command in 0..<commands {
                let values = (0..<500).map { "('t-\(connection)',\(command * 500 + $0),1,now(),'\(body)')" }
                text += "INSERT INTO raw_event VALUES " + values.joined(separator: ",")
                text += " ON CONFLICT DO NOTHING;\n"
            }
            do { try text.write(toFile: path, atomically: false, encoding: .utf8) } catch {
                throw Fault("write", at: path, cause: "\(error)", hint: "Check free space, or set TMPDIR.")
            }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["psql", "-X", "-q", "-d", info, "-f", path]
            runs.append(process)
        }
        let began = Uptime.now
        for process in runs {
            do { try process.run() } catch {
                throw Fault(
                    "ask PostgreSQL", at: "psql", cause: "\(error)", hint: "apt-get install postgresql-client"
                )
            }
        }
        for process in runs { process.waitUntilExit() }
        return Double(commands * connections * 500) * 1_000_000 / Double(max(1, Uptime.now.us(since: began)))
    }
}
