// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Alarms
import Facility
import Foundation
import GPIO
import PanelLink
import TestBoard
import Testing

private let cell = SimulatedSite.cells[0]
private let postA = SimulatedSite.posts[0]
private let postB = SimulatedSite.posts[1]

func settled(seed: UInt64 = 1) throws -> SimulatedSite {
    var site = try SimulatedSite(seed: seed)
    site.pass(ms: 5_000)
    return site
}

extension SimulatedSite {
    func roll(_ post: TerminalID) -> [RollEntry] {
        nodes[post]?.desk?.post?.roll.ordered(now: now.uptime) ?? []
    }
    func alarms(_ post: TerminalID) -> [AlarmRecord] {
        roll(post).map(\.record).filter { $0.alarmClass > .trouble }
    }
    func lamp(_ id: TerminalID) -> OutputPattern { nodes[id]?.outputs[.assuranceLamp] ?? .off }
    func buzzer(_ id: TerminalID) -> OutputPattern { nodes[id]?.outputs[.buzzer] ?? .off }
}

@Suite struct TerminalDeskTests {
    @Test func press_isListedAndHeardAndConfirmed_whenAllIsWell() throws {
        var site = try settled()
        site.press(cell)
        #expect(site.lamp(cell) == .fastBlink)
        site.pass(ms: 50)
        #expect(site.alarms(postA).count == 1)
        #expect(site.buzzer(postA) == .fastBlink)
        #expect(site.lamp(cell) == .steady)
        #expect(site.alarms(postB).isEmpty)
    }

    @Test func press_neverPromises_whenTheCableIsOut() throws {
        var site = try settled()
        for post in SimulatedSite.posts { site.cuts.formUnion([[cell, post], [post, cell]]) }
        site.press(cell)
        site.pass(ms: 20_000)
        #expect(site.lamp(cell) == .fastBlink)
        site.cuts = []
        site.pass(ms: 3_000)
        #expect(site.lamp(cell) == .steady)
        #expect(site.alarms(postA).count == 1)
    }

    @Test func press_reachesTheNeighbour_whenItsPostIsDead() throws {
        var site = try settled()
        site.kill(postA)
        site.press(cell)
        site.pass(ms: 1_000)
        #expect(site.alarms(postB).count == 1)
        #expect(site.lamp(cell) == .steady)
    }

    @Test func lamp_takesItsPromiseBack_whenTheConfirmingPostDies() throws {
        var site = try settled()
        site.cuts.formUnion([[cell, postB], [postB, cell]])
        site.press(cell)
        site.pass(ms: 100)
        #expect(site.lamp(cell) == .steady)
        site.kill(postA)
        site.pass(ms: 10_000)
        #expect(site.lamp(cell) == .fastBlink)
    }

    @Test func alarm_goesItsWay_fromPressToClear() throws {
        var site = try settled()
        site.press(cell)
        site.pass(ms: 50)
        let id = try #require(site.alarms(postA).first?.id)
        site.act(.clear, on: id, at: postA)
        site.pass(ms: 50)
        #expect(site.replies.last?.refusal == .notAttended)
        site.act(.acknowledge, on: id, at: postA)
        site.pass(ms: 50)
        #expect(site.lamp(cell) == .slowBlink)
        #expect(site.buzzer(postA) == .off)
        site.act(.attend, on: id, at: postA)
        site.pass(ms: 50)
        #expect(site.replies.last?.refusal == .attendanceNeedsLine)
        site.press(cell, .attendance)
        site.pass(ms: 50)
        site.act(.clear, on: id, at: postA)
        site.pass(ms: 50)
        #expect(site.replies.last?.refusal == nil)
        #expect(site.alarms(postA).isEmpty)
        #expect(site.lamp(cell) == .off)
        #expect(site.unsafe.isEmpty)
    }

    @Test func twoPosts_seeWhoAnswered_whenBothAcknowledge() throws {
        var site = try settled()
        site.press(cell)
        site.pass(ms: 31_000)  // The ladder has reached the neighbour.
        let id = try #require(site.alarms(postB).first?.id)
        site.act(.acknowledge, on: id, at: postA)
        site.act(.acknowledge, on: id, at: postB)
        site.pass(ms: 500)
        let winners = Set([postA, postB].compactMap { site.alarms($0).first?.acknowledged?.terminal })
        #expect(winners.count == 1)
        #expect(site.replies.suffix(2).filter { $0.refusal == .alreadyAcknowledged }.count == 1)
    }

