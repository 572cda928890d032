// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import Foundation
import Synchronization
import Workbench

/// Alarms of cells as a list would have them; the run is told apart by its number.
func standing(
    _ cell: TerminalID, _ alarmClass: AlarmClass = .emergency, run: UInt64 = 0x1234_5678_9abc_def0,
    sequence: UInt64 = 1, ageMs: Int = 7_000
) -> StandingAlarm {
    let record = AlarmRecord(
        id: EventID(terminal: cell, stream: .alarm, run: run, sequence: sequence),
        point: AlarmPoint(terminal: cell, name: TestSite.button),
        alarmClass: alarmClass, cause: alarmClass == .trouble ? .stuck : .press,
        raised: Moment(uptime: Uptime(nanoseconds: 1), wallMs: 0, uncertaintyMs: Limits.wallUnknownMs))
    return StandingAlarm(record: record, ageMs: ageMs, custodian: cell, isCellLost: false)
}

/// The tool as it was built beside these tests, and what it said.
func tool(_ arguments: [String], environment: [String: String] = [:]) throws -> (
    code: Int32, out: String, err: String
) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try InstalledProgram.path("watchpost"))
    process.arguments = arguments
    process.environment = ["LANG": "C", "XDG_RUNTIME_DIR": "/nonexistent"].merging(environment) { $1 }
    let (out, err) = (Pipe(), Pipe())
    process.standardOutput = out
    process.standardError = err
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let said = out.fileHandleForReading.readDataToEndOfFile()
    let complained = err.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
        process.terminationStatus, String(decoding: said, as: UTF8.self),
        String(decoding: complained, as: UTF8.self)
    )
}

/// What a voice said; any thread.
final class Listener: Sendable {
    private let lines = Mutex<(out: [String], err: [String])>(([], []))
    var out: [String] { lines.withLock { $0.out } }
    var err: [String] { lines.withLock { $0.err } }

    func voice(json: Bool = false) -> Voice {
        Voice(
            language: .en, json: json, out: { line in self.lines.withLock { $0.out.append(line) } },
            err: { line in self.lines.withLock { $0.err.append(line) } })
    }
}

/// Real daemons under a supervisor; everything is gone when the body returns.
func withSite(_ configs: [TerminalConfig], _ body: (Stage, ConfigPlace) throws -> Void) throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let site = try LoopbackSite(hosting: configs, in: directory)
    let supervisor = Supervisor()
    supervisor.run(site.programs(alarmAgent: try InstalledProgram.path("watchpost-alarm")))
    defer { supervisor.stopAll() }
    let stage = Stage(site: site, supervisor: supervisor, voice: Listener().voice(), began: .now)
    try body(stage, ConfigPlace(option: directory.path + "/config"))
}

/// A supervisor that is stopped whatever the test does.
func supervising(_ programs: [Program], _ body: (Supervisor) throws -> Void) rethrows {
    let supervisor = Supervisor()
    supervisor.run(programs)
    defer { supervisor.stopAll() }
    try body(supervisor)
}
