// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Alarms
import Facility
import GPIO
import PanelLink
import TestBoard
import Testing

private let cell = SimulatedSite.cells[0]
private let postA = SimulatedSite.posts[0]
private let postB = SimulatedSite.posts[1]

/// A post that confirmed, or answered, dies: within five seconds it rings elsewhere.
extension TerminalDeskTests {
    @Test func alarm_reachesTheNeighbour_whenTheAcknowledgingPostDies() throws {
        var site = try settled()
        site.press(cell)
        site.pass(ms: 50)
        let id = try #require(site.alarms(postA).first?.id)
        site.act(.acknowledge, on: id, at: postA)
        site.pass(ms: 50)
        site.kill(postA)
        site.pass(ms: 5_000)
        #expect(site.alarms(postB).first?.acknowledged != nil)
        #expect(site.buzzer(postB) == .fastBlink, "nobody at a living post has it")
        site.act(.acknowledge, on: id, at: postB)
        site.pass(ms: 100)
        #expect(site.replies.last?.refusal == .mustSoundFirst)
        site.pass(ms: Limits.resoundMinMs)
        site.act(.acknowledge, on: id, at: postB)
        site.pass(ms: 100)
        #expect(site.replies.last?.refusal == nil && site.unsafe.isEmpty)
        #expect(site.buzzer(postB) == .chirp, "only the trouble of the dead post is heard")
        site.start(postA)
        site.pass(ms: 10_000)
        #expect(site.buzzer(postA) == .off && site.buzzer(postB) == .off, "post B has it now")
    }

    @Test func alarm_soundsAgainAtItsNeighbour_whenTheAcknowledgingPostDiesAndBothHadIt() throws {
        var site = try settled()
        site.press(cell)
        site.pass(ms: 31_000)  // The ladder has reached the neighbour.
        let id = try #require(site.alarms(postB).first?.id)
        site.act(.acknowledge, on: id, at: postA)
        site.pass(ms: 60_000)
        #expect(site.buzzer(postA) == .off && site.buzzer(postB) == .off)
        site.kill(postA)
        site.pass(ms: 5_000)
        #expect(site.buzzer(postB) == .fastBlink)
    }

    @Test func alarm_ringsElsewhereInFiveSeconds_whenTheConfirmingPostDies() throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            var site = try settled(seed: seed)
            site.press(cell)
            site.pass(ms: 300 * Int(seed))
            #expect(site.alarms(postB).isEmpty)
            site.kill(postA)
            site.pass(ms: 5_000)
            #expect(site.alarms(postB).count == 1 && site.buzzer(postB) == .fastBlink)
            #expect(site.lamp(cell) == .steady)
        }
    }

    @Test func lamp_takesItsPromiseBackInFiveSeconds_whenTheConfirmingPostDies() throws {
        var site = try settled()
        site.cuts.formUnion([[cell, postB], [postB, cell]])
        site.press(cell)
        site.pass(ms: 100)
        site.kill(postA)
        site.pass(ms: 5_000)
        #expect(site.lamp(cell) == .fastBlink)
    }

    @Test func repeat_costsAReceiptAndNothingElse_whenAPostIsAskedAnew() throws {
        var site = try settled()
        site.press(cell)
        site.pass(ms: 2_000)
        let desk = try #require(site.nodes[cell]?.desk)
        let record = try #require(desk.alarms.machines.values.first?.record)
        let entries = site.nodes[postA]?.journal.count
        var asking = desk
        let message = Message.annunciation(
            Annunciation(record: record, ageMs: 2_000, custodian: cell))
        let bytes = asking.link.seal(message, to: postA)
        let sealed = try #require(bytes)
        var effects: [DeskEffect] = []
        let now = site.now
        site.nodes[postA]?.desk?.datagram(sealed, now: now, into: &effects)
        #expect(effects == [.receipt(record.id, revision: record.revision, audible: true, to: cell)])
        site.pass(ms: 20_000)
        #expect(site.nodes[postA]?.journal.count == entries)
        #expect(site.alarms(postB).isEmpty)
    }
}
