// SPDX-License-Identifier: Apache-2.0
import Alarms
import Audio
import CLinux
import DeskLink
import Facility
import Journal
import PanelLink
import TestBoard
import Testing

@testable import Intercom
@testable import SoundAgent

/// What terminals sound by themselves, heard in the air of their cards of software.
@Suite(.serialized, .realTime)
struct TerminalSoundTests {
    private typealias S = SoundSite

    private static func air(_ site: SoundSite, _ id: TerminalID) async throws -> AirLine {
        let desk = try #require(site.desks[id])
        guard case .simulated(let card) = await desk.card else { throw CancellationError() }
        return card.loudspeaker
    }

    /// The share of the wanted frequencies in the last 100 ms that were heard.
    private static func share(_ air: AirLine, of wanted: [Double]) -> Double {
        let heard = air.listen(fromNs: wp_uptime_ns() - 150_000_000, count: 1_600, rateHz: 16_000)
        var best = 0.0
        for hz in wanted {
            var (re, im, all) = (0.0, 0.0, 1.0)
            for (index, sample) in heard.enumerated() {
                let phase = 2 * Double.pi * hz * Double(index) / 16_000
                re += Double(sample) * cosine(phase)
                im += Double(sample) * cosine(phase - Double.pi / 2)
                all += Double(sample) * Double(sample)
            }
            best = max(best, (re * re + im * im) * 2 / Double(heard.count) / all)
        }
        return best
    }

    private static func cosine(_ x: Double) -> Double {
        var (turn, sum, term) = (x.truncatingRemainder(dividingBy: 2 * Double.pi), 1.0, 1.0)
        if turn > Double.pi { turn -= 2 * Double.pi }
        for step in 1..<14 {
            term *= -turn * turn / Double((2 * step - 1) * 2 * step)
            sum += term
        }
        return sum
    }

    private static func isQuiet(_ air: AirLine) -> Bool {
        air.listen(fromNs: wp_uptime_ns() - 150_000_000, count: 1_600, rateHz: 16_000)
            .allSatisfy { abs(Int($0)) < 20 }
    }

    private static let ring = [660.0, 880.0]

    @Test func cellCall_rings_andAnAnswerElsewhereEndsIt() async throws {
        try await SoundSite.run { site in
            let alarm = EventID(terminal: S.cell, stream: .alarm, run: 3, sequence: 1)
            let (airA, airB) = (try await Self.air(site, S.postA), try await Self.air(site, S.postB))
            site.press(S.cell, makeRecord(.cellCall, id: alarm))
            _ = try #require(try site.sees(S.postB) { $0.phase == .ringing })
            #expect(eventually(ms: 10_000) { Self.share(airB, of: Self.ring) > 0.5 })
            #expect(eventually(ms: 10_000) { Self.share(airA, of: Self.ring) > 0.5 })
            #expect(try site.clients[S.postA]?.command(.answer(nil), officer: S.officer) == nil)
            #expect(eventually(ms: 10_000) { Self.isQuiet(airB) })
            // At the post that answered the cell's voice is heard, and no ring.
            _ = try #require(try site.sees(S.postA) { $0.phase == .talking && $0.heardDb > -40 })
            #expect(eventually(ms: 10_000) { Self.share(airA, of: Self.ring) < 0.1 })
        }
    }

    @Test func duress_rings_inSilence() {
        #expect(Tone(ringing: .duress) == nil)
        #expect(Tone(ringing: .emergency) == .alarm && Tone(ringing: .cellCall) == .ring)
        #expect(SoundRank(ringing: .routine) < SoundRank(call: .cellCall))
        #expect(SoundRank(ringing: .emergency) > SoundRank(call: .emergency))
    }

    @Test func opening_isHeardInTheCell_beforeItsGateOpens() async throws {
        try await SoundSite.run { site in
            let air = try await Self.air(site, S.cell)
            let cell = try #require(site.desks[S.cell])
            let grounds = CallGrounds(officer: S.officer, second: S.second, reason: "noise")
            let listen = SoundCommand.Deed.call(to: S.cell.text, .listen, grounds)
            #expect(try site.clients[S.postA]?.command(listen, officer: S.officer) == nil)
            // At once: the air keeps little, and whoever awaits may come back late.
            #expect(eventually(ms: 10_000) { Self.share(air, of: [1_400]) > 0.1 })
            _ = try #require(try site.sees(S.cell) { $0.phase == .talking })
            #expect(await S.eventually { await cell.gateTone == .heard })
            // The officer hears the cell, so the gate did open.
            _ = try #require(try site.sees(S.postA) { $0.heardDb > -40 })
            #expect(try site.clients[S.postA]?.command(.hangUp(nil), officer: S.officer) == nil)
            #expect(await S.eventually { await cell.gateTone == .off })
        }
    }

