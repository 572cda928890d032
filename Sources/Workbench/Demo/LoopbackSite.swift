// SPDX-License-Identifier: Apache-2.0
import CLinux
package import DeskLink
package import Facility
import Foundation
package import GPIO
import Journal
import PanelLink

/// A whole site on this one machine: a directory with keys, compiled configurations and simulated boards,
/// every terminal on a loopback port of its own. For the demo, the benches and the tests; a value, whoever
/// made it removes it.
///
/// `config/<terminal>.db`, `keys/<terminal>.key`, `<terminal>/` (journal, socket, board),
/// `log/<terminal>.log`.
package struct LoopbackSite: Sendable {
    package let directory: TemporaryDirectory
    /// In the order of the site: what each daemon is told.
    package let configs: [TerminalConfig]

    package var site: Site { configs[0].site }

    /// The same site and boards as `originals`, but everything of it here: addresses, keys, files, simulated
    /// lines.
    package init(hosting originals: [TerminalConfig], in directory: TemporaryDirectory) throws(Fault) {
        precondition(!originals.isEmpty, "a site has a terminal")
        self.directory = directory
        for folder in ["config", "keys", "log"] + originals.map(\.terminal.text) {
            try Self.make(directory.path + "/" + folder)
        }
        var ports = [UInt16](repeating: 0, count: originals.count)
        guard wp_free_ports(&ports, ports.count) == 0 else {
            throw Self.noPorts()
        }
        var site = originals[0].site
        for (original, port) in zip(originals, ports) {
            let keys = LinkKeys.generate()
            try keys.write(Self.keyPath(directory, original.terminal))
            guard let index = site.terminals.firstIndex(where: { $0.id == original.terminal }) else {
                continue
            }
            site.terminals[index].address = 0x7f00_0001
            site.terminals[index].port = port
            site.terminals[index].publicKey = keys.publicKey
        }
        // A terminal that nobody plays here has no address and no key: it is left out.
        let played = Set(originals.map(\.terminal))
        site.terminals.removeAll { !played.contains($0.id) }
        site.rings = site.rings.mapValues { rings in
            rings.map { ring in ring.filter(played.contains) }.filter { !$0.isEmpty }
        }
        let sound = try Self.soundPorts(originals)
        let pagePorts = try Self.soundPorts(originals)
        let gateway = try Self.gateway(originals[0].sound?.gateway, in: directory)
        configs = originals.map { original in
            var config = Self.hosted(original, site: site, sound: sound, in: directory)
            config.sound?.gateway = gateway
            config.sound?.pages?.ports = pagePorts
            config.sound?.pages?.unicast = []
            return config
        }
        for config in configs {
            try CompiledSite.write(config, to: Self.configPath(directory, config.terminal))
            try Finger.makeBoard(config)
        }
    }

    /// The site's list alone, compiled as for one of its terminals: nothing of it runs here but a hub.
    package init(listing config: TerminalConfig, in directory: TemporaryDirectory) throws(Fault) {
        self.directory = directory
        for folder in ["config", "log"] { try Self.make(directory.path + "/" + folder) }
        var listed = config
        // Nobody is there, but a list has ports.
        for index in listed.site.terminals.indices { listed.site.terminals[index].port = 7_400 }
        configs = [listed]
        try CompiledSite.write(listed, to: Self.configPath(directory, config.terminal))
    }

    private static func hosted(
        _ original: TerminalConfig, site: Site, sound: [TerminalID: UInt16], in directory: TemporaryDirectory
    ) -> TerminalConfig {
        var config = original
        config.sound?.card = .simulated
        config.sound?.ports = sound
        // Nobody but those who are played here.
        config.sound?.phones = []
        config.sound?.registrars = []
        config.sound?.tls = nil
        config.site = site
        config.board.kind = .simulated
        config.keyPath = keyPath(directory, config.terminal)
        config.runtimePath = directory.path + "/" + config.terminal.text
        config.journalPath = config.runtimePath + "/journal.db"
        return config
    }

    private static func soundPorts(_ originals: [TerminalConfig]) throws(Fault) -> [TerminalID: UInt16] {
        let speaking = originals.filter { $0.sound != nil }.map(\.terminal)
        var ports = [UInt16](repeating: 0, count: speaking.count)
        guard speaking.isEmpty || wp_free_ports(&ports, ports.count) == 0 else {
            throw Self.noPorts()
        }
        return Dictionary(uniqueKeysWithValues: zip(speaking, ports))
    }

    /// With a key and a port of its own.
    private static func gateway(
        _ original: Terminal?, in directory: TemporaryDirectory
    ) throws(Fault) -> Terminal? {
        guard var gateway = original else { return nil }
        var port: UInt16 = 0
        guard wp_free_ports(&port, 1) == 0 else { throw noPorts() }
        let keys = LinkKeys.generate()
        try keys.write(keyPath(directory, gateway.id))
        (gateway.address, gateway.port, gateway.publicKey) = (0x7f00_0001, port, keys.publicKey)
        return gateway
    }

    private static func noPorts() -> Fault {
        Fault(
            "find free ports", at: "127.0.0.1", cause: String(cString: strerror(errno)),
            hint: "Check that the loopback interface is up: ip link show lo.")
    }

    /// Where the hub's pages and the gateway meet.
    package var gatewaySocket: String { directory.path + "/talk" }

    /// The command room's telephone; nil where the site has none, or the program was not built.
    package var gatewayProgram: Program? {
        guard let executable = try? InstalledProgram.path("watchpost-sound"),
            let config = configs.first(where: { $0.sound?.gateway != nil }),
            let gateway = config.sound?.gateway
        else { return nil }
        return Program(
            name: "sound-\(gateway.id)", executable: executable,
            arguments: [
                "--config", configPath(config.terminal), "--gateway", gatewaySocket, "--key",
                Self.keyPath(directory, gateway.id), "--journal", directory.path + "/gateway.db",
            ], logPath: "\(directory.path)/log/sound-\(gateway.id).log")
    }

    /// The voice of each terminal that has one; none where the program was not built.
    package var soundPrograms: [Program] {
        guard let executable = try? InstalledProgram.path("watchpost-sound") else { return [] }
        return configs.filter { $0.sound != nil }.map { config in
            Program(
                name: "sound-\(config.terminal)", executable: executable,
                arguments: [
                    "--config", configPath(config.terminal), "--journal", callPath(config.terminal),
                    "--sent", identityPath(config.terminal) + "/recordings.sent",
                ], logPath: "\(directory.path)/log/sound-\(config.terminal).log")
        }
    }

    private static func make(_ path: String) throws(Fault) {
        guard mkdir(path, 0o700) == 0 else {
            throw Fault(
                "make directory", at: path, cause: String(cString: strerror(errno)),
                hint: "Check free space and rights, or set TMPDIR.")
        }
    }

    private static func keyPath(_ directory: TemporaryDirectory, _ terminal: TerminalID) -> String {
        "\(directory.path)/keys/\(terminal).key"
    }

    private static func configPath(_ directory: TemporaryDirectory, _ terminal: TerminalID) -> String {
        "\(directory.path)/\(DemoPlace.configs)/\(terminal).db"
    }
}

