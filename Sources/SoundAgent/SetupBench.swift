// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Glibc
import Journal
import PanelLink

/// Call set-up between two processes of ours on loopback, as an officer's tool sees it: from the command to
/// the other end's bell, and to both talking. `--bench setup [CALLS]`; prints one JSON line. `--bench ring`
/// does it with cards of software, and says when the ring tone's first sample sounded at the other end.
///
///     command ─> post-a's process ══INVITE══> post-b's process ─> "bell" ─> answer ─> ══200══> "talking"
///                                                                └─> Speaker ─> "bell heard at"
///
/// What a process says on standard error comes here by a FIFO: no file is looked at again and again.
final class SetupBench {
    private let folder: String
    private let posts: [TerminalID]
    private var pipes: [Int32] = []
    private var texts: [[UInt8]] = [[], []]
    private let socket: LocalSocket
    private let rings: Bool

    static func run(_ arguments: [String], rings: Bool = false) throws(Fault) {
        let calls = arguments.first.flatMap { Int($0) } ?? 200
        try SetupBench(rings: rings).measure(calls)
    }

    private init(rings: Bool) throws(Fault) {
        self.rings = rings
        folder = "/tmp/wpb-" + String(UInt32.random(in: .min ... .max), radix: 36)
        posts = ["post-a", "post-b"].compactMap { TerminalID($0) }
        socket = try LocalSocket()
    }

    private func measure(_ calls: Int) throws(Fault) {
        defer { remove() }
        let configs = try makeSite()
        let programs = try configs.map { config throws(Fault) in try start(config) }
        defer { for program in programs { _ = wp_signal_group(program, SIGTERM) } }
        // A line more than enough: the first call of a process loads what the others find loaded.
        var bells: [Double] = []
        var answers: [Double] = []
        var heard: [Double] = []
        for number in 0...calls {
            let (bell, ring, answer) = try call()
            guard number > 0 else { continue }
            bells.append(bell)
            answers.append(answer)
            if let ring { heard.append(ring) }
        }
        let wakes = rings ? Self.wakesAtRest(programs[1]) : nil
        let resident = programs.map { Self.residentKiB($0) }.max() ?? 0
        print(
            "{\"bench\":\"\(rings ? "ring" : "setup")\",\"calls\":\(calls),"
                + "\"bellMs\":\(Self.figures(bells)),"
                + (rings ? "\"ringHeardMs\":\(Self.figures(heard))," : "")
                + (wakes.map { "\"restWakesPerSecond\":{\"loudspeaker\":\($0),\"process\":\($1)}," } ?? "")
                + "\"talkingMs\":\(Self.figures(answers)),\"residentKiB\":\(resident)}")
    }

    private static func figures(_ values: [Double]) -> String {
        let sorted = values.sorted()
        func at(_ percent: Int) -> String {
            let place = max(0, (sorted.count * percent + 99) / 100 - 1)
            return "\((sorted[min(place, sorted.count - 1)] * 1_000).rounded() / 1_000)"
        }
        return "{\"p50\":\(at(50)),\"p95\":\(at(95)),\"p99\":\(at(99)),\"max\":\(at(100))}"
    }

    /// How often threads of a process went to sleep of themselves, each second: its playing thread, and all.
    private static func wakesAtRest(_ pid: Int32, ms: Int = 5_000) -> (loudspeaker: Double, process: Double) {
        SoundThread.pause(ms: 2 * Limits.speakerLingerMs)
        let before = sleeps(pid)
        SoundThread.pause(ms: ms)
        let after = sleeps(pid)
        let seconds = Double(ms) / 1_000
        return (Double(after.0 - before.0) / seconds, Double(after.1 - before.1) / seconds)
    }