    @Test func alarm_staysAsCellLost_whenTheCellDiesAfterRaising() throws {
        var site = try settled()
        site.press(cell)
        site.pass(ms: 100)
        site.cutPower(cell)
        site.pass(ms: 9_000)
        let entry = try #require(site.roll(postA).first)
        #expect(entry.isCellLost && entry.record.alarmClass == .emergency)
        site.act(.attend, on: entry.record.id, at: postA)
        site.act(.clear, on: entry.record.id, at: postA)
        site.pass(ms: 50)
        #expect(site.alarms(postA).isEmpty)
        // It comes back with the alarm still open in its journal and is told.
        site.start(cell)
        site.pass(ms: 5_000)
        #expect(site.nodes[cell]?.desk?.alarms.machines.isEmpty == true)
        #expect(site.lamp(cell) == .off)
        #expect(site.alarms(postA).isEmpty && site.alarms(postB).isEmpty)
    }

    @Test func ladder_goesOn_whenTheCellIsLost() throws {
        var site = try settled()
        site.press(cell)
        site.pass(ms: 100)
        site.cutPower(cell)
        site.pass(ms: 40_000)
        #expect(site.alarms(postB).count == 1)
    }

    @Test func peers_areShownAndHeardWithinTenSeconds_whenOneIsDeadOrDeaf() throws {
        for direction in [[[cell, postA], [postA, cell]], [[cell, postA]], [[postA, cell]]] {
            var site = try settled()
            site.cuts.formUnion(direction)
            site.pass(ms: 10_000)
            let troubles = site.roll(postA).map(\.record).filter { $0.point.terminal == cell }
            #expect(troubles.contains { $0.cause == .peerLost || $0.cause == .peerOneWay })
            #expect(site.buzzer(postA) == .chirp)
            site.cuts = []
            site.pass(ms: 12_000)
            #expect(site.roll(postA).isEmpty)
        }
    }

    @Test func deadPost_isShownAtItsNeighbour() throws {
        var site = try settled()
        site.kill(postA)
        site.pass(ms: 10_000)
        #expect(
            site.roll(postB).contains { $0.record.cause == .peerLost && $0.record.point.terminal == postA })
        #expect(site.buzzer(postB) == .chirp)
    }

    @Test func heldButton_isOneAlarm_whenTheCellRestartsWhileItIsPressed() throws {
        for powerCut in [false, true] {
            var site = try settled()
            site.press(cell)
            site.pass(ms: 200)
            if powerCut { site.cutPower(cell) } else { site.kill(cell) }
            site.pass(ms: 300)
            site.start(cell)
            site.press(cell, held: true)
            site.pass(ms: 5_000)
            #expect(site.alarms(postA).count == 1)
            #expect(site.lamp(cell) == .steady)
        }
    }

    @Test func post_isToldAgain_whenItRestarts() throws {
        var site = try settled()
        site.press(cell)
        site.pass(ms: 100)
        site.nodes[postA]?.journal = [:]
        site.cutPower(postA)
        site.nodes[postA]?.journal = [:]
        site.start(postA)
        site.pass(ms: 3_000)
        #expect(site.alarms(postA).count == 1)
        #expect(site.buzzer(postA) == .fastBlink)
    }

    @Test func buzzer_failure_leavesTheLampHonest() throws {
        var site = try settled()
        site.nodes[postA]?.buzzerBroken = true
        site.cuts.formUnion([[cell, postB], [postB, cell]])
        site.press(cell)
        site.pass(ms: 5_000)
        #expect(site.alarms(postA).count == 1)
        #expect(site.lamp(cell) == .fastBlink)
    }

    @Test func duress_isHeardElsewhereOnly_whenItIsSilent() throws {
        var site = try settled()
        site.press(postA, .duressButton)
        site.pass(ms: 100)
        #expect(site.alarms(postB).first?.alarmClass == .officerDuress)
        #expect(site.alarms(postA).first?.alarmClass == .officerDuress)
    }

    @Test func press_afterAttendance_isANewAlarm() throws {
        var site = try settled()
        site.press(cell)
        site.press(cell, .attendance)
        site.press(cell)
        site.pass(ms: 100)
        #expect(site.alarms(postA).count == 2)
        #expect(site.buzzer(postA) == .fastBlink)
    }
}

extension TerminalDeskTests {
    @Test func action_isDoneOnce_whenItIsAskedAgain() throws {
        var site = try settled()
        site.press(cell)
        site.press(cell, .attendance)
        site.pass(ms: 50)
        let id = try #require(site.alarms(postA).first?.id)
        let request = ActionRequest(
            actionID: 77, alarm: id, action: .clear,
            source: ActionSource(post: postA, officer: .named("P1042")))
        for _ in 0..<3 {
            site.ask(request, at: postA)
            site.pass(ms: 50)
        }
        #expect(site.replies.count == 3 && site.replies.allSatisfy { $0.refusal == nil })
    }
}
