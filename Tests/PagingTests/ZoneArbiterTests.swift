// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct ZoneArbiterTests {
    private func claim(_ id: UInt64, _ rank: SoundRank, _ manners: ZoneClaim.Manners = .waits) -> ZoneClaim {
        ZoneClaim(id: id, rank: rank, manners: manners)
    }

    @Test func urgent_cutsTheRest_andGivesItBack() {
        var zone = ZoneArbiter()
        #expect(zone.begin(claim(1, .routine)) == [.sound(1)])
        #expect(zone.begin(claim(2, .livePage, .leaves)) == [.pause(1, by: .livePage), .sound(2)])
        #expect(zone.begin(claim(3, .emergencyPage, .leaves)) == [.cut(2, by: .emergencyPage), .sound(3)])
        #expect(zone.waiting == [1])
        #expect(zone.end(3) == [.sound(1)])
        #expect(zone.end(1) == [] && zone.rank == nil)
    }

    @Test func pages_areNeverTwo_whateverTheirManners() {
        var zone = ZoneArbiter()
        _ = zone.begin(claim(1, .livePage))
        #expect(zone.begin(claim(2, .livePage)) == [.refuse(2, by: .livePage)])
        _ = zone.begin(claim(3, .alarmCall))
        #expect(zone.begin(claim(4, .livePage, .leaves)) == [.refuse(4, by: .alarmCall)])
        #expect(zone.end(3) == [.sound(1)])
    }

    @Test func pages_yieldToWhatIsNone_andComeBack() {
        var zone = ZoneArbiter()
        #expect(zone.occupy(.routine) == [])
        #expect(zone.begin(claim(1, .livePage)) == [.pause(0, by: .livePage), .sound(1)])
        #expect(zone.occupy(.routine) == [] && zone.rank == .livePage)
        #expect(zone.occupy(.alarmTone) == [.pause(1, by: .alarmTone)])
        #expect(zone.begin(claim(2, .livePage, .leaves)) == [.refuse(2, by: .alarmTone)])
        #expect(zone.occupy(nil) == [.sound(1)])
        _ = zone.end(1)
        _ = zone.begin(claim(3, .livePage, .leaves))
        #expect(zone.occupy(.alarmCall) == [.cut(3, by: .alarmCall)])
        #expect(zone.occupy(.routine) == [] && zone.rank == .routine)
    }

    @Test func anything_leavesOneSounding_theMostUrgent() {
        for seed in 1...300 {
            var dice = Dice(UInt64(seed))
            var zone = ZoneArbiter()
            var sounding: Set<UInt64> = []
            var alive: [UInt64: SoundRank] = [:]
            for id in 0..<UInt64(80) {
                let isEnd = Int.random(in: 0..<3, using: &dice) == 0
                let effects: [ZoneEffect]
                if isEnd, let old = alive.keys.sorted().randomElement(using: &dice) {
                    alive[old] = nil
                    sounding.remove(old)
                    effects = zone.end(old)
                } else {
                    let rank = SoundRank.allCases.randomElement(using: &dice)!
                    alive[id] = rank
                    effects = zone.begin(claim(id, rank, Bool.random(using: &dice) ? .waits : .leaves))
                }
                for effect in effects {
                    switch effect {
                    case .sound(let id): sounding.insert(id)
                    case .pause(let id, _): sounding.remove(id)
                    case .cut(let id, _), .refuse(let id, _):
                        sounding.remove(id)
                        alive[id] = nil
                    }
                }
                #expect(sounding.count <= 1 && sounding.isEmpty == alive.isEmpty, "seed \(seed)")
                #expect(sounding.first.flatMap { alive[$0] } == alive.values.max(), "seed \(seed)")
                #expect(alive.values.count { $0 == .livePage } <= 1, "seed \(seed)")
            }
        }
    }
}
