// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Glibc
import Synchronization
import TestBoard
import Testing

/// A loudspeaker on a card of software: its thread is real, and so is the time.
@Suite(.serialized, .realTime)
struct SpeakerTests {
    /// Always the same level; says what it was told.
    final class Steady: HeardVoice, Sendable {
        let level: Int16
        let played = Mutex<[Int16]>([])

        init(_ level: Int16) { self.level = level }

        var descriptors: (Int32, Int32) { (-1, -1) }
        func receive() {}
        func next(_ block: SampleBlock, count: Int) {
            for index in 0..<count { block[index] = level }
        }
        func played(_ mixed: SampleBlock, count: Int, soundsAtNs: UInt64, watch: CardWatch) {
            played.withLock { $0.append(mixed[count - 1]) }
        }
    }

    final class Told: Sendable {
        let reports = Mutex<[Speaker.Report]>([])
        func take(_ report: Speaker.Report) { reports.withLock { $0.append(report) } }
        func beganNs(_ id: UInt64) -> UInt64? {
            reports.withLock { reports in
                for case .began(id, let at) in reports { return at }
                return nil
            }
        }
    }

    static func run(
        _ card: SimulatedCard = SimulatedCard(), _ body: (Speaker, Told) throws -> Void
    ) rethrows {
        let told = Told()
        let speaker = Speaker(.simulated(card), rateHz: 16_000) { told.take($0) }
        speaker.start()
        defer { speaker.stop() }
        try body(speaker, told)
    }

    static func eventually(_ test: () -> Bool) -> Bool {
        let until = wp_uptime_ns() + 10_000_000_000
        while wp_uptime_ns() < until {
            if test() { return true }
            SoundThread.pause(ms: 2)
        }
        return false
    }

    static func flat(_ level: Int16, ms: Int = 100, repeats: Bool = true, ducksTo: Float = 0.1) -> Sound {
        Sound([Int16](repeating: level, count: 16 * ms), repeats: repeats, ducksTo: ducksTo)
    }

    @Test func sound_isInTheAir_whenItIsSaidToBegin() throws {
        let card = SimulatedCard()
        try Self.run(card) { speaker, told in
            var isInTheAir = false
            // The air keeps its last second: a busy machine may look too late.
            for number in 1...10 where !isInTheAir {
                speaker.play(Self.flat(8_000, repeats: false), as: UInt64(number), rank: .alarmTone)
                #expect(Self.eventually { told.reports.withLock { $0.contains(.ended(UInt64(number))) } })
                let at = try #require(told.beganNs(UInt64(number)))
                let before = card.loudspeaker.listen(fromNs: at - 20_000_000, count: 288, rateHz: 16_000)
                let after = card.loudspeaker.listen(fromNs: at + 3_000_000, count: 160, rateHz: 16_000)
                isInTheAir = before.allSatisfy { $0 == 0 } && after.contains { $0 > 400 }
            }
            #expect(isInTheAir)
        }
    }

    @Test func card_isClosed_andOpenedAgain_whenSomethingSounds() {
        let card = SimulatedCard()
        Self.run(card) { speaker, told in
            for number in 1...2 {
                speaker.play(Self.flat(8_000, repeats: false), as: UInt64(number), rank: .routine)
                #expect(Self.eventually { told.reports.withLock { $0.contains(.ended(UInt64(number))) } })
                #expect(speaker.claims.isEmpty)
                // Beyond the time that it lingers.
                SoundThread.pause(ms: 400)
                #expect(card.openCount == number)
            }
        }
    }

    @Test func callers_areHeardAlone_theMoreImportantFirst() {
        let card = SimulatedCard()
        Self.run(card) { speaker, _ in
            let (first, second) = (Steady(1_000), Steady(5_000))
            let routine = speaker.add(first, rank: .routineCall)
            #expect(Self.eventually { first.played.withLock { $0.last == 1_000 } })
            let alarm = speaker.add(second, rank: .alarmCall)
            #expect(Self.eventually { first.played.withLock { $0.last == 5_000 } })
            // Never both.
            #expect(first.played.withLock { $0.allSatisfy { $0 <= 5_000 } })
            speaker.end(alarm)
            let said = second.played.withLock { $0.count }
            #expect(Self.eventually { first.played.withLock { $0.last == 1_000 } })
            #expect(second.played.withLock { $0.count } == said)
            speaker.end(routine)
        }
    }

    @Test func alarmTone_lowersACall_andMusicWaitsForIt() {
        Self.run { speaker, told in
            let voice = Steady(10_000)
            let claim = speaker.add(voice, rank: .routineCall)
            #expect(Self.eventually { voice.played.withLock { $0.last == 10_000 } })
            speaker.play(Self.flat(0), as: 1, rank: .alarmTone)
            #expect(Self.eventually { voice.played.withLock { $0.last.map { $0 < 1_100 } ?? false } })
            speaker.end(1)
            speaker.play(Self.flat(20_000), as: 2, rank: .routine)
            #expect(Self.eventually { voice.played.withLock { $0.last == 10_000 } })
            #expect(told.beganNs(2) == nil)
            speaker.end(claim)
            #expect(Self.eventually { told.beganNs(2) != nil })
        }
    }

    @Test func trouble_isTold_andItsEnd() {
        let card = SimulatedCard()
        Self.run(card) { speaker, told in
            card.fail(ENODEV)
            speaker.play(Self.flat(8_000, repeats: false), as: 1, rank: .routine)
            let isTold = Self.eventually {
                told.reports.withLock { $0.contains { if case .trouble(_?) = $0 { true } else { false } } }
            }
            #expect(isTold)
            // Nothing is claimed any more, and still its return is told.
            #expect(Self.eventually { speaker.claims.isEmpty })
            card.comeBack()
            #expect(Self.eventually { told.reports.withLock { $0.last == .trouble(nil) } })
        }
    }

    @Test func card_isLent_untilSomethingWantsToSound() {
        Self.run { speaker, told in
            let state = Told()
            let isLent = speaker.lend { isWantedBack in
                state.take(.began(1, atNs: 0))
                while !isWantedBack() { SoundThread.pause(ms: 1) }
                state.take(.ended(1))
            }
            #expect(isLent && !speaker.lend { _ in })
            #expect(Self.eventually { state.beganNs(1) != nil })
            speaker.play(Self.flat(8_000), as: 5, rank: .alarmTone)
            #expect(Self.eventually { told.beganNs(5) != nil })
            #expect(state.reports.withLock { $0.last == .ended(1) })
            #expect(!speaker.lend { _ in })
        }
    }
}
