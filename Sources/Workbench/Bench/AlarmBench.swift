// SPDX-License-Identifier: Apache-2.0
import Alarms
import CLinux
import DeskLink
package import Facility
import Foundation
import GPIO
import Journal
import PanelLink

/// `watchpost bench alarm`: from the end of the debounce to the post's buzzer line, beside the raw UDP round
/// trip, in turn, at the same spacing.
///
///     contact ── pressMinMs ──> end of debounce ─> cell sends ══> post receives ─> buzzer line set
///     simulated board's clock        (0)                          post's journal   simulated board's ring
///
/// On the tool's main thread. All times are this machine's one monotonic clock, written by whoever saw the
/// thing happen.
package struct AlarmBench {
    package struct Options: Sendable {
        package var presses = 10_000
        package var spacingMs = 20
        /// Both cores and the agents' cooperative pools busy, and the journals' disk frozen for 30 s.
        package var isStressed = false
        package init() {}
    }

    private let options: Options
    private let voice: Voice
    private let stopSignals: StopSignals

    package init(_ options: Options, _ voice: Voice, stopSignals: StopSignals) {
        self.options = options
        self.voice = voice
        self.stopSignals = stopSignals
    }

    package func run() throws(Fault) -> Outcome {
        // Runtime files in memory, as a service has them; the journals on a disk.
        let runtime = try TemporaryDirectory("watchpost-bench", inMemory: true)
        defer { runtime.remove() }
        let directory = try TemporaryDirectory("watchpost-bench")
        defer { directory.remove() }
        let agent = try InstalledProgram.path("watchpost-alarm")
        var isGood = true
        if options.isStressed {
            let stress = try Stress(in: directory)
            defer { stress.end() }
            let own = try InstalledProgram.path("watchpost")
            let site = try AlarmSite(
                in: runtime, agent: [own, "bench", "busy-agent"], journals: stress.mountPoint,
                stopSignals: stopSignals)
            defer { site.supervisor.stopAll() }
            try stress.begin()
            let figures = try measure(site, journals: stress.mountPoint, stress)
            stress.end()
            isGood = tell(figures, "alarm_under_stress", stress)
        } else {
            try tellStart(directory, agent)
            let site = try AlarmSite(
                in: runtime, agent: [agent], journals: directory.path, stopSignals: stopSignals)
            defer { site.supervisor.stopAll() }
            tellProcess(site)
            isGood = tell(try measure(site, journals: directory.path), "alarm", nil)
            let (journal, sqlite) = try JournalBench.run(directory: directory.path, count: 1_000)
            tellPair("durable_append", ours: journal, "sqlite", floor: sqlite)
        }
        return isGood ? .done : .refused
    }

    // MARK: - Pressing

    private struct Figures {
        var sent: [Int64] = []
        var received: [Int64] = []
        var buzzer: [Int64] = []
        var floor: [Int64] = []
        /// Not in the post's journal.
        var lost = 0
        /// In the journal, but no buzzer line was seen set after it: a lost line of the board's ring, too.
        var unheard = 0
    }

    private func measure(
        _ site: AlarmSite, journals: String?, _ stress: Stress? = nil
    ) throws(Fault) -> Figures {
        var ports: [UInt16] = [0]
        _ = wp_free_ports(&ports, 1)
        let own = try InstalledProgram.path("watchpost")
        let echo = Supervisor()
        echo.run([Program(name: "echo", executable: own, arguments: ["bench", "echo", "\(ports[0])"])])
        defer { echo.stopAll() }
        var client = try EchoClient(port: ports[0])
        _ = eventually(ms: 5_000) { client.roundTrip() }
        var figures = Figures()
        var changes: [SimulatedBoard.OutputChange] = []
        wp_timer_slack_ns(1)
        try site.clearAll(expecting: 0)
        for first in stride(from: 0, to: options.presses, by: AlarmSite.buttons) {
            try stress?.step(.now)
            let since = site.postBoard.lastChange
            let count = min(AlarmSite.buttons, options.presses - first)
            try press(count, site, &client, &figures)
            pause(ms: options.spacingMs)
            try site.clearAll(expecting: count)
            changes += site.postBoard.outputChanges(since: since)
        }
        // The journals are read next: what waits for a frozen disk has to be in them.
        _ = eventually(ms: 60_000, every: 500) {
            _ = try? stress?.step(.now)
            return (try? site.officer.status())?.own.journal == .healthy ? true : nil
        }
        try read(changes, site, journals, &figures)
        return figures
    }

    private func press(
        _ count: Int, _ site: AlarmSite, _ client: inout EchoClient, _ figures: inout Figures
    ) throws(Fault) {
        var next = Uptime.now.advanced(ms: 20)
        for number in 0..<count {
            pause(until: next)
            // A machine that held us up moves everything after: contacts and distances never get shorter.
            next = max(next, Uptime.now)
            _ = try site.cellBoard.set("button-\(number)", active: true)
            // A quarter of the spacing later, when everybody sleeps again, the floor.
            pause(until: next.advanced(ms: options.spacingMs / 4))
            if let trip = client.roundTrip() { figures.floor.append(trip) }
            pause(until: next.advanced(ms: options.spacingMs * 3 / 4))
            // Each contact lasts at least three spacings, whatever delays us.
            if number >= 3 { _ = try site.cellBoard.set("button-\(number - 3)", active: false) }
            next = next.advanced(ms: options.spacingMs)
        }
        pause(until: next.advanced(ms: options.spacingMs * 2))
        for number in max(0, count - 3)..<count {
            _ = try site.cellBoard.set("button-\(number)", active: false)
        }
    }

    private func pause(until end: Uptime) {
        var none: [Int16] = []
        while case let now = Uptime.now, now < end {
            _ = wp_poll([], &none, 0, Int64(end.nanoseconds - now.nanoseconds))
        }
    }

    private func pause(ms: Int) { pause(until: Uptime.now.advanced(ms: ms)) }

    // MARK: - Reading what happened

    /// The post's journal says when each alarm's first datagram woke it; its board's ring when the buzzer
    /// line was set.
    private func read(
        _ changes: [SimulatedBoard.OutputChange], _ site: AlarmSite, _ journals: String?,
        _ figures: inout Figures
    ) throws(Fault) {
        let lines = site.postBoard.lines
        let set = changes.filter { lines[$0.line].name.text == "buzzer" && $0.active }.map(\.at).sorted()
        let reader = try JournalReader(path: site.journalPath(AlarmSite.post, journals))
        var seen: Set<EventID> = []
        var cursor = SyncCursor.beginning(of: .alarm)
        var place = 0
        while case let entries = try reader.events(past: cursor, limit: 1_000), let last = entries.last {
            cursor = SyncCursor(stream: .alarm, sequence: last.sequence)
            for entry in entries {
                guard case .annunciation(let heard)? = try? Message(decoding: entry.event.payload),
                    heard.record.id.terminal == AlarmSite.cell, seen.insert(heard.record.id).inserted
                else { continue }
                let received = entry.event.at.uptime
                let end = heard.record.raised.uptime.advanced(ms: Limits.pressMinMs)
                while place < set.count, set[place] < received { place += 1 }
                guard place < set.count else { continue }
                figures.received.append(Int64(received.nanoseconds) - Int64(end.nanoseconds))
                figures.buzzer.append(Int64(set[place].nanoseconds) - Int64(end.nanoseconds))
            }
        }
        figures.lost = options.presses - seen.count
        figures.unheard = seen.count - figures.buzzer.count
    }

    // MARK: - Telling

    private func tell(_ figures: Figures, _ name: String, _ stress: Stress?) -> Bool {
        let buzzer = Percentiles(figures.buzzer)
        let floor = Percentiles(figures.floor)
        var line = JSONLine()
        line.add("bench", name)
        line.add("presses", options.presses)
        line.add("lost", figures.lost)
        line.add("unheard", figures.unheard)
        line.add("spacing_ms", options.spacingMs)
        line.add("debounce_to_received", Percentiles(figures.received).line)
        line.add("debounce_to_buzzer", buzzer.line)
        line.add("udp_round_trip", floor.line)
        let p50 = buzzer.microseconds(50) / max(floor.microseconds(50), 0.001)
        let p99 = buzzer.microseconds(99) / max(floor.microseconds(99), 0.001)
        line.add("p50_ratio", .decimal(p50))
        line.add("p99_ratio", .decimal(p99))
        if let stress { line.add("disk_frozen_ms", stress.frozenMs) }
        let tail = buzzer.microseconds(99.9)
        let isGood =
            stress != nil
            ? tail <= 250_000
            : p50 <= 1.5 && p99 <= 3 && tail <= max(2_000, 3 * floor.microseconds(99.9))
        line.add(
            "goal",
            stress != nil ? "p99.9 <= 250 ms" : "p50 <= 1.5 x, p99 <= 3 x, p99.9 <= max(2 ms, 3 x floor)")
        line.add("passed", isGood && figures.lost + figures.unheard == 0)
        voice.say(line)
        return isGood && figures.lost + figures.unheard == 0
    }

    private func tellPair(_ name: String, ours: Percentiles, _ floorName: String, floor: Percentiles) {
        var line = JSONLine()
        line.add("bench", name)
        line.add("ours", ours.line)
        line.add(floorName, floor.line)
        line.add("p50_ratio", .decimal(ours.microseconds(50) / max(floor.microseconds(50), 0.001)))
        voice.say(line)
    }

    /// Memory and wakings of the cell's daemon at rest: ten level polls a second, one heartbeat out and one
    /// in.
    private func tellProcess(_ site: AlarmSite) {
        guard let pid = site.supervisor.report(AlarmSite.cell.text)?.pid else { return }
        pause(ms: 2_000)
        let before = ProcessFigures.wakings(pid)
        let seconds = 20
        pause(ms: seconds * 1_000)
        let each = Double(ProcessFigures.wakings(pid) - before) / Double(seconds)
        let known = 1_000 / Limits.levelPollMs + 2 * 1_000 / Limits.heartbeatMs
        var line = JSONLine()
        line.add("bench", "alarm_process")
        line.add("resident_kb", ProcessFigures.kilobytes(pid, "VmRSS"))
        line.add("anonymous_kb", ProcessFigures.kilobytes(pid, "RssAnon"))
        line.add("wakeups_per_s", .decimal(each))
        line.add("of_which_level_poll_and_heartbeats", known)
        line.add("beyond", .decimal(each - Double(known)))
        let resident = ProcessFigures.kilobytes(pid, "VmRSS") ?? .max
        line.add("goal", "resident <= 8192 kB, beyond <= 1")
        line.add("passed", resident <= 8_192 && each - Double(known) <= 1)
        voice.say(line)
    }

    /// From the start of the process until it says READY=1 to whoever started it.
    private func tellStart(_ directory: TemporaryDirectory, _ agent: String) throws(Fault) {
        let started = try TemporaryDirectory("watchpost-start")
        defer { started.remove() }
        let site = try LoopbackSite(hosting: TestSite.configs(cells: 1, posts: 1), in: started)
        let notified = try LocalSocket()
        var times: [Int64] = []
        for _ in 0..<20 {
            let supervisor = Supervisor()
            let program = Program(
                name: "cell-1", executable: agent, arguments: ["--config", site.configPath(AlarmSite.cell)],
                environment: ["NOTIFY_SOCKET": notified.name], logPath: site.logPath(AlarmSite.cell))
            let began = Uptime.now
            supervisor.run([program])
            let ready: Uptime? = eventually(ms: 5_000, every: 1) {
                while let letter = notified.receive() {
                    if letter.bytes.starts(with: Array("READY=1".utf8)) { return Uptime.now }
                }
                return nil
            }
            if let ready { times.append(Int64(ready.nanoseconds - began.nanoseconds)) }
            supervisor.stopAll()
            while notified.receive() != nil {}
        }
        var line = JSONLine()
        line.add("bench", "start_to_ready")
        line.add("process_start_to_ready", Percentiles(times).line)
        line.add("goal", "<= 50 ms")
        line.add("passed", times.count == 20 && Percentiles(times).microseconds(50) <= 50_000)
        voice.say(line)
    }
}
