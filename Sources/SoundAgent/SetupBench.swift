// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Glibc
import Journal
import PanelLink

/// Call set-up between two processes of ours on loopback, as an officer's tool sees it: from the command to
/// the other end's bell, and to both talking. `--bench setup [CALLS]`; prints one JSON line. `--bench ring`
/// does it alone, with cards of software, and says when the ring tone's first sample sounded over there.
///
///     command ─> post-a's process ══INVITE══> post-b's process ─> "bell" ─> answer ─> ══200══> "talking"
///                                                                └─> Speaker ─> "bell heard at"
///
/// In turn with each call of ours one between two processes of baresip, where it is installed: the same
/// codec, the same machine, the same second.
final class SetupBench {
    struct Times {
        var bellNs: UInt64
        var ringNs: UInt64?
        var talkingNs: UInt64
    }

    private let folder: String
    private let posts: [TerminalID]
    private var programs: [BenchProgram] = []
    private let socket: LocalSocket
    private let rings: Bool

    static func run(_ arguments: [String], rings: Bool = false) throws(Fault) {
        let calls = arguments.first.flatMap { Int($0) } ?? 200
        try SetupBench(rings: rings).measure(calls, isAlone: rings || arguments.contains("alone"))
    }

    private init(rings: Bool) throws(Fault) {
        self.rings = rings
        folder = "/tmp/wpb-" + String(UInt32.random(in: .min ... .max), radix: 36)
        posts = ["post-a", "post-b"].compactMap { TerminalID($0) }
        socket = try LocalSocket()
    }

    private func measure(_ calls: Int, isAlone: Bool) throws(Fault) {
        defer { remove() }
        for config in try makeSite() { try start(config) }
        defer { for program in programs { program.end() } }
        let pair = isAlone ? nil : try BaresipPair(in: folder)
        defer { pair?.end() }
        var (ours, theirs): ([Times], [Times]) = ([], [])
        // One more than asked for: the first call of a process loads what the others find loaded.
        for number in 0...calls {
            let times = try call()
            // A ring is measured from rest: until the loudspeaker sleeps again.
            Self.pause(ms: rings ? 2 * Limits.speakerLingerMs : Self.betweenMs)
            if number > 0 { ours.append(times) }
            guard let pair else { continue }
            let others = try pair.call()
            Self.pause(ms: Self.betweenMs)
            if number > 0 { theirs.append(others) }
        }
        let rest = rings ? Self.wakesAtRest(programs[1]) : nil
        let resident = programs.map(\.residentKiB).max() ?? 0
        print(
            "{\"bench\":\"\(rings ? "ring" : "setup")\",\"calls\":\(calls),\(Self.figures(ours)),"
                + (rings ? "\"ringHeardMs\":\(Self.figures(ours.compactMap(\.ringNs)))," : "")
                + (rest.map { "\"restWakesPerSecond\":{\"loudspeaker\":\($0),\"process\":\($1)}," } ?? "")
                + "\"residentKiB\":\(resident),"
                + "\"baresip\":\(theirs.isEmpty ? "null" : "{\(Self.figures(theirs))}")}")
    }

    /// A terminal takes so many calls and commands in a second, and the bench is no flood.
    private static let betweenMs = 60

    static func pause(ms: Int) {
        var none: [Int16] = []
        _ = wp_poll([], &none, 0, Int64(ms) * 1_000_000)
    }

    private static func figures(_ times: [Times]) -> String {
        "\"bellMs\":\(figures(times.map(\.bellNs))),\"talkingMs\":\(figures(times.map(\.talkingNs)))"
    }

    static func figures(_ nanoseconds: [UInt64]) -> String {
        let sorted = nanoseconds.sorted()
        func at(_ percent: Int) -> String {
            let place = max(0, (sorted.count * percent + 99) / 100 - 1)
            return "\(Double(sorted[min(place, sorted.count - 1)] / 1_000) / 1_000)"
        }
        return "{\"p50\":\(at(50)),\"p95\":\(at(95)),\"p99\":\(at(99)),\"max\":\(at(100))}"
    }

    /// How often threads of a process went to sleep of themselves, each second: its playing thread, and all.
    private static func wakesAtRest(_ program: BenchProgram) -> (loudspeaker: Double, process: Double) {
        pause(ms: 2 * Limits.speakerLingerMs)
        let (before, seconds) = (program.sleeps(), 5)
        pause(ms: seconds * 1_000)
        let after = program.sleeps()
        return (
            Double(after.loudspeaker - before.loudspeaker) / Double(seconds),
            Double(after.process - before.process) / Double(seconds)
        )
    }

    // MARK: - One call

    private func call() throws(Fault) -> Times {
        for program in programs { program.forget() }
        let begun = wp_uptime_ns()
        command(.call(to: "post-b", .talk, CallGrounds(officer: nil)), 0)
        let bell = try programs[1].hears("bell routine")
        var (ring, answered): (UInt64?, UInt64) = (nil, begun)
        if rings {
            ring = try programs[1].number(after: "bell heard at ")
            // The officer's hand is not counted: where it waits for the ring, from the answer on.
            answered = wp_uptime_ns()
        }
        command(.answer(nil), 1)
        let talking = try programs[0].hears("answered by post-b")
        command(.hangUp(nil), 0)
        _ = try programs[1].hears("ended")
        return Times(bellNs: bell - begun, ringNs: ring.map { $0 - begun }, talkingNs: talking - answered)
    }

    private func command(_ deed: SoundCommand.Deed, _ post: Int) {
        let message = SoundMessage.command(SoundCommand(token: 1, officer: nil, deed: deed))
        _ = socket.send(message.encode(), to: path(posts[post]) + "-sound/sound.sock")
        // The answers are of no interest here, but must not fill the socket.
        while socket.receive() != nil {}
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

    private func start(_ config: TerminalConfig) throws(Fault) {
        let own = path(config.terminal)
        let program = try BenchProgram(
            ["/proc/\(getpid())/exe", "--config", own + ".config", "--journal", config.journalPath],
            name: config.terminal.text, log: own + ".log")
        programs.append(program)
        _ = try program.hears("ready")
    }

    private func remove() {
        for post in posts {
            for ending in [".key", ".db", ".db-wal", ".db-shm", ".db-lock", ".db.lock", ".config"] {
                unlink(path(post) + ending)
            }
            unlink(path(post) + "-sound/sound.sock")
            rmdir(path(post) + "-sound")
        }
        rmdir(folder)
    }
}
