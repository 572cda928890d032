// SPDX-License-Identifier: Apache-2.0
import Alarms
import CLinux
package import Facility
import GPIO
import Glibc
package import Journal
import PanelLink

/// What an agent is made of, opened in the order in which an alarm needs it.
struct AgentParts {
    let loop: LineLoop
    let config: TerminalConfig
    let desk: TerminalDesk
    let bank: any LineBank
    let socket: DatagramSocket
    let localSocket: LocalSocket
    let journal: EventJournal
    let latch: PressLatch
    let starts: StartCount
    let startedAt: Uptime
}

extension AlarmTerminal {
    /// Runs the terminal on the calling thread until SIGTERM or SIGINT. Throws only when no alarm could ever
    /// leave: no configuration, no key, no socket. Everything else is a shown trouble.
    package static func run(_ places: SitePlaces) throws(Fault) {
        let startedAt = Uptime(nanoseconds: wp_uptime_ns())
        let signals = wp_stop_signals()
        // Counted before anything that came from elsewhere is looked at: it may be what ends us.
        let runtimePath = try places.runtimePath()
        makeRuntimeDirectory(runtimePath)
        let starts = StartCount(path: runtimePath + "/starts", now: startedAt)
        let (config, fault) = try places.read(stepsBack: starts.depth)

        let keys = try LinkKeys.load(config.keyPath)
        let run = UInt64.random(in: 1 ... .max)
        var desk = try TerminalDesk(config: config, keys: keys, run: run, now: startedAt)
        if let advice = adviceOnMemory(config.runtimePath, isMemory: wp_is_memory(config.runtimePath)) {
            desk.advice.append(advice)
            let line = Array("watchpost-alarm: \(advice)\n".utf8)
            _ = Glibc.write(STDERR_FILENO, line, line.count)
        }
        let socket = try DatagramSocket(address: 0, port: desk.own.port)
        let localSocket = try LocalSocket(path: config.runtimePath + "/alarm.sock")
        let (latch, latched) = try PressLatch.open(config.runtimePath + "/latch")
        let loop = LineLoop()
        let journal = EventJournal(path: config.journalPath, terminal: config.terminal, run: run) {
            loop.wake()
        }
        let agent = AlarmTerminal(
            AgentParts(
                loop: loop, config: config, desk: desk, bank: bank(config), socket: socket,
                localSocket: localSocket, journal: journal, latch: latch, starts: starts, startedAt: startedAt
            ))
        journal.start()
        agent.hold(signals: signals, latched: latched, configurationFault: fault)
    }

    /// Open to every user of the machine whatever the umask: who may act is decided by credentials. One that
    /// is there already keeps its mode, which somebody chose.
    static func makeRuntimeDirectory(_ path: String) {
        if mkdir(path, 0o755) == 0 { _ = chmod(path, 0o755) }
    }

    /// `isMemory` below 0: the kernel does not tell.
    static func adviceOnMemory(_ path: String, isMemory: Int32) -> Fault? {
        guard isMemory == 0 else { return nil }
        return Fault(
            "keep presses", at: path, cause: "the runtime directory is on a disk, not in memory (tmpfs)",
            hint: "Put it under /run: each press is written there before it is sent, and a disk may stall.")
    }

    private static func bank(_ config: TerminalConfig) -> any LineBank {
        let lines = config.board.duties.map(\.line)
        return switch config.board.kind {
        case .gpiod: GPIODLineBank(lines: lines)
        case .simulated: SimulatedLineBank(path: config.runtimePath + "/board", lines: lines)
        }
    }

    /// The calling thread becomes the line thread.
    private nonisolated func hold(signals: Int32, latched: [AlarmRecord], configurationFault: Fault?) {
        var hasBegun = false
        loop.run(
            descriptors: { [signals] + self.assumeIsolated { $0.descriptors } },
            turn: { _, isReady in
                let isAsked = isReady(0)
                let lineCount = self.assumeIsolated { $0.bank.descriptors.count }
                let linesWait = (0..<lineCount).contains { isReady($0 + 1) }
                return self.assumeIsolated { agent in
                    if !hasBegun { agent.begin(latched: latched, configurationFault: configurationFault) }
                    hasBegun = true
                    if isAsked, agent.isAskedToStop(signals) {
                        agent.end()
                        return nil
                    }
                    return agent.turn(linesWait: linesWait)
                }
            })
    }

    private func isAskedToStop(_ signals: Int32) -> Bool {
        var information = [UInt8](repeating: 0, count: 128)
        return Glibc.read(signals, &information, information.count) > 0
    }
}
