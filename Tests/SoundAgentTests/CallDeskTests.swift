// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import Journal
import PanelLink
import Recordings
import TestBoard
import TestCalls
import Testing

@testable import Intercom
@testable import SoundAgent

@Suite(.serialized, .realTime)
struct CallDeskTests {
    private typealias S = SoundSite

    @Test func press_ringsBothPosts_andTheFirstAnswerTalks() async throws {
        try await SoundSite.run { site in
            let alarm = EventID(terminal: S.cell, stream: .alarm, run: 3, sequence: 1)
            site.press(S.cell, makeRecord(.cellCall, id: alarm))
            let atA = try #require(try site.sees(S.postA) { $0.phase == .ringing })
            #expect(atA.alarm == alarm && atA.urgency == .cellCall && atA.far == S.cell.text)
            _ = try #require(try site.sees(S.postB) { $0.phase == .ringing })
            #expect(try site.clients[S.postA]?.command(.answer(nil), officer: S.officer) == nil)
            let atCell = try #require(try site.sees(S.cell) { $0.phase == .talking })
            #expect(atCell.far == S.postA.text && atCell.isMicrophoneOpen)
            #expect(
                eventually(ms: 5_000) { (try? site.clients[S.postB]?.calls().calls.isEmpty) == true })
            // Both hear each other, and three seconds of it count as spoken.
            _ = try #require(try site.sees(S.cell) { $0.heardDb > -40 })
            _ = try #require(try site.sees(S.postA) { $0.heardDb > -40 && $0.isMicrophoneOpen })
            let spoken = try #require(
                site.hears(S.cell, ms: 8_000) { if case .spoken = $0 { true } else { false } })
            guard case .spoken(let report) = spoken else { return }
            #expect(report.alarm == alarm && report.ms >= 3_000)
            #expect(report.source == ActionSource(post: S.postA, officer: S.officer))
            // The alarm's process hears that the microphone is open.
            #expect(
                site.hears(S.cell) {
                    $0 == .sound(SoundState(isWorking: true, isMicrophoneOpen: true))
                } != nil)
            #expect(try site.clients[S.postA]?.command(.hangUp(nil), officer: S.officer) == nil)
            #expect(
                site.hears(S.cell) {
                    $0 == .sound(SoundState(isWorking: true, isMicrophoneOpen: false))
                } != nil)
        }
    }

    @Test func opening_isRefusedWithoutReason_andRecordedBeforeTheGate() async throws {
        try await SoundSite.run { site in
            let post = try #require(site.clients[S.postA])
            func call(_ mode: CallMode, _ reason: String, second: OfficerID? = nil) throws -> CallRefusal? {
                try post.command(
                    .call(
                        to: S.cell.text, mode,
                        CallGrounds(officer: S.officer, second: second, reason: reason)), officer: S.officer)
            }
            #expect(try call(.talk, "") == .reasonMissing)
            #expect(try call(.listen, "noise") == .secondPersonMissing)
            #expect(try post.command(.answer(nil), officer: S.officer) == .noCall)
            #expect(try call(.listen, "noise", second: S.second) == nil)
            let atCell = try #require(try site.sees(S.cell) { $0.phase == .talking })
            #expect(atCell.isMicrophoneOpen && atCell.mode == .listen)
            let atPost = try #require(try site.sees(S.postA) { $0.phase == .talking })
            #expect(!atPost.isMicrophoneOpen)
            #expect(try post.command(.hangUp(nil), officer: S.officer) == nil)
            let path = try #require(site.configs[S.cell]?.journalPath)
            await site.desks[S.cell]?.endForTest()
            let entries = try JournalReader(path: path).events(
                past: SyncCursor(stream: .call, sequence: 0), limit: 100)
            let gate = try #require(entries.first { $0.event.kind == CallEntry.gate })
            let text = String(decoding: gate.event.payload, as: UTF8.self)
            #expect(text.contains("reason=noise") && text.contains("second=P2077"))
            #expect(text.contains("mode=listen") && text.contains("with=post-a"))
        }
    }

    @Test func forgedOffer_opensNothing_evenFromAListedAddress() async throws {
        try await SoundSite.run { site in
            try await SIPEnds.run { ends in
                try await ends.open("post-a")
                let port = try #require(site.configs[S.cell]?.sound?.ports[S.cell])
                let uri = SIPRequest.uri(user: "cell-101", host: SIPEnds.host, port: port)
                let forged = CallHeader(
                    CallOffer(
                        id: EventID(terminal: S.postA, stream: .call, run: 1, sequence: 1), urgency: .opening,
                        grounds: CallGrounds(officer: S.officer, reason: "check")), from: S.postA, to: S.cell,
                    nonce: "1")
                var wrong = forged
                wrong.words[.seal] = String(repeating: "0", count: 64)
                for header in [forged, wrong] {
                    let call = try await ends.invite(
                        "post-a", uri, headers: [(CallHeader.name, header.text)])
                    #expect(await ends.sees("post-a") { $0 == .ended(call, status: 403) })
                }
                let bare = try await ends.invite("post-a", uri, headers: [("Answer-Mode", "Auto")])
                #expect(await ends.sees("post-a") { $0 == .ended(bare, status: 403) })
                #expect(try site.clients[S.cell]?.calls().calls.isEmpty == true)
            }
        }
    }
}
