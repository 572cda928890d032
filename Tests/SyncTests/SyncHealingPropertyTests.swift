// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Journal
import TestBoard
import Testing

@testable import Sync

private let isLong = ProcessInfo.processInfo.environment["WATCHPOST_LONG"] != nil

/// Whatever is lost, doubled, late, refused, restarted or put back: in the end the hub has the journal, once,
/// in order.
struct SyncHealingPropertyTests {
    @Test(arguments: 0..<(isLong ? 200 : 12))
    func hub_endsWithTheJournal_whateverHappened(seed: Int) {
        var scene = SyncScene(seed: UInt64(seed))
        scene.trouble = 5 + seed % 6 * 8
        for _ in 0..<200 {
            if scene.dice.chance(30) {
                scene.append(1 + scene.dice.below(30), to: scene.dice.pick(Facility.Stream.allCases))
            }
            switch scene.dice.below(100) {
            case 0: scene.backup = scene.hub
            case 1: scene.hub = scene.backup
            case 2...3: scene.restart()
            case 4 where scene.generation < 3: scene.generation += 1
            default: break
            }
            scene.turn()
        }
        scene.trouble = 0
        for _ in 0..<2_000 where !scene.isLevel { scene.turn() }
        #expect(scene.isEqual, "seed \(seed)")
        #expect(scene.conflicts.isEmpty, "seed \(seed): \(scene.conflicts)")
        #expect(scene.pump.stopped.isEmpty)
    }

    @Test func hub_isHealed_whenItIsPutBackWhileNothingHappens() {
        var scene = SyncScene(seed: 1)
        scene.append(500, to: .alarm)
        for _ in 0..<20 { scene.turn() }
        scene.backup = scene.hub
        scene.append(500, to: .alarm)
        for _ in 0..<20 { scene.turn() }
        #expect(scene.isEqual)
        scene.hub = scene.backup
        for _ in 0..<50 { scene.turn() }
        #expect(scene.isEqual && scene.conflicts.isEmpty)
    }

    @Test func stream_stopsAlone_whenTheTerminalWasPutBack() {
        var scene = SyncScene(seed: 2)
        scene.append(20, to: .alarm)
        scene.append(20, to: .health)
        for _ in 0..<20 { scene.turn() }
        scene.journal[.alarm]?.removeLast(10)
        scene.restart()
        scene.append(3, to: .alarm)
        scene.append(7, to: .health)
        for _ in 0..<40 { scene.turn() }
        #expect(scene.hub.stored[.health] == scene.journal[.health])
        #expect(scene.hub.stored[.alarm]?.count == 20, "nothing was put in the place of anything")
        #expect(scene.conflicts.map(\.reason) == [.altered] && scene.pump.stopped == [.alarm])
        #expect(scene.faults.count { $0.place.contains("alarm") } == 2, "\(scene.faults)")
    }

    @Test func idleTerminal_asksSeldom_whenNothingHappens() {
        var scene = SyncScene(seed: 3)
        let start = scene.now
        while scene.now < start.advanced(ms: 600_000) { scene.turn() }
        let most = 600_000 / Limits.syncProofMs + 600_000 / Limits.syncProofRestMs + 4
        #expect(scene.requests <= most)
        #expect(scene.requests > most * 3 / 4)
    }
}
