// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// House rule 12 for `systemd/`: every unit is named here with what it must promise.
struct UnitRules {
    /// What the unit must say, and the highest exposure (times ten) that `systemd-analyze security` may find.
    struct Promise: Sendable {
        let exposure: Int
        /// How ExecStart begins.
        var runs = "/usr/bin/watchpost"
        let says: [String: String]
    }

    static let promises: [String: Promise] = [
        "watchpost-alarm.service": Promise(
            // One tenth more than with its own group alone: the chips come by a further one.
            exposure: 14,
            says: [
                "Unit.StartLimitIntervalSec": "0",
                "Service.Type": "notify",
                "Service.WatchdogSec": "5",
                "Service.Restart": "always",
                "Service.RestartSec": "200ms",
                "Service.OOMScoreAdjust": "-900",
                "Service.User": "watchpost",
                "Service.Group": "watchpost",
                "Service.SupplementaryGroups": "gpio",
                "Service.DevicePolicy": "closed",
                "Service.DeviceAllow": "char-gpiochip rw",
                "Service.StateDirectory": "watchpost",
                "Service.StateDirectoryMode": "0751",
                "Service.UMask": "0027",
                "Service.RuntimeDirectory": "watchpost",
                "Service.RuntimeDirectoryMode": "0755",
                "Service.RuntimeDirectoryPreserve": "yes",
                "Service.SystemCallErrorNumber": "EPERM",
            ]),
        // What parses the network runs as users of their own, which read the alarm's files and write none.
        "watchpost-sync.service": Promise(
            exposure: 13,
            says: [
                "Unit.StartLimitIntervalSec": "0", "Service.Restart": "always",
                "Service.User": "watchpost-sync", "Service.Group": "watchpost", "Service.UMask": "0027",
                "Service.StateDirectory": "watchpost-sync", "Service.StateDirectoryMode": "0711",
                "Service.ProtectSystem": "strict", "Service.SystemCallErrorNumber": "EPERM",
            ]),
        "watchpost-sound.service": Promise(
            // Cards, and time to use them.
            exposure: 16,
            says: [
                "Unit.StartLimitIntervalSec": "0", "Service.Restart": "always",
                "Service.RestartSec": "200ms", "Service.User": "watchpost-sound",
                "Service.Group": "watchpost", "Service.SupplementaryGroups": "audio",
                "Service.UMask": "0027", "Service.StateDirectory": "watchpost-sound",
                "Service.RuntimeDirectory": "watchpost-sound", "Service.DevicePolicy": "closed",
                "Service.DeviceAllow": "char-alsa rw", "Service.ProtectSystem": "strict",
                "Service.SystemCallErrorNumber": "EPERM",
            ]),
        "watchpost-panel.service": Promise(
            exposure: 13,
            says: [
                "Unit.StartLimitIntervalSec": "0", "Service.Restart": "always",
                "Service.User": "watchpost-panel", "Service.Group": "watchpost", "Service.UMask": "0027",
                "Service.StateDirectory": "watchpost-panel", "Service.IPAddressDeny": "any",
                "Service.IPAddressAllow": "localhost", "Service.ProtectSystem": "strict",
                "Service.SystemCallErrorNumber": "EPERM",
            ]),
        // The command room's machine: it talks to whoever has a certificate, and keeps its own folder.
        "watchpost-hub.service": Promise(
            exposure: 16,
            says: [
                "Unit.StartLimitIntervalSec": "0", "Service.Restart": "always",
                "Service.RestartSec": "500ms", "Service.User": "watchpost-hub",
                "Service.Group": "watchpost-hub", "Service.UMask": "0077",
                "Service.StateDirectory": "watchpost-hub", "Service.StateDirectoryMode": "0700",
                "Service.LimitNOFILE": "65536", "Service.ProtectSystem": "strict",
                "Service.SystemCallErrorNumber": "EPERM",
            ]),
        // Root's, because nobody else may ask systemd for a start; it can do nothing but ask.
        "watchpost-site.service": Promise(
            exposure: 10, runs: "/usr/bin/systemctl try-restart watchpost-alarm.service",
            says: [
                "Service.Type": "oneshot", "Unit.StartLimitIntervalSec": "1h", "Unit.StartLimitBurst": "6",
                "Service.PrivateNetwork": "yes", "Service.ProtectSystem": "strict",
                "Service.NoNewPrivileges": "yes",
            ]),
    ]

