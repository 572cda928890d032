// SPDX-License-Identifier: Apache-2.0
import DeskLink
package import Facility
import Foundation
import Journal

/// `watchpost bench powercuts`: does what the journal called stored survive the loss of power?
///
///     writer ─> EventJournal ─> ext4 ─> loop device ─> image ── copied at a random instant ──> compared
///        └ .stored ─> acknowledged, outside the image
///
/// Only what the file system has really handed to the device is in the image; what still waits in its page
/// cache is lost, as in a power cut. The writer is frozen while the copy is made, and a copy during which
/// the device was written is made anew. FULL may lose nothing; NORMAL has to lose something, or the test
/// could not fail. On the tool's main thread; root.
package struct PowerCuts {
    package struct Options: Sendable {
        package var cuts = 20
        package var seed: UInt64 = 1
        /// Off for so few cuts that the control may lose nothing by chance.
        package var mustLoseWithNormal = true
        package init() {}
    }

    private struct Figures {
        var cuts = 0
        var acknowledged = 0
        var lost = 0
        var lossyCuts = 0
        var broken: [String] = []
    }

    private let options: Options
    private let voice: Voice

    package init(_ options: Options, _ voice: Voice) {
        self.options = options
        self.voice = voice
    }

    package func run() throws(Fault) -> Outcome {
        if let why = Self.missing {
            var line = JSONLine()
            line.add("bench", "powercuts")
            line.add("skipped", why)
            voice.say(line)
            return .done
        }
        let full = try cut(.full)
        let normal = try cut(.normalForTheNegativeControl)
        for word in full.broken.prefix(20) { voice.complain(word) }
        let isGood =
            full.lost == 0 && full.broken.isEmpty && full.acknowledged > 0
            && (normal.lost > 0 || !options.mustLoseWithNormal)
        var line = JSONLine()
        line.add("bench", "powercuts")
        for (name, figures) in [("full", full), ("normal", normal)] {
            line.add("\(name)_cuts", figures.cuts)
            line.add("\(name)_acknowledged", figures.acknowledged)
            line.add("\(name)_lost", figures.lost)
            line.add("\(name)_lossy_cuts", figures.lossyCuts)
        }
        line.add("full_broken", full.broken.count)
        line.add("seed", options.seed)
        line.add("passed", isGood)
        voice.say(line)
        return isGood ? .done : .refused
    }

    /// Why it cannot be done here.
    private static var missing: String? {
        if getuid() != 0 { return "needs root for loop devices" }
        if access("/dev/loop-control", R_OK | W_OK) != 0 { return "this machine has no loop devices" }
        let folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]
        for tool in ["losetup", "mkfs.ext4", "mount", "umount", "cp"]
        where !folders.contains(where: { access("\($0)/\(tool)", X_OK) == 0 }) {
            return "\(tool) is not installed"
        }
        return nil
    }

    // MARK: - One durability

    private func cut(_ durability: EventJournal.Durability) throws(Fault) -> Figures {
        let directory = try TemporaryDirectory("watchpost-cuts")
        defer { directory.remove() }
        let disk = try LoopDisk(in: directory)
        defer { disk.remove() }
        let acknowledged = directory.path + "/acknowledged"
        let writer = Process()
        writer.executableURL = URL(fileURLWithPath: try InstalledProgram.path("watchpost"))
        writer.arguments = ["bench", "power-writer", disk.mountPoint + "/journal.db", acknowledged]
        if durability == .normalForTheNegativeControl { writer.arguments?.append("--normal") }
        do { try writer.run() } catch {
            throw Fault("start", at: "bench power-writer", cause: "\(error)", hint: "Install the tool whole.")
        }
        defer {
            kill(writer.processIdentifier, SIGKILL)
            writer.waitUntilExit()
        }
        var figures = Figures()
        var dice = Dice(seed: options.seed)
        let began: Bool? = eventually(ms: 10_000, every: 20) { Self.read(acknowledged).isEmpty ? nil : true }
        guard began == true else {
            throw Fault(
                "write", at: disk.mountPoint, cause: "nothing was stored", hint: "Look at the image's disk.")
        }
        for _ in 0..<options.cuts {
            pause(ms: dice.within(50...300))
            try Freeze.stop(writer.processIdentifier)
            let stored = Self.read(acknowledged)
            let copy = try disk.copy()
            kill(writer.processIdentifier, SIGCONT)
            try compare(stored, disk, copy, durability, &figures)
        }
        return figures
    }

    private func compare(
        _ stored: [UInt64], _ disk: LoopDisk, _ copy: String, _ durability: EventJournal.Durability,
        _ figures: inout Figures
    ) throws(Fault) {
        figures.cuts += 1
        figures.acknowledged = stored.count
        var found: Set<UInt64> = []
        try disk.look(into: copy) { folder in
            let path = folder + "/journal.db"
            if durability == .full { figures.broken += verifyJournal(path: path).breaks.map(\.description) }
            found = (try? Self.sequences(path)) ?? []
        }
        let lost = stored.count { !found.contains($0) }
        figures.lost += lost
        if lost > 0 { figures.lossyCuts += 1 }
    }

    private static func sequences(_ path: String) throws(Fault) -> Set<UInt64> {
        let reader = try JournalReader(path: path)
        var cursor = SyncCursor.beginning(of: .alarm)
        var found: Set<UInt64> = []
        while true {
            let entries = try reader.events(past: cursor, limit: Limits.journalPageCount)
            guard let last = entries.last else { return found }
            cursor.sequence = last.sequence
            for entry in entries { found.insert(entry.event.id.sequence) }
        }
    }

    /// The sequences that were reported as stored; a number half written is none.
    private static func read(_ path: String) -> [UInt64] {
        let bytes = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
        return stride(from: 0, to: bytes.count / 8 * 8, by: 8).map { at in
            bytes[at..<at + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}

/// Holding a process still.
enum Freeze {
    /// Returns when every thread of it stands, also those that were in the middle of a write.
    static func stop(_ pid: Int32) throws(Fault) {
        kill(pid, SIGSTOP)
        let stands: Bool? = eventually(ms: 10_000, every: 1) {
            let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
            return !tasks.isEmpty && tasks.allSatisfy { state(of: "/proc/\(pid)/task/\($0)/stat") == "T" }
                ? true : nil
        }
        guard stands == true else {
            throw Fault(
                "freeze", at: "process \(pid)", cause: "it does not stand still", hint: "Is its disk stuck?")
        }
    }

    private static func state(of path: String) -> Substring? {
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return text?.split(separator: ")").last?.split(separator: " ").first
    }
}

/// The process that is cut off: appends and writes down outside what was reported as stored.
package enum PowerWriter {
    package static func run(journal path: String, acknowledged: String, normal: Bool) throws(Fault) {
        let file = open(acknowledged, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw Fault(
                "open", at: acknowledged, cause: String(cString: strerror(errno)), hint: "Check its folder.")
        }
        let run = UInt64.random(in: 1 ... .max)
        let terminal = TestSite.cell(1)
        let journal = EventJournal(
            path: path, terminal: terminal, run: run,
            durability: normal ? .normalForTheNegativeControl : .full, wake: {})
        journal.start()
        var sequence: UInt64 = 0
        while true {
            for _ in 0..<Int.random(in: 1...4) {
                sequence += 1
                let id = EventID(terminal: terminal, stream: .alarm, run: run, sequence: sequence)
                let event = JournalEvent(
                    id: id, at: EventJournal.machineClock(), kind: 1,
                    payload: [UInt8](repeating: 7, count: 200))
                journal.append(event, urgent: true, now: .now)
            }
            while journal.depth > 0 { pause(ms: 1) }
            for report in journal.takeReports() {
                guard case .stored(let id) = report else { continue }
                let bytes = (0..<8).map { UInt8(id.sequence >> UInt64(56 - $0 * 8) & 255) }
                _ = write(file, bytes, bytes.count)
            }
        }
    }
}
