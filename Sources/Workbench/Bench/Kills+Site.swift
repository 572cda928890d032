// SPDX-License-Identifier: Apache-2.0
import Alarms
import CLinux
import DeskLink
import Facility
import GPIO
import Journal
import PanelLink

/// The place of the killing: two cells (the first with a door switch), two posts that both hear at once, real
/// daemons. On the bench's thread.
final class KillSite {
    let site: LoopbackSite
    let supervisor: Supervisor
    let cells: [TerminalID]
    let posts: [TerminalID]
    private var desks: [TerminalID: DeskClient] = [:]
    private var boards: [TerminalID: SimulatedBoard] = [:]
    private var runs: [TerminalID: UInt64] = [:]

    var everyone: [TerminalID] { cells + posts }

    init(in directory: TemporaryDirectory, agent: String, stopSignals: StopSignals?) throws(Fault) {
        var configs = TestSite.configs(cells: 2, posts: 2, allPostsAtOnce: true)
        configs[0].board =
            TestSite.configs(cells: 1, posts: 1, attendanceWired: true)[0].board
        site = try LoopbackSite(hosting: configs, in: directory)
        cells = site.terminals(.cell)
        posts = site.terminals(.post)
        supervisor = Supervisor(stopSignals: stopSignals)
        supervisor.run(site.programs(alarmAgent: agent))
        for config in site.configs {
            desks[config.terminal] = try DeskClient(config)
            boards[config.terminal] = try SimulatedBoard(path: RuntimePlace.board(config))
        }
        let met: Bool? = eventually(ms: 15_000, every: 50) {
            for terminal in everyone {
                guard let status = try? desk(terminal).status() else { return nil }
                guard status.peers.allSatisfy({ $0.state == .alive }) else { return nil }
                runs[terminal] = status.own.run
            }
            return true
        }
        guard met == true else {
            throw Fault(
                "start", at: directory.path, cause: "the daemons did not meet within fifteen seconds",
                hint: "Read the logs in its log directory.")
        }
    }

    func desk(_ terminal: TerminalID) -> DeskClient {
        guard let desk = desks[terminal] else { preconditionFailure("\(terminal) is of this site") }
        return desk
    }

    func board(_ terminal: TerminalID) -> SimulatedBoard {
        guard let board = boards[terminal] else { preconditionFailure("\(terminal) is of this site") }
        return board
    }

    /// Lit since then.
    func hasLit(_ line: String, of terminal: TerminalID, since index: UInt64) -> Bool {
        let board = board(terminal)
        let lines = board.lines
        return board.outputChanges(since: index).contains { $0.active && lines[$0.line].name.text == line }
    }

    /// What is open there but for troubles; nil: it did not answer whole.
    func standing(at terminal: TerminalID) -> [EventID: StandingAlarm]? {
        guard let alarms = try? desk(terminal).alarms() else { return nil }
        let open = alarms.filter { $0.record.alarmClass > .trouble && $0.record.isOpen }
        return Dictionary(uniqueKeysWithValues: open.map { ($0.record.id, $0) })
    }

    func isJournalOpen(_ terminal: TerminalID) -> Bool {
        (try? desk(terminal).status())?.own.journal == .healthy
    }

    // MARK: - Killing

    /// One that was killed, until it answers again.
    struct Victim {
        let terminal: TerminalID
        let killedAt: Uptime
        var readyAt: Uptime?
        fileprivate var askedAt: Uptime?
    }

    func kill(_ terminals: [TerminalID]) -> [Victim] {
        terminals.compactMap { terminal in
            let at = Uptime.now
            return supervisor.kill(terminal.text) ? Victim(terminal: terminal, killedAt: at) : nil
        }
    }

    /// One look at everybody who was killed: its new run answers a question.
    func look(at victims: inout [Victim]) {
        for place in victims.indices where victims[place].readyAt == nil {
            let terminal = victims[place].terminal
            let desk = desk(terminal)
            if victims[place].askedAt.map({ Uptime.now.ms(since: $0) > 50 }) ?? true {
                let query = Message.query(Query(token: 1, what: .status)).encode()
                let sent = desk.socket.send(query, to: desk.daemon) == .sent
                victims[place].askedAt = sent ? .now : nil
            }
            while let datagram = desk.socket.receive() {
                guard case .status(_, let status)? = try? Message(decoding: datagram.bytes),
                    status.run != runs[terminal]
                else { continue }
                runs[terminal] = status.run
                victims[place].readyAt = .now
            }
        }
    }

    // MARK: - The records

    /// Everything that any journal tells of any press, folded copies left out; to be read when all have
    /// stopped.
    func recorded() throws(Fault) -> [EventID: AlarmRecord] {
        var found: [EventID: AlarmRecord] = [:]
        for config in site.configs {
            let reader = try JournalReader(path: config.journalPath)
            var cursor = SyncCursor.beginning(of: .alarm)
            while true {
                let entries = try reader.events(past: cursor, limit: Limits.journalPageCount)
                guard let last = entries.last else { break }
                cursor.sequence = last.sequence
                for entry in entries {
                    guard case .annunciation(let news)? = try? Message(decoding: entry.event.payload) else {
                        continue
                    }
                    found[news.record.id] = found[news.record.id]?.merged(with: news.record) ?? news.record
                }
            }
        }
        return found.filter { $0.value.alarmClass > .trouble && $0.value.cleared?.ground != .folded }
    }

    /// What is wrong with any journal; empty: all are whole.
    func brokenJournals() -> [String] {
        site.configs.flatMap { config in
            verifyJournal(path: config.journalPath).breaks.map { "\(config.terminal): \($0)" }
        }
    }
}
