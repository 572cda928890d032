// SPDX-License-Identifier: Apache-2.0
import Alarms
import CLinux
import DeskLink
import Facility
import GPIO
import Journal
import PanelLink

/// The measured pair: one cell with many buttons and a door switch, one post, real daemons with simulated
/// boards.
struct AlarmSite {
    static let cell = name("cell-1", TerminalID.self)
    static let post = name("post-1", TerminalID.self)
    static let buttons = 16

    let site: LoopbackSite
    let supervisor: Supervisor
    let cellBoard: SimulatedBoard
    let postBoard: SimulatedBoard
    let officer: DeskClient

    /// `journals`: a directory on another disk for both journals. `wrapper`: words before the daemon's own,
    /// to run it within something else.
    init(
        in directory: TemporaryDirectory, agent: [String], journals: String?, stopSignals: StopSignals
    ) throws(Fault) {
        site = try LoopbackSite(hosting: Self.configs(), in: directory)
        if let journals {
            for var config in site.configs {
                config.journalPath = "\(journals)/\(config.terminal).db"
                try CompiledSite.write(config, to: site.configPath(config.terminal))
            }
        }
        supervisor = Supervisor(stopSignals: stopSignals)
        var programs = site.programs(alarmAgent: agent[0])
        for place in programs.indices {
            programs[place].arguments = agent.dropFirst() + programs[place].arguments
        }
        supervisor.run(programs)
        (cellBoard, postBoard, officer) = try Self.meet(site)
    }

    /// Waits until both daemons are up and hear each other.
    private static func meet(_ site: LoopbackSite) throws(Fault) -> (
        SimulatedBoard, SimulatedBoard, DeskClient
    ) {
        guard let config = site.config(post) else { preconditionFailure("the site has its post") }
        let officer = try DeskClient(config)
        let ready: (SimulatedBoard, SimulatedBoard)? = eventually(ms: 15_000, every: 50) {
            guard let cell = try? site.board(cell), let post = try? site.board(post),
                let status = try? officer.status(), status.peers.allSatisfy({ $0.state == .alive })
            else { return nil }
            return (cell, post)
        }
        guard let ready else {
            throw Fault(
                "start", at: site.directory.path,
                cause: "the two daemons did not meet within fifteen seconds",
                hint: "Read the logs in its log directory.")
        }
        return (ready.0, ready.1, officer)
    }

    func journalPath(_ terminal: TerminalID, _ journals: String?) -> String {
        journals.map { "\($0)/\(terminal).db" } ?? site.config(terminal)?.journalPath ?? ""
    }

    /// Waits for what was pressed to be listed; then an officer at the door, and everything is cleared: the
    /// next presses are first presses again. What is not listed within five seconds counts as lost.
    func clearAll(expecting count: Int) throws(Fault) {
        _ = eventually(ms: 5_000, every: 5) { (try? standing())?.count ?? 0 >= count ? true : nil }
        _ = try cellBoard.set("door", active: true)
        pause(ms: 15)
        _ = try cellBoard.set("door", active: false)
        _ = eventually(ms: 5_000, every: 5) {
            let standing = (try? standing()) ?? []
            for alarm in standing { _ = try? officer.act(.clear, on: alarm.record.id, officer: nil) }
            return standing.isEmpty ? true : nil
        }
    }

    private func standing() throws(Fault) -> [StandingAlarm] {
        try officer.alarms().filter { $0.record.alarmClass > .trouble }
    }

    // MARK: - The place

    private static func name<Kind>(_ text: String, _ type: Identifier<Kind>.Type) -> Identifier<Kind> {
        guard let id = Identifier<Kind>(text) else { preconditionFailure("\(text) is a name") }
        return id
    }

    private static func duty(_ name: String, _ duty: LineDuty) -> BoardDuty {
        BoardDuty(
            line: BoardLine(
                name: self.name(name, PointName.self), chip: "simulated", line: name,
                direction: duty.isOutput ? .output : .input, activeLow: false, bias: .asIs),
            duty: duty)
    }

    private static func configs() -> [TerminalConfig] {
        var configs = TestSite.configs(cells: 1, posts: 1)
        configs[0].board.duties =
            (0..<buttons).map { duty("button-\($0)", .emergencyButton) } + [
                duty("door", .attendance), duty("lamp", .assuranceLamp),
            ]
        return configs
    }
}
