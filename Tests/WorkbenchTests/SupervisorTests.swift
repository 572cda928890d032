// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Testing
import Workbench

private let shell = "/bin/sh"
private let long = Program(name: "long", executable: "/bin/sleep", arguments: ["1000"])

private func pid(_ supervisor: Supervisor, _ name: String, otherThan old: Int32? = nil) -> Int32? {
    eventually(ms: 10_000) { supervisor.report(name)?.pid.flatMap { $0 == old ? nil : $0 } }
}

@Test func process_startsAgainWithinASecond_whenItIsKilled() throws {
    try supervising([long]) { supervisor in
        let first = try #require(pid(supervisor, "long"))
        #expect(supervisor.kill("long"))
        _ = try #require(pid(supervisor, "long", otherThan: first))
        let report = try #require(supervisor.report("long"))
        #expect(report.starts == 2)
        #expect(report.lastEnd == .signal(SIGKILL))
        let died = try #require(report.endedAt)
        let started = try #require(report.startedAt)
        #expect(started.ms(since: died) >= Limits.restartDelayMs)
        #expect(Limits.restartDelayMs <= 1_000)
    }
}

@Test func process_startsAgain_whenItEndsByItself() throws {
    let short = Program(name: "short", executable: shell, arguments: ["-c", "exit 7"])
    supervising([short]) { supervisor in
        let report = eventually(ms: 10_000) {
            supervisor.report("short").flatMap { $0.starts >= 2 ? $0 : nil }
        }
        #expect(report?.lastEnd == .code(7))
    }
}

@Test func process_staysDown_whenItWasStopped_andReturnsWhenStarted() throws {
    try supervising([long]) { supervisor in
        let first = try #require(pid(supervisor, "long"))
        supervisor.stop("long", SIGKILL)
        let down = eventually(ms: 10_000) { supervisor.report("long")?.pid == nil ? true : nil }
        #expect(down == true)
        #expect(!supervisor.kill("long"))
        #expect(supervisor.report("long")?.starts == 1)
        supervisor.start("long")
        let second = try #require(pid(supervisor, "long"))
        #expect(second != first)
    }
}

@Test func everyProcess_isGone_whenTheSupervisorStopped() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let log = directory.path + "/log"
    let supervisor = Supervisor()
    let obstinate = Program(
        name: "obstinate", executable: shell,
        arguments: ["-c", "trap '' TERM; echo deaf; while :; do /bin/sleep 1000; done"], logPath: log)
    supervisor.run([long, obstinate])
    #expect(
        eventually(ms: 10_000) {
            (try? String(contentsOfFile: log, encoding: .utf8)) == "deaf\n" ? true : nil
        } == true)
    let pids = [try #require(pid(supervisor, "long")), try #require(pid(supervisor, "obstinate"))]
    supervisor.stopAll()
    supervisor.stopAll()
    // A grandchild is killed with its group, and then buried by the system's first process when it likes.
    for pid in pids {
        #expect(eventually(ms: 10_000) { kill(-pid, 0) == -1 && errno == ESRCH ? true : nil } == true)
    }
    #expect(supervisor.reports.allSatisfy { $0.pid == nil })
    #expect(supervisor.endedBySignal == nil)
}
