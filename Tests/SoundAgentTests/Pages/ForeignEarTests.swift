// SPDX-License-Identifier: Apache-2.0
import Audio
import DeskLink
import Facility
import Foundation
import Intercom
import Paging
import PanelLink
import TestBoard
import Testing

@testable import SoundAgent

/// ffmpeg, as a sender that a terminal hears, and as a receiver that hears our page.
@Suite(.serialized, .realTime, .enabled(if: Peer.has("ffmpeg")))
struct ForeignEarTests {
    private typealias S = SoundSite

    private static func text(_ group: PageGroup) -> String {
        "239.192.\(group.address >> 8 & 255).\(group.address & 255)"
    }

    @Test(arguments: [
        (PageCodec.pcmu, "pcm_mulaw", "8000"), (.opus, "libopus", "48000"), (.g722, "g722", "16000"),
    ])
    func sender_isHeardByATerminal_untilItEnds(_ codec: PageCodec, name: String, rate: String) async throws {
        let group = try PageSite.group(codec)
        let sender = PagePlan.Sender(
            name: "ffmpeg", group: group, rank: .livePage, source: 0x7f00_0001, zones: [PageSite.ward])
        try await SoundSite.run(pages: try PageSite.plan(senders: [sender])) { site in
            let air = try await PageSite.air(site, S.cell)
            let ffmpeg = try Peer(
                "ffmpeg",
                [
                    "-loglevel", "error", "-re", "-f", "lavfi", "-i", "sine=frequency=1500:duration=30",
                    "-ac", "1", "-ar", rate, "-c:a", name, "-f", "rtp",
                    "rtp://\(Self.text(group)):\(group.port)?localaddr=127.0.0.1&ttl=0",
                ], in: site.folder)
            defer { ffmpeg.end() }
            #expect(
                eventually(ms: 15_000) { PageSite.share(air, hz: 1_500) > 0.8 }, "\(ffmpeg.log("ffmpeg"))")
            ffmpeg.end()
            #expect(eventually(ms: 10_000) { PageSite.share(air, hz: 1_500) < 0.1 })
            let entries = try await PageSite.entries(site, S.cell)
            #expect(entries.first?.step == .pageHeard && entries.first?["from"] == "ffmpeg")
        }
    }

    @Test func ourPage_isHeardByAReceiverOfOthers() async throws {
        let group = try PageSite.group(.pcmu)
        let plan = try PageSite.plan(
            receivers: [PagePlan.Receiver(name: "ffmpeg", group: group, zones: [PageSite.ward])])
        try await SoundSite.run(pages: plan) { site in
            let (sdp, made) = (site.folder + "/page.sdp", site.folder + "/heard.wav")
            let lines = [
                "v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=page", "c=IN IP4 \(Self.text(group))/1", "t=0 0",
                "m=audio \(group.port) RTP/AVP 0",
            ]
            try lines.joined(separator: "\n").write(toFile: sdp, atomically: true, encoding: .utf8)
            let ffmpeg = try Peer(
                "ffmpeg",
                [
                    "-loglevel", "error", "-y", "-protocol_whitelist", "file,udp,rtp", "-localaddr",
                    "127.0.0.1", "-i", sdp, "-t", "1", made,
                ], in: site.folder)
            defer { ffmpeg.end() }
            let file = try PageSite.whistle(site, ms: 6_000)
            let post = try #require(site.clients[S.postA])
            #expect(try post.command(PageSite.order(.file(file)), officer: S.officer) == nil)
            #expect(eventually(ms: 20_000) { ffmpeg.hasEnded }, "\(ffmpeg.log("ffmpeg"))")
            let heard = try Clip.read(path: made, rateHz: 16_000)
            let turns = zip(heard, heard.dropFirst()).count { $0.0 < 0 && $0.1 >= 0 }
            #expect(heard.count > 8_000 && abs(turns * 16_000 / heard.count - 1_000) < 50, "1 kHz")
        }
    }
}
