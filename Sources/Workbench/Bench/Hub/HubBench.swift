// SPDX-License-Identifier: Apache-2.0
import CLinux
import DeskLink
package import Facility
import Foundation

/// `watchpost bench hub`: many terminals on one shipped `watchpost-hub`, each with its certificate from the
/// hub's own authority, its heartbeats and its events; a page that follows the wall; then all pressed at
/// once.
/// The terminals live in `hub-load`, because this tool speaks no HTTP.
///
/// On the tool's main thread. Always true: both processes have ended when `run` returns.
package struct HubBench {
    package struct Options: Sendable {
        package var terminals = 500
        package var seconds = 20
        package var alarmsPerSecond = 20
        /// Of each terminal: 3 as `watchpost-sync` has them, or the alarm connection alone.
        package var connections = 3
        package init() {}
    }

    private static let wallGoalUs = 500_000
    private static let stormGoalMs = 2_000
    private static let residentGoalKB = 200_000
    private static let technician = "technician"

    private let options: Options
    private let voice: Voice
    private let stopSignals: StopSignals?

    package init(_ options: Options, _ voice: Voice, stopSignals: StopSignals?) {
        self.options = options
        self.voice = voice
        self.stopSignals = stopSignals
    }

    package func run() throws(Fault) -> Outcome {
        let directory = try TemporaryDirectory("watchpost-hub")
        defer { directory.remove() }
        guard let listing = TestSite.configs(cells: options.terminals, posts: 1).first else {
            return .wrongUsage
        }
        let site = try LoopbackSite(listing: listing, in: directory)
        let load = try InstalledProgram.path("hub-load")
        guard let hub = DemoHub(site) else {
            throw Fault(
                "find program", at: "beside the tool", cause: "watchpost-hub or watchpost-sync is missing",
                hint: "Build or install them beside the tool: make build.")
        }
        _ = try hub.prepare(joining: [])
        try hub.account(Self.technician, role: "technician")
        let supervisor = Supervisor(stopSignals: stopSignals)
        let log = directory.path + "/log/load.log"
        let loader = Program(
            name: "load", executable: load,
            arguments: [
                "--hub", hub.address, "--folder", directory.path + "/log", "--technician", Self.technician,
                "--watcher", DemoHub.user, "--password", DemoHub.password, "--terminals",
                "\(options.terminals)", "--seconds", "\(options.seconds)", "--rate",
                "\(options.alarmsPerSecond)", "--connections", "\(options.connections)",
            ], logPath: log)
        supervisor.run([hub.ownProgram, loader])
        defer { supervisor.stopAll() }
        return try follow(supervisor, loader.name, log) ? .done : .refused
    }

    /// Until the load has said all that it says.
    private func follow(_ supervisor: Supervisor, _ load: String, _ log: String) throws(Fault) -> Bool {
        var (steadyKB, stormKB): (Int?, Int?)
        var cpuMs: [Int] = []
        let giveUpAt = Uptime.now.advanced(ms: 120_000 + options.seconds * 1_000 + options.terminals * 100)
        while supervisor.endedBySignal == nil, Uptime.now < giveUpAt {
            let figures = Self.figures(log)
            let hub = supervisor.report("hub")?.pid
            if figures["connections"] != nil, cpuMs.isEmpty, let hub {
                cpuMs.append(ProcessFigures.cpuMs(hub))
            }
            if figures["steady_end"] != nil, steadyKB == nil, let hub {
                steadyKB = ProcessFigures.kilobytes(hub, "VmRSS")
                cpuMs.append(ProcessFigures.cpuMs(hub))
            }
            if figures["end"] != nil, let hub {
                stormKB = ProcessFigures.kilobytes(hub, "VmHWM")
                for line in Self.complaints(log) { voice.complain(line) }
                return tell(figures, steadyKB, stormKB, cpuMs)
            }
            if supervisor.report(load)?.starts ?? 0 > 1 { break }
            pause(ms: 50)
        }
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        throw Fault(
            "measure", at: "bench hub",
            cause: supervisor.endedBySignal != nil
                ? "it was stopped" : "the load ended early: \(text.suffix(400))",
            hint: "Try fewer terminals; see `ulimit -n`.")
    }

    private static func figures(_ log: String) -> [String: Int] {
        var found: [String: Int] = [:]
        for line in ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, let value = Int(words[1]) { found[String(words[0])] = value }
        }
        return found
    }

    /// Why requests failed.
    private static func complaints(_ log: String) -> [String] {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { $0.hasPrefix("hub-load:") }.map(String.init)
    }

    private func tell(_ figures: [String: Int], _ steadyKB: Int?, _ peakKB: Int?, _ cpuMs: [Int]) -> Bool {
        let isWhole =
            figures["joined"] == options.terminals && figures["steady_unseen"] == 0
            && figures["storm_unseen"] == 0 && figures["storm_posted"] == options.terminals
            && figures["failures"] == 0
        let isQuick =
            figures["steady_p99_us", default: .max] <= Self.wallGoalUs
            && figures["storm_all_shown_ms", default: .max] <= Self.stormGoalMs
        let isSmall = peakKB.map { $0 <= Self.residentGoalKB } ?? false
        var line = JSONLine()
        line.add("bench", "hub")
        line.add("terminals", options.terminals)
        for name in [
            "connections", "join_ms", "connect_ms", "steady_alarms", "steady_unseen", "steady_p50_us",
            "steady_p99_us", "steady_p100_us",
        ] { line.add(name, figures[name]) }
        line.add("wall_goal_us", Self.wallGoalUs)
        for name in ["storm_alarms", "storm_unseen", "storm_p99_us", "storm_all_shown_ms"] {
            line.add(name, figures[name])
        }
        line.add("storm_goal_ms", Self.stormGoalMs)
        for name in ["beats", "beat_p99_us", "failures"] { line.add(name, figures[name]) }
        line.add("hub_rss_kb_steady", steadyKB)
        line.add("hub_peak_rss_kb", peakKB)
        line.add("rss_goal_kb", Self.residentGoalKB)
        if cpuMs.count == 2 {
            line.add("hub_cpu_percent_of_a_core", (cpuMs[1] - cpuMs[0]) / 10 / max(1, options.seconds))
        }
        // What gives way first.
        let givesWay = [
            isWhole ? nil : "answers", isQuick ? nil : "wall", isSmall ? nil : "memory",
        ].compactMap { $0 }
        line.add("gives_way", .list(givesWay.map { .text($0) }))
        line.add("passed", givesWay.isEmpty)
        voice.say(line)
        return givesWay.isEmpty
    }
}