    /// No tone, no gate: a cell whose loudspeaker is dead is not listened to.
    @Test func gate_staysShut_whileItsToneIsNotHeard() async throws {
        try await SoundSite.run { site in
            let cell = try #require(site.desks[S.cell])
            guard case .simulated(let card) = await cell.card else { return }
            card.fail()
            let grounds = CallGrounds(officer: S.officer, second: S.second, reason: "noise")
            let listen = SoundCommand.Deed.call(to: S.cell.text, .listen, grounds)
            #expect(try site.clients[S.postA]?.command(listen, officer: S.officer) == nil)
            _ = try #require(try site.sees(S.cell) { $0.phase == .talking })
            let isTold = site.hears(S.cell) { message in
                if case .sound(let state) = message { !state.isWorking } else { false }
            }
            #expect(isTold != nil)
            let reports = await cell.reports()
            #expect(reports.allSatisfy { !$0.isGateOpen && $0.packetsSent == 0 })
            card.comeBack()
            #expect(await S.eventually { await cell.isWorking })
        }
    }

    @Test func busy_isSaid_inTheCell() async throws {
        try await SoundSite.run { site in
            let air = try await Self.air(site, S.cell)
            let cell = try #require(site.desks[S.cell])
            await cell.assumeOnLoop { $0.say(.busy) }
            #expect(eventually(ms: 10_000) { !Self.isQuiet(air) })
            await cell.assumeOnLoop { $0.announcer.hush() }
            #expect(eventually(ms: 10_000) { Self.isQuiet(air) })
        }
    }

    @Test func test_hearsItself_isKept_andStandsInTheRecord() async throws {
        try await SoundSite.run { site in
            let post = try #require(site.clients[S.postA])
            let test = try post.test(keeps: true, officer: S.officer).get()
            #expect(test.outcome == .heard && test.isKept, "\(test)")
            #expect(test.delayUs < 5_000 && test.levelCentiDb < 0)
            let path = try #require(site.configs[S.postA]?.journalPath)
            #expect(
                CalibrationFile.read(path + ".calibration", card: "simulated")?.delayUs == test.delayUs)
            #expect(
                site.hears(S.postA) { $0 == .sound(SoundState(isWorking: true, isMicrophoneOpen: true)) }
                    != nil)
            #expect(
                site.hears(S.postA) { $0 == .sound(SoundState(isWorking: true, isMicrophoneOpen: false)) }
                    != nil)
            // With the alarm process, nobody is left behind.
            await site.desks[S.postA]?.endForTest()
            let entries = try JournalReader(path: path).events(
                past: SyncCursor(stream: .call, sequence: 0), limit: 100)
            let texts = entries.map { String(decoding: $0.event.payload, as: UTF8.self) }
            #expect(texts.contains { $0.contains("mode=test") && $0.contains("officer=P1042") })
            #expect(texts.contains { $0.contains("outcome=heard") && $0.contains("kept=true") })
        }
    }

    @Test func test_isRefused_whileACallIsOn_orACardIsDead() async throws {
        try await SoundSite.run { site in
            let post = try #require(site.clients[S.postA])
            let call = SoundCommand.Deed.call(to: S.postB.text, .talk, CallGrounds(officer: S.officer))
            #expect(try post.command(call, officer: S.officer) == nil)
            #expect(try post.test(keeps: false, officer: S.officer) == .failure(.busy))
            #expect(try site.clients[S.postB]?.test(keeps: false, officer: nil) == .failure(.busy))
            #expect(try post.command(.hangUp(nil), officer: S.officer) == nil)
            let cell = try #require(site.desks[S.cell])
            guard case .simulated(let card) = await cell.card else { return }
            card.fail()
            let heard = try site.clients[S.cell]?.test(keeps: true, officer: S.officer).get()
            #expect(heard?.outcome == .notHeard && heard?.isKept == false)
        }
    }
}

extension SoundSite {
    static func eventually(_ test: () async -> Bool) async -> Bool {
        let end = Uptime.now.advanced(ms: 10_000)
        while Uptime.now < end {
            if await test() { return true }
            pause(ms: 5)
        }
        return false
    }
}

extension CallDesk {
    func assumeOnLoop(_ deed: @Sendable (isolated CallDesk) -> Void) { deed(self) }
}
