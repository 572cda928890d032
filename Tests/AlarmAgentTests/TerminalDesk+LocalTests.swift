// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import GPIO
import PanelLink
import TestBoard
import Testing

@testable import AlarmAgent

private let cell = SimulatedSite.cells[0]
private let postA = SimulatedSite.posts[0]
private let postB = SimulatedSite.posts[1]

/// What the tool asks, and what the moment before a press may not change.
extension TerminalDeskTests {
    @Test func buzzerTest_isAnsweredOnlyByWhoeverSetTheOutput() throws {
        var site = try settled()
        var effects: [DeskEffect] = []
        let now = site.now
        site.nodes[postA]?.desk?.local(.buzzerTest(token: 9), from: "tool", now: now, into: &effects)
        #expect(effects.first == .show(.steady, on: .buzzer, reassert: true))
        #expect(!effects.contains { if case .reply = $0 { true } else { false } })
    }

    @Test func buzzerTest_tellsTheFault_whenTheOutputFailed() throws {
        let post = try #require(try settled().nodes[postA]?.desk)
        let fault = Fault("set line", at: "gpio/BUZZER", cause: "I/O error", hint: "Check the bus.")
        #expect(post.buzzerReport(9, outputFault: nil) == [.end(token: 9, count: 0)])
        let told = post.buzzerReport(9, outputFault: fault)
        #expect(told == [.fault(token: 9, fault), .end(token: 9, count: 1)])
    }

    @Test func buzzerTest_isAFault_whenThereIsNoBuzzer() throws {
        let desk = try #require(try settled().nodes[cell]?.desk)
        let told = desk.buzzerReport(9, outputFault: nil)
        guard case .fault(9, let fault)? = told.first else {
            Issue.record("answered \(told)")
            return
        }
        #expect(fault.cause.contains("no buzzer") && told.last == .end(token: 9, count: 1))
    }

    @Test func advice_isTold_withoutCallingTheLinesIll() throws {
        var site = try settled()
        let advice = Fault("keep presses", at: "/var/x", cause: "a disk", hint: "Put it under /run.")
        site.nodes[cell]?.desk?.advice = [advice]
        var effects: [DeskEffect] = []
        let query = Message.query(Query(token: 3, what: .status))
        let now = site.now
        site.nodes[cell]?.desk?.local(query, from: "tool", now: now, into: &effects)
        #expect(effects.contains(.reply(.fault(token: 3, advice), to: "tool")))
        let status = effects.lazy.compactMap { effect -> TerminalStatus? in
            if case .reply(.status(3, let status), _) = effect { status } else { nil }
        }.first
        #expect(status?.linesHealthy == true)
    }

    @Test func herald_isAHeartbeatToTheFirstRing_andNothingElse() throws {
        var site = try settled()
        site.press(cell)
        site.pass(ms: 100)
        var desk = try #require(site.nodes[cell]?.desk)
        let before = desk
        var effects: [DeskEffect] = []
        desk.herald(now: site.now, into: &effects)
        #expect(effects.count == 1)
        guard case .send(.heartbeat(let beat), to: postA)? = effects.first else {
            Issue.record("sent \(effects)")
            return
        }
        #expect(beat.number == before.heartbeats + 1 && desk.heartbeats == beat.number)
        #expect(beat.standing == 1 && beat.heardYouMs < UInt32(Limits.heartbeatMs * 2))
        #expect(desk.alarms.machines.mapValues(\.record) == before.alarms.machines.mapValues(\.record))
        #expect(desk.counts == before.counts && desk.shown == before.shown)
        var fresh = before
        #expect(desk.deadline(now: site.now.uptime) == fresh.deadline(now: site.now.uptime))
        // The post takes it as any other.
        let bytes = desk.link.seal(.heartbeat(beat), to: postA)
        let sealed = try #require(bytes)
        var heard: [DeskEffect] = []
        let now = site.now
        site.nodes[postA]?.desk?.datagram(sealed, now: now, into: &heard)
        #expect(heard.isEmpty && site.alarms(postA).count == 1)
    }

    @Test func rehearsal_leavesEverythingAsItWas() throws {
        var site = try settled()
        site.press(cell, .cellCallButton)
        site.pass(ms: 1_500)
        let desk = try #require(site.nodes[cell]?.desk)
        let before = desk
        let entries = site.nodes[cell]?.journal.count
        for _ in 0..<10 { desk.rehearse(now: site.now) }
        #expect(desk.alarms.machines.mapValues(\.record) == before.alarms.machines.mapValues(\.record))
        #expect(desk.counts == before.counts && desk.heartbeats == before.heartbeats)
        #expect(desk.shown == before.shown && desk.sender.count == before.sender.count)
        var (rehearsed, fresh) = (desk, before)
        #expect(rehearsed.mint(.alarm) == fresh.mint(.alarm), "no number of an alarm was used up")
        #expect(rehearsed.deadline(now: site.now.uptime) == fresh.deadline(now: site.now.uptime))
        site.nodes[cell]?.desk = desk
        site.pass(ms: 2_000)
        #expect(site.alarms(postA).count == 1 && site.alarms(postB).isEmpty)
        #expect(site.nodes[cell]?.journal.count == entries)
        // And the press that was rehearsed goes its way.
        site.press(cell)
        site.pass(ms: 100)
        #expect(site.alarms(postA).count == 2 && site.lamp(cell) == .steady)
    }
}