extension LoopbackSite {
    package func config(_ terminal: TerminalID) -> TerminalConfig? {
        configs.first { $0.terminal == terminal }
    }

    package func terminals(_ role: TerminalRole) -> [TerminalID] {
        site.terminals.filter { $0.role == role }.map(\.id)
    }

    package func configPath(_ terminal: TerminalID) -> String { Self.configPath(directory, terminal) }

    /// What makes a terminal known to a hub.
    package func identityPath(_ terminal: TerminalID) -> String {
        "\(directory.path)/identity-\(terminal)"
    }

    /// The journal of a post's panel.
    package func dutyPath(_ terminal: TerminalID) -> String { "\(directory.path)/\(terminal)/duty.db" }

    package func callPath(_ terminal: TerminalID) -> String { "\(directory.path)/\(terminal)/call.db" }

    package func logPath(_ terminal: TerminalID) -> String { "\(directory.path)/log/\(terminal).log" }

    /// One daemon for each terminal, to be run by a supervisor.
    package func programs(alarmAgent executable: String) -> [Program] {
        configs.map { config in
            Program(
                name: config.terminal.text, executable: executable,
                arguments: [
                    "--config", configPath(config.terminal),
                    "--site", identityPath(config.terminal) + "/bundles/site.db",
                ], logPath: logPath(config.terminal))
        }
    }

    /// The hands and eyes of a terminal's simulated board; nil = no such terminal.
    package func board(_ terminal: TerminalID) throws(Fault) -> SimulatedBoard? {
        guard let config = config(terminal) else { return nil }
        return try SimulatedBoard(path: RuntimePlace.board(config))
    }

    /// The posts that hear a cell at once, then the others.
    package func posts(hearing cell: TerminalID) -> [TerminalID] {
        let rings = site.terminal(cell).flatMap { site.rings[$0.zone] } ?? []
        let heard = rings.flatMap { $0 }
        return heard + terminals(.post).filter { !heard.contains($0) }
    }
}

/// Where a daemon keeps what the tool touches. Fixed names under `TerminalConfig.runtimePath`.
package enum RuntimePlace {
    package static func board(_ config: TerminalConfig) -> String { config.runtimePath + "/board" }
    package static func socket(_ config: TerminalConfig) -> String { config.runtimePath + "/alarm.sock" }

    /// The line of a duty by our name: buttons and lamps are found by what they are for, not by how a board
    /// calls them.
    package static func line(_ duty: LineDuty, of board: Board) -> PointName? {
        board.duties.first { $0.duty == duty }?.line.name
    }
}

/// The programs of ours, found beside the tool itself.
package enum InstalledProgram {
    package static func path(_ name: String) throws(Fault) -> String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folder = own.lastIndex(of: "/").map { String(own[..<$0]) } ?? "."
        let path = "\(folder)/\(name)"
        guard access(path, X_OK) == 0 else {
            throw Fault(
                "find program", at: path, cause: String(cString: strerror(errno)),
                hint: "Build or install it beside the tool: swift build --product \(name).")
        }
        return path
    }
}

extension DeskClient {
    package convenience init(_ config: TerminalConfig) throws(Fault) {
        try self.init(terminal: config.terminal, daemon: RuntimePlace.socket(config))
    }
}