    private static func sleeps(_ pid: Int32) -> (Int, Int) {
        let tasks = "/proc/\(pid)/task"
        guard let folder = opendir(tasks) else { return (0, 0) }
        defer { closedir(folder) }
        var (loudspeaker, process) = (0, 0)
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = wp_read_file("\(tasks)/\(name)/status", &bytes, bytes.count)
            let text = String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
            let times = number(after: "\nvoluntary_ctxt_switches:\t", Array(text.utf8)).map { Int($0) } ?? 0
            if text.contains("wp-playback") { loudspeaker += times }
            process += times
        }
        return (loudspeaker, process)
    }

    private static func residentKiB(_ pid: Int32) -> Int {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = wp_read_file("/proc/\(pid)/statm", &bytes, bytes.count)
        let words = String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self).split(separator: " ")
        return words.count > 1 ? (Int(words[1]) ?? 0) * 4 : 0
    }

    // MARK: - One call

    private func call() throws(Fault) -> (bell: Double, ring: Double?, answer: Double) {
        texts = [[], []]
        let begun = wp_uptime_ns()
        command(.call(to: "post-b", .talk, CallGrounds(officer: nil)), 0)
        let bell = try wait("bell routine", at: 1)
        var ring: Double?
        if rings {
            _ = try wait("bell heard at ", at: 1)
            ring = Self.number(after: "bell heard at ", texts[1]).map { (Double($0) - Double(begun)) / 1e6 }
        }
        let asked = wp_uptime_ns()
        command(.answer(nil), 1)
        let answered = try wait("answered by post-b", at: 0)
        command(.hangUp(nil), 0)
        _ = try wait("ended", at: 1)
        // A terminal takes so many calls and commands in a second, and the bench is no flood.
        var none: [Int16] = []
        // A ring is measured from rest: until the loudspeaker sleeps again.
        _ = wp_poll([], &none, 0, rings ? Int64(2 * Limits.speakerLingerMs) * 1_000_000 : 60_000_000)
        // The officer's hand is not counted: where it waits for the ring, from the answer on.
        return (
            Double(bell - begun) / 1e6, ring, Double(answered - (rings ? asked : begun)) / 1e6
        )
    }

    private static func number(after words: String, _ text: [UInt8]) -> UInt64? {
        let said = String(decoding: text, as: UTF8.self)
        guard let place = said.firstRange(of: words) else { return nil }
        return UInt64(said[place.upperBound...].prefix { $0.isNumber })
    }

    private func command(_ deed: SoundCommand.Deed, _ post: Int) {
        let message = SoundMessage.command(SoundCommand(token: 1, officer: nil, deed: deed))
        _ = socket.send(message.encode(), to: path(posts[post]) + "-sound/sound.sock")
        // The answers are of no interest here, but must not fill the socket.
        while socket.receive() != nil {}
    }

    private func wait(_ words: String, at post: Int) throws(Fault) -> UInt64 {
        let end = wp_uptime_ns() + UInt64(Limits.deskActionMs) * 1_000_000
        while case let now = wp_uptime_ns(), now < end {
            var ready: [Int16] = [0]
            _ = wp_poll([pipes[post]], &ready, 1, Int64(end - now))
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = read(pipes[post], &bytes, bytes.count)
            let at = wp_uptime_ns()
            if count > 0 { texts[post] += bytes[..<count] }
            if Self.has(words, texts[post]) { return at }
        }
        throw Fault(
            "measure set-up", at: posts[post].text, cause: "it did not say '\(words)'",
            hint: "It said: " + String(decoding: texts[post].suffix(500), as: UTF8.self))
    }

    private static func has(_ words: String, _ text: [UInt8]) -> Bool {
        let words = Array(words.utf8)
        guard text.count >= words.count else { return false }
        return (0...(text.count - words.count)).contains { Array(text[$0..<($0 + words.count)]) == words }
    }

    // MARK: - Its site

    private func path(_ post: TerminalID) -> String { "\(folder)/\(post)" }

    private func makeSite() throws(Fault) -> [TerminalConfig] {
        var ports = [UInt16](repeating: 0, count: 4)
        guard mkdir(folder, 0o700) == 0, wp_free_ports(&ports, 4) == 0, let zone = ZoneID("bench") else {
            throw Fault(
                "make a site", at: folder, cause: String(cString: strerror(errno)),
                hint: "Check free space of /tmp.")
        }
        let keys = posts.map { _ in LinkKeys.generate() }
        let terminals = posts.indices.map { place in
            Terminal(
                id: posts[place], role: .post, zone: zone, title: posts[place].text, address: 0x7f00_0001,
                port: ports[place], publicKey: keys[place].publicKey)
        }
        let site = Site(name: "bench", terminals: terminals, rings: [:], ladderMs: [], officers: [])
        let plan = SoundPlan(
            card: rings ? .simulated : .null, ports: [posts[0]: ports[2], posts[1]: ports[3]])
        var configs: [TerminalConfig] = []
        for (place, post) in posts.enumerated() {
            let config = TerminalConfig(
                version: 1, terminal: post, site: site,
                board: Board(name: "none", kind: .simulated, duties: []), keyPath: path(post) + ".key",
                journalPath: path(post) + ".db", runtimePath: path(post), operators: [], sound: plan)
            try keys[place].write(config.keyPath)
            try CompiledSite.write(config, to: path(post) + ".config")
            configs.append(config)
        }
        return configs
    }

    private func start(_ config: TerminalConfig) throws(Fault) -> Int32 {
        let own = path(config.terminal)
        mkfifo(own + ".log", 0o600)
        // Both directions: it can be opened before the other end is.
        pipes.append(open(own + ".log", O_RDWR | O_NONBLOCK | O_CLOEXEC))
        let words = [
            "/proc/\(getpid())/exe", "--config", own + ".config", "--journal", config.journalPath,
        ]
        let joined: [CChar] = words.flatMap { word in word.utf8.map { CChar(bitPattern: $0) } + [0] }
        let path = getenv("LD_LIBRARY_PATH").map { "LD_LIBRARY_PATH=" + String(cString: $0) } ?? "A=1"
        let variables: [CChar] = path.utf8.map { CChar(bitPattern: $0) } + [0]
        let pid = wp_spawn(joined, joined.count, variables, variables.count, own + ".log")
        guard pid > 0 else {
            throw Fault(
                "start", at: "watchpost-sound", cause: String(cString: strerror(errno)),
                hint: "Run the bench by its whole path.")
        }
        _ = try wait("ready", at: pipes.count - 1)
        return pid
    }

    private func remove() {
        for post in posts {
            for ending in [".key", ".db", ".db-wal", ".db-shm", ".db-lock", ".db.lock", ".log", ".config"] {
                unlink(path(post) + ending)
            }
            unlink(path(post) + "-sound/sound.sock")
            rmdir(path(post) + "-sound")
        }
        for pipe in pipes { close(pipe) }
        rmdir(folder)
    }
}
