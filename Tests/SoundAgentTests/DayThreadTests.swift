// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Foundation
import Journal
import Paging
import Synchronization
import TestBoard
import Testing

@testable import SoundAgent

/// The day in real time: its threads, a loudspeaker of software, the record.
@Suite(.serialized, .realTime)
struct DayThreadTests {
    static func eventually(_ test: () -> Bool) -> Bool {
        let until = wp_uptime_ns() + 20_000_000_000
        while wp_uptime_ns() < until {
            if test() { return true }
            SoundThread.pause(ms: 5)
        }
        return false
    }

    @Test func unit_isInTheAir_andInTheRecord_andYieldsToATone() throws {
        let now = BroadcastTerminal.clock().moment().wallMs / 1_000
        let begin = ClockTime(seconds: Int32((now + 3) % 86_400))!
        let rig = try DayRig(
            [("\(begin)", 30, .onward)], clips: ["unit-0"], day: CivilDay(2026, 11, 23)!)
        defer { rig.end() }
        let steps = Mutex<[PlayEntry.Step]>([])
        let card = SimulatedCard()
        let started = Mutex<DayThread?>(nil)
        let speaker = Speaker(.simulated(card), rateHz: DayRig.rateHz) { report in
            if case .rank(let rank) = report { started.withLock { $0 }?.heard(rank) }
        }
        let day = DayThread(
            DayThread.Parts(
                zone: DayRig.zone, places: DayRig.places(rig.folder), speaker: speaker,
                clock: { BroadcastTerminal.clock() },
                record: { entry, _ in steps.withLock { $0.append(entry.step) } }))
        started.withLock { $0 = day }
        speaker.start()
        day.start()
        defer {
            day.stop()
            speaker.stop()
            started.withLock { $0 = nil }
        }
        #expect(Self.eventually { steps.withLock { $0.contains(.began) } })
        #expect(speaker.claims.first?.rank == .routine)
        #expect(
            Self.eventually {
                card.loudspeaker.listen(fromNs: wp_uptime_ns() - 30_000_000, count: 80, rateHz: 8_000)
                    .contains { $0 > 500 }
            })
        speaker.play(Tone.ring.sound(rateHz: DayRig.rateHz), as: 1, rank: .alarmTone)
        #expect(Self.eventually { steps.withLock { $0.contains(.interrupted) } })
        speaker.end(1)
        #expect(Self.eventually { steps.withLock { $0.contains(.resumed) } })
    }

    @Test func clock_isRead_asOneTime() {
        let time = DayClock().now()
        let wall = wp_wall_ms()
        #expect(abs(time.moment().wallMs - wall) < 2_000)
        #expect(abs(time.uptimeNs(ofUnix: wall / 1_000) - Int64(time.uptime.nanoseconds)) < 3_000_000_000)
    }
}
