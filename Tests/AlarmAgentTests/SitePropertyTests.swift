// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Alarms
import Facility
import Foundation
import GPIO
import PanelLink
import TestBoard
import Testing

/// Random presses, losses, partitions, kills, power cuts and officer actions over a whole site, then the
/// faults stop. Safety all along: none cleared unattended, none quiet for more than 120 s, no lamp that
/// promises without a receipt. Liveness at the end: every press that counts is on every post that has to have
/// it, or was properly ended.
@Suite struct SitePropertyTests {
    private static let seeds: Range<UInt64> =
        ProcessInfo.processInfo.environment["WATCHPOST_LONG"] == nil ? 0..<40 : 0..<2_000

    @Test(arguments: [0, 1, 2, 3])
    func site_keepsItsPromises_whateverHappens(part: UInt64) throws {
        for seed in Self.seeds where seed % 4 == part {
            var story = try Story(seed: seed)
            story.play()
            #expect(story.site.unsafe.isEmpty, "seed \(seed): \(story.site.unsafe.prefix(3))")
            #expect(story.missing.isEmpty, "seed \(seed): lost \(story.missing)")
            #expect(story.stillDark.isEmpty, "seed \(seed): open, and not on both lists: \(story.stillDark)")
        }
    }
}

private struct Story {
    var site: SimulatedSite
    private var random: SeededGenerator
    /// Alarms whose datagram left, whose lamp lit or that a journal acknowledged before their machine lost
    /// power.
    private var owed: Set<EventID> = []
    private(set) var missing: [EventID] = []
    private(set) var stillDark: [EventID] = []
    private var ended: Set<EventID> = []

    init(seed: UInt64) throws {
        site = try SimulatedSite(seed: seed)
        random = SeededGenerator(seed: seed ^ 0xa5a5)
        site.pass(ms: 4_000)
    }

    mutating func play() {
        for _ in 0..<25 {
            step()
            site.pass(ms: random.pick([1, 20, 150, 1_000, 6_000, 40_000, 125_000]))
            noteEnded()
        }
        heal()
        for id in owed where site.everListed[id] == nil && !ended.contains(id) { missing.append(id) }
        for cell in SimulatedSite.cells {
            for (id, machine) in site.nodes[cell]?.desk?.alarms.machines ?? [:]
            where machine.record.attended == nil {
                let post = SimulatedSite.posts[0]
                if site.nodes[post]?.desk?.post?.roll.entries[id] == nil { stillDark.append(id) }
            }
        }
    }

    private mutating func heal() {
        site.cuts = []
        site.lossPercent = 0
        site.delayMaxMs = 3
        for id in site.nodes.keys.sorted() {
            site.nodes[id]?.buzzerBroken = false
            site.start(id)
        }
        site.pass(ms: 15_000)
    }

    /// What a power cut takes is owed only if a disk had acknowledged it or a post had it.
    private mutating func noteOwed(_ cell: TerminalID, powerCut: Bool) {
        for id in site.nodes[cell]?.desk?.alarms.machines.keys.filter({ $0.stream == .alarm }) ?? [] {
            let stored = site.nodes[cell]?.journal[id] != nil || site.everListed[id] != nil
            if !powerCut || stored { owed.insert(id) }
        }
    }

    private mutating func noteEnded() {
        for node in site.nodes.values {
            for entry in node.journal.values where !entry.annunciation.record.isOpen {
                ended.insert(entry.annunciation.record.id)
            }
        }
    }

    private mutating func step() {
        let cell = random.pick(SimulatedSite.cells)
        let post = random.pick(SimulatedSite.posts)
        switch random.below(16) {
        case 0...3: site.press(cell, random.pick([.emergencyButton, .emergencyButton, .cellCallButton]))
        case 4: site.press(cell, .attendance)
        case 5...8:
            if let id = random.pick(
                [nil]
                    + (site.nodes[post]?.desk?.post?.roll.entries.keys.sorted { $0.run < $1.run } ?? []).map {
                        $0
                    })
            {
                site.act(random.pick(OfficerAction.allCases), on: id, at: post)
            }
        case 9: site.press(post, random.pick([.acknowledgeKey, .silenceKey, .attendKey, .clearKey]))
        case 10:
            noteOwed(cell, powerCut: false)
            site.kill(cell)
        case 11:
            noteOwed(cell, powerCut: true)
            site.cutPower(cell)
        case 12: if random.chance(50) { site.kill(post) } else { site.cutPower(post) }
        case 13: for id in site.nodes.keys.sorted() { site.start(id) }
        case 14:
            let pair = [cell, post]
            site.cuts.formUnion(
                random.chance(50) ? [pair, pair.reversed()] : [random.chance(50) ? pair : pair.reversed()])
        default:
            site.cuts = []
            site.lossPercent = random.pick([0, 10, 30, 60])
            site.delayMaxMs = random.pick([3, 50, 300])
            site.nodes[post]?.buzzerBroken = random.chance(20)
        }
    }
}
