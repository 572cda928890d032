// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Foundation
import Journal
import Paging
import PanelLink
import Synchronization
import TestBoard
import Testing

@testable import SoundAgent

/// A terminal that hears itself, in real time: cards of software whose microphones hear their loudspeakers.
@Suite(.serialized, .realTime)
struct PlayEarTests {
    private static let rateHz = 16_000

    private static func card(_ gain: Float) -> SimulatedCard {
        var settings = SimulatedCard.Settings()
        settings.room = [Float](repeating: 0, count: 160) + [0.5 * gain, 0, 0.2 * gain, -0.1 * gain]
        settings.noise = 40
        return SimulatedCard(settings)
    }

    private static func calibrated() throws -> CalibrationFile {
        var found: Calibration.Result?
        for _ in 0..<10 where found == nil {
            found = try? Calibration.run(.simulated(card(1)), rateHz: rateHz)
        }
        let result = try #require(found)
        return CalibrationFile(
            card: "simulated", delayUs: UInt32(result.delayMs * 1_000), wallMs: 1, level: result.level)
    }

    private static func unit() throws -> [Int16] {
        try NoticeClip.allCases.flatMap { try $0.samples(rateHz: rateHz) }
    }

    @Test(arguments: [(Float(1), PlayProof.Verdict.heard), (0, .notHeard), (0.316, .tooQuiet)])
    func loudspeaker_isJudged_beforeItsUnitEnds(gain: Float, verdict: PlayProof.Verdict) throws {
        let (known, unit) = (try Self.calibrated(), try Self.unit())
        let level = try #require(known.level)
        // Frames lost on a machine that stood still prove nothing: asked again.
        var said: PlayProof.Result?
        for _ in 0..<5 where said?.verdict != verdict {
            let card = SoundCard.simulated(Self.card(gain))
            let speaker = Speaker(card, rateHz: Self.rateHz)
            speaker.start()
            defer { speaker.stop() }
            let heard = Mutex<PlayProof.Result?>(nil)
            speaker.play(Sound(unit), as: 9, rank: .routine)
            let ear = PlayEar(card, speaker, known, level) { result, _ in heard.withLock { $0 = result } }
            #expect(DayThreadTests.eventually { heard.withLock { $0 != nil } || speaker.claims.isEmpty })
            #expect(!speaker.claims.isEmpty, "it still sounds")
            ear.stop()
            said = heard.withLock { $0 }
        }
        #expect(said?.verdict == verdict, "\(said as Any)")
    }

    @Test func ear_endsAtOnce_whenItIsTold() throws {
        let card = SoundCard.simulated(Self.card(1))
        let speaker = Speaker(card, rateHz: Self.rateHz)
        let heard = Mutex<PlayProof.Result?>(nil)
        let level = try #require(EchoLevel(bandsDb: .init(repeating: -20, count: EchoLevel.bandCount)))
        let known = CalibrationFile(card: "simulated", delayUs: 0, wallMs: 1, level: level)
        let ear = PlayEar(card, speaker, known, level) { result, _ in heard.withLock { $0 = result } }
        ear.stop()
        #expect(DayThreadTests.eventually { heard.withLock { $0?.verdict == .unsure } })
    }

    /// The law: first the entry, then the sign, then the microphone; and both are gone after.
    @Test func unit_isListenedTo_withEntryAndSign_andProven() async throws {
        let now = BroadcastTerminal.clock().moment().wallMs / 1_000
        let begin = ClockTime(seconds: Int32((now + 6) % 86_400))!
        let day = try DayRig([("\(begin)", 30, .onward)], clips: ["unit-0"], day: CivilDay(2026, 11, 23)!)
        try day.replaceClip(try Self.unit() + (try Self.unit()), rateHz: Self.rateHz)
        defer { day.end() }
        let known = try Self.calibrated()
        try await SoundSite.run(
            day: DayRig.places(day.folder), own: .simulated(Self.card(1))
        ) { site in
            let cell = try #require(site.desks[SoundSite.cell])
            await cell.assumeOnLoop { $0.calibration = known }
            #expect(
                site.hears(SoundSite.cell, ms: 30_000) {
                    $0 == .sound(SoundState(isWorking: true, isMicrophoneOpen: true))
                } != nil)
            #expect(
                site.hears(SoundSite.cell, ms: 30_000) {
                    $0 == .sound(SoundState(isWorking: true, isMicrophoneOpen: false))
                } != nil)
            let path = try #require(site.configs[SoundSite.cell]?.journalPath)
            await site.desks[SoundSite.cell]?.endForTest()
            let stored = try JournalReader(path: path).events(past: .beginning(of: .page), limit: 100)
            let entries = stored.compactMap { PlayEntry($0.event.payload) }
            let steps = entries.map(\.step).filter { $0 == .listening || $0 == .proved }
            #expect(steps == [.listening, .proved])
            let proof = entries.first { $0.step == .proved }
            #expect(proof?.heard == .heard && proof?["routine"] == "unit-0", "\(proof as Any)")
        }
    }
}
