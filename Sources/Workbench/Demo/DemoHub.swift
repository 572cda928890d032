// SPDX-License-Identifier: Apache-2.0
import CLinux
import DeskLink
package import Facility
import Foundation

/// The hub of the demonstration and of the benches, and the way of each terminal to it: real processes on
/// loopback, an authority and a database that end with it. A value; what waits, waits on the tool's thread.
///
///     watchpost-hub --user … --code …  (before it serves)  ─>  watchpost-hub  <─ watchpost-sync --join, each
package struct DemoHub {
    /// What the demonstration's supervisor is told; not a secret, because it ends with the demo.
    package static let user = "demo"
    package static let password = "watchpost-demo"

    private let site: LoopbackSite
    private let hub: String
    private let sync: String
    private let console: UInt16
    /// Where terminals come to, on loopback.
    package let port: UInt16
    private let store: String?

    /// Nil where the programs were not built: the alarm needs none of them.
    /// `store`: a PostgreSQL server; nil: a file of SQLite.
    package init?(_ site: LoopbackSite, store: String? = nil) {
        guard let hub = try? InstalledProgram.path("watchpost-hub"),
            let sync = try? InstalledProgram.path("watchpost-sync")
        else { return nil }
        self.site = site
        self.hub = hub
        self.sync = sync
        self.store = store
        var ports: [UInt16] = [0, 0]
        guard wp_free_ports(&ports, 2) == 0 else { return nil }
        (console, port) = (ports[0], ports[1])
    }

    package var address: String { "https://127.0.0.1:\(console)" }

    private var folder: String { site.directory.path + "/hub" }
    private var configPath: String { folder + "/hub.conf" }
    static func identity(_ site: LoopbackSite, _ terminal: TerminalID) -> String {
        site.identityPath(terminal)
    }
    package func identity(_ terminal: TerminalID) -> String { Self.identity(site, terminal) }
    package var authority: String { folder + "/authority" }
    /// The voice gateway's socket.
    package var gateway: String { site.gatewaySocket }
    package var database: String { folder + "/hub.sqlite" }

    /// The hub, and a sync process for each terminal: these start anew until they have joined.
    package var programs: [Program] {
        [ownProgram] + site.configs.map { syncProgram($0.terminal) }
    }

    package var ownProgram: Program {
        Program(name: "hub", executable: hub, arguments: ["--config", configPath], logPath: log("hub"))
    }

    package func syncProgram(_ terminal: TerminalID) -> Program {
        Program(
            name: "sync-\(terminal)", executable: sync,
            arguments: [
                "--config", site.configPath(terminal), "--identity", identity(terminal),
                "--panel", site.dutyPath(terminal), "--calls", site.callPath(terminal),
            ],
            logPath: log("sync-\(terminal)"))
    }

    private func log(_ name: String) -> String { "\(site.directory.path)/log/\(name).log" }

    /// Before anything runs: the configuration, the login, one code for each terminal.
    /// `joining`: those terminals alone; nil: all.
    package func prepare(joining: [TerminalID]? = nil) throws(Fault) -> [TerminalID: String] {
        let text = """
            folder  = \(folder)
            names   = 127.0.0.1, localhost
            address = 127.0.0.1
            console = \(console)
            sync    = \(port)
            site    = \(site.configPath(site.configs[0].terminal))
            talk    = \(gateway)

            """ + (store.map { "store   = \($0)\n" } ?? "")
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try text.write(toFile: configPath, atomically: true, encoding: .utf8)
        } catch {
            throw Fault("make hub", at: folder, cause: "\(error)", hint: "Check free space, or set TMPDIR.")
        }
        _ = try tell(
            [
                "--user", Self.user, "--role", "supervisor", "--officer",
                site.site.officers.first?.id.text ?? "-",
            ], input: Self.password + "\n" + DemoPanels.pin + "\n")
        var codes: [TerminalID: String] = [:]
        for terminal in joining ?? site.configs.map(\.terminal) {
            codes[terminal] = try tell(["--code", terminal.text])
        }
        return codes
    }

    /// A further login, with the same password.
    package func account(_ name: String, role: String) throws(Fault) {
        _ = try tell(["--user", name, "--role", role], input: Self.password + "\n")
    }

    /// Store and authority as one file of SQLite, while the hub serves.
    func backUp(to file: String) throws(Fault) { _ = try tell(["--backup", file]) }

    private func tell(_ arguments: [String], input: String = "") throws(Fault) -> String {
        try Self.run(hub, ["--config", configPath] + arguments, input: input)
    }

    /// Each terminal joins with its code, as a technician would let it.
    package func join(_ codes: [TerminalID: String]) throws(Fault) {
        for (terminal, code) in codes.sorted(by: { $0.key < $1.key }) {
            let arguments = [
                "--join", address, "--code", code, "--serial", terminal.text, "--identity",
                identity(terminal),
            ]
            var last: Fault?
            let joined: String? = eventually(ms: Limits.demoHubMs, every: 100) {
                do throws(Fault) { return try Self.run(sync, arguments) } catch {
                    last = error
                    return nil
                }
            }
            if joined == nil, let last { throw last }
        }
    }

    private static func run(
        _ executable: String, _ arguments: [String], input: String = ""
    ) throws(Fault) -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        let (asked, said, complained) = (Pipe(), Pipe(), Pipe())
        process.standardInput = asked
        process.standardOutput = said
        process.standardError = complained
        do { try process.run() } catch {
            throw Fault(
                "run", at: executable, cause: "\(error)", hint: "Build or install it beside the tool.")
        }
        try? asked.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try? asked.fileHandleForWriting.close()
        let output = said.fileHandleForReading.readDataToEndOfFile()
        let trouble = complained.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Fault(
                "run", at: executable, cause: String(decoding: trouble, as: UTF8.self),
                hint: "Read the hub's log in the demo's log directory.")
        }
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