    static let units = Tree.names(in: "systemd").filter { $0.hasSuffix(".service") }
    static let systemdAnalyze = Program.find("systemd-analyze")

    @Test func units_areAllPromisedSomething() {
        #expect(
            Set(Self.units) == Set(Self.promises.keys),
            "A unit without an entry in UnitRules.promises is tried by nobody before the night it matters."
        )
    }

    @Test(arguments: units) func unit_saysWhatItPromises(name: String) {
        let said = Self.read(Tree.file("systemd/" + name).text)
        for (key, value) in Self.promises[name]?.says ?? [:] {
            #expect(
                said[key]?.last == value, "systemd/\(name): \(key)=\(value) keeps the agent up and shut in.")
        }
        let runs = Self.promises[name]?.runs ?? "/usr/bin/watchpost"
        #expect(said["Service.ExecStart"]?.last?.hasPrefix(runs) == true)
        #expect(
            said["Service.CapabilityBoundingSet"] == [""], "systemd/\(name): an agent needs no capability.")
        #expect(
            said["Service.PrivateUsers"] == nil,
            "PrivateUsers= shows every local sender as nobody; the agent knows a sender by SCM_CREDENTIALS.")
        #expect(
            said["Unit.After"]?.contains { $0.contains("network") } != true,
            "systemd/\(name): an alarm waits for no network.")
    }

    @Test(
        .enabled(
            if: systemdAnalyze != nil, "systemd-analyze is not on this machine: apt-get install systemd"),
        arguments: units)
    func unit_isShutIn_asSystemdMeasuresIt(name: String) throws {
        let analyze = try #require(Self.systemdAnalyze)
        let unit = Tree.root.appending(path: "systemd/" + name).path
        let exposure = Self.promises[name]?.exposure ?? 0
        let measured = try Program.run(
            analyze, ["security", "--offline=true", "--threshold=\(exposure)", unit])
        let worst = measured.output.split(separator: "\n").filter { $0.contains("✗") || $0.contains("→") }
        #expect(
            measured.status == 0,
            "systemd/\(name) is open wider than \(exposure):\n\(worst.joined(separator: "\n"))")
        if let overall = measured.output.split(separator: "\n").first(where: { $0.contains("Overall") }) {
            print("systemd/\(name): \(overall.drop { !$0.isLetter })")
        }
    }

    /// All together, as they would be installed: a path finds the service that it starts. The programs are
    /// not here, so copies that start another one.
    @Test(
        .enabled(if: systemdAnalyze != nil, "systemd-analyze is not on this machine: apt-get install systemd")
    )
    func units_areUnderstood_bySystemd() throws {
        let analyze = try #require(Self.systemdAnalyze)
        let folder = FileManager.default.temporaryDirectory.appending(path: "units-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let names = Self.units + Self.paths
        for name in names {
            try Tree.file("systemd/" + name).text
                .replacingOccurrences(
                    of: #"ExecStart=\S+"#, with: "ExecStart=/bin/true", options: .regularExpression
                )
                .write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        let verified = try Program.run(
            analyze, ["verify", "--man=no"] + names.map { folder.appending(path: $0).path })
        #expect(verified.status == 0 && !verified.output.contains("Unknown"), "\(verified.output)")
    }

    /// What has to stand before a first start is made as the units would make it.
    @Test func directories_areMade_asTheUnitsWouldMakeThem() throws {
        let lines = Tree.file("systemd/watchpost.tmpfiles").text.split(separator: "\n").filter {
            !$0.hasPrefix("#")
        }
        #expect(lines.count == 2)
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            try #require(words.count == 5 && words[0] == "d")
            let unit = words[1] == "/var/lib/watchpost" ? "alarm" : "sync"
            let said = Self.read(Tree.file("systemd/watchpost-\(unit).service").text)
            #expect(said["Service.StateDirectory"]?.last.map { "/var/lib/" + $0 } == words[1])
            #expect(said["Service.StateDirectoryMode"] == [words[2]])
            #expect(said["Service.User"] == [words[3]] && said["Service.Group"] == [words[4]])
        }
        let names = Tree.file("systemd/watchpost.sysusers").text.split(separator: "\"")
        for (index, name) in names.enumerated() where !index.isMultiple(of: 2) {
            #expect(!name.contains(":"), "systemd-sysusers leaves a name with a colon out: \(name)")
        }
    }

    static let paths = Tree.names(in: "systemd").filter { $0.hasSuffix(".path") }

    /// What sync may write is what the alarm process is told to look at, and the other way round.
    @Test func site_isLookedFor_whereSyncPutsIt() throws {
        func said(_ name: String, _ key: String) throws -> String {
            try #require(Self.read(Tree.file("systemd/" + name).text)[key]?.last)
        }
        func option(_ name: String, in command: String) -> String? {
            let words = command.split(separator: " ").map(String.init)
            return words.firstIndex(of: name).flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
        }
        let (alarm, sync) = (
            try said("watchpost-alarm.service", "Service.ExecStart"),
            try said("watchpost-sync.service", "Service.ExecStart")
        )
        let identity = try #require(option("--identity", in: sync))
        #expect(identity == "/var/lib/" + (try said("watchpost-sync.service", "Service.StateDirectory")))
        #expect(option("--site", in: alarm) == identity + "/bundles/site.db")
        #expect(try said("watchpost-site.path", "Path.PathChanged") == option("--site", in: alarm))
        #expect(
            Tree.file("Sources/Journal/SitePlaces.swift").text.contains("\"\(identity)/bundles/site.db\""),
            "where `watchpost apply` looks how new the hub's site is")
        #expect(
            Tree.file("Sources/SyncAgent/SyncRun.swift").text.contains("identity + \"/bundles/site.db\""))
        // Each reads the other's and writes its own: one group, no ReadWritePaths=.
        for name in ["watchpost-alarm.service", "watchpost-sync.service", "watchpost-panel.service"] {
            let own = Self.read(Tree.file("systemd/" + name).text)
            #expect(own["Service.ReadWritePaths"] == nil && own["Service.Group"] == ["watchpost"])
            #expect(own["Service.ProtectSystem"] == ["strict"] && own["Service.UMask"] == ["0027"])
        }
        #expect(
            Tree.file("Sources/SyncAgent/SyncRun.swift").text.contains(
                "\"/var/lib/\(try said("watchpost-panel.service", "Service.StateDirectory"))/duty.db\""),
            "the panel's journal is read where the panel writes it")
    }

    @Test func unitReader_keepsSections_andEmptyValues() {
        let said = Self.read("[Unit]\nA=1\n# A=2\n[Service]\nA=\nB=x\nB=y=z\n")
        #expect(said == ["Unit.A": ["1"], "Service.A": [""], "Service.B": ["x", "y=z"]])
    }

    /// `Section.Key` → its values in order.
    private static func read(_ text: String) -> [String: [String]] {
        var section = ""
        var said: [String: [String]] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("[") { section = String(line.dropFirst().dropLast()) }
            guard let equals = line.firstIndex(of: "=") else { continue }
            said["\(section).\(line[..<equals])", default: []].append(
                String(line[line.index(after: equals)...]))
        }
        return said
    }
}
