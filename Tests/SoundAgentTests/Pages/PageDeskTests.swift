// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import DeskLink
import Facility
import Foundation
import Intercom
import Paging
import PanelLink
import TestBoard
import Testing

@testable import SoundAgent

/// Whole pages between three terminals, over multicast on loopback, heard in the air of their cards.
@Suite(.serialized, .realTime)
struct PageDeskTests {
    private typealias S = SoundSite

    @Test func file_isHeardInEveryTerminal_andRecordedAtEach() async throws {
        try await SoundSite.run(pages: try PageSite.plan()) { site in
            let (cell, other) = (
                try await PageSite.air(site, S.cell), try await PageSite.air(site, S.postB)
            )
            let own = try await PageSite.air(site, S.postA)
            let file = try PageSite.whistle(site, ms: 3_000)
            let post = try #require(site.clients[S.postA])
            #expect(try post.command(PageSite.order(.file(file)), officer: S.officer) == nil)
            #expect(eventually(ms: 10_000) { PageSite.share(cell, hz: 1_000) > 0.8 })
            #expect(eventually(ms: 10_000) { PageSite.share(other, hz: 1_000) > 0.8 })
            #expect(PageSite.share(own, hz: 1_000) < 0.1, "it does not page itself")
            #expect(try PageSite.sees(site, S.postA) { $0.page.isOver })
            let line = try #require(try post.page())
            #expect(line.terminals.map(\.state) == [.over, .over])
            #expect(line.terminals.allSatisfy { $0.heardMs > 1_500 })
            #expect(line.page.soundMs >= 0 && line.page.trouble.isEmpty)
            let heard = try await PageSite.entries(site, S.cell)
            #expect(heard.map(\.step) == [.pageHeard] && heard.first?["way"] == "group")
            let spoken = try await PageSite.entries(site, S.postA)
            #expect(spoken.map(\.step) == [.paged, .pageEnded])
            #expect(spoken.last?["heard"] == "2" && spoken.first?["officer"] == "P1042")
        }
    }

    @Test func copies_areHeard_whereTheGroupIsNot() async throws {
        let plan = try PageSite.plan()
        // Somebody has the group's port for himself: nobody can join.
        var bound: UInt16 = 0
        let taken = wp_udp_open(plan.group.address, plan.group.port, 0, &bound)
        try #require(taken >= 0)
        defer { close(taken) }
        try await SoundSite.run(pages: plan) { site in
            let air = try await PageSite.air(site, S.cell)
            let file = try PageSite.whistle(site, ms: 3_000)
            #expect(
                try site.clients[S.postA]?.command(PageSite.order(.file(file)), officer: S.officer) == nil)
            #expect(eventually(ms: 10_000) { PageSite.share(air, hz: 1_000) > 0.8 })
            #expect(
                try PageSite.sees(site, S.postA) { line in
                    line.terminals.contains { $0.terminal == S.cell && $0.state == .hearsAlone }
                })
        }
    }

    @Test func emergency_cutsALivePage_andASecondLivePageIsRefused() async throws {
        try await SoundSite.run(pages: try PageSite.plan()) { site in
            let air = try await PageSite.air(site, S.cell)
            let low = try PageSite.whistle(site, ms: 6_000, hz: 500)
            let high = try PageSite.whistle(site, ms: 2_000, hz: 2_000)
            let (a, b) = (try #require(site.clients[S.postA]), try #require(site.clients[S.postB]))
            #expect(try a.command(PageSite.order(.file(low)), officer: S.officer) == nil)
            #expect(eventually(ms: 10_000) { PageSite.share(air, hz: 500) > 0.8 })
            #expect(try a.command(PageSite.order(.file(low)), officer: S.officer) == .paging)
            // Refused where the first sounds, in words for its speaker.
            #expect(try b.command(PageSite.order(.file(high)), officer: S.officer) == nil)
            #expect(
                try PageSite.sees(site, S.postB) { line in
                    line.terminals.contains {
                        $0.terminal == S.cell && $0.state == .refused && $0.by == .livePage
                    }
                })
            #expect(try PageSite.sees(site, S.postB) { $0.page.isOver })
            #expect(try b.command(PageSite.order(.file(high), isEmergency: true), officer: S.officer) == nil)
            #expect(eventually(ms: 10_000) { PageSite.share(air, hz: 2_000) > 0.8 })
            // A stored unit waits, and goes on.
            #expect(
                try PageSite.sees(site, S.postA) { line in
                    line.terminals.contains { $0.terminal == S.cell && $0.state == .waits }
                })
            #expect(eventually(ms: 10_000) { PageSite.share(air, hz: 500) > 0.8 })
        }
    }

    @Test func live_isSignedAndWrittenDown_beforeItIsHeard_andEndsWithItsHand() async throws {
        try await SoundSite.run(pages: try PageSite.plan()) { site in
            let air = try await PageSite.air(site, S.cell)
            let post = try #require(site.clients[S.postA])
            #expect(try post.command(PageSite.order(.live), officer: S.officer) == nil)
            // The demo's microphone speaks at 500 Hz, half of each second; asking holds it open.
            #expect(
                eventually(ms: 10_000) {
                    _ = try? post.page()
                    return PageSite.share(air, hz: 500) > 0.5
                })
            #expect(
                site.hears(S.postA) { $0 == .sound(SoundState(isWorking: true, isMicrophoneOpen: true)) }
                    != nil)
            let call = SoundCommand.Deed.page(PageOrder(zones: [], voice: .live, isEmergency: false))
            #expect(try post.command(call, officer: S.officer) == .paging)
            // Nobody asks: it closes by itself.
            let desk = try #require(site.desks[S.postA])
            #expect(await S.eventually { await !desk.isSigned })
            #expect(try post.page()?.page.trouble == "nobody holds the key")
        }
    }

    @Test func commands_areRefused_inWords() async throws {
        try await SoundSite.run(pages: try PageSite.plan()) { site in
            let post = try #require(site.clients[S.postA])
            let nowhere = PageOrder(zones: [ZoneID.named("nowhere")], voice: .live, isEmergency: false)
            #expect(try post.command(.page(nowhere), officer: S.officer) == .unknownZone)
            #expect(try post.command(PageSite.order(.file("/no/such.wav")), officer: nil) == .noSound)
            #expect(try post.command(PageSite.order(.unit("none")), officer: nil) == .noSound)
            #expect(try post.command(.endPage, officer: nil) == .notTalking)
            #expect(
                try site.clients[S.cell]?.command(PageSite.order(.live), officer: nil) == .notAllowed)
            #expect(try post.page() == nil)
        }
    }

    /// A cell has keys with its neighbours, too: it pages nobody with them.
    @Test(arguments: [TerminalID.postA, .postB]) func announcement_isTaken_fromPostsAlone(
        _ sender: TerminalID
    ) throws {
        var ports: [UInt16] = [0, 0]
        try #require(wp_free_ports(&ports, 2) == 0)
        let (own, far) = (LinkKeys.generate(), LinkKeys.generate())
        func terminal(_ id: TerminalID, _ role: TerminalRole) -> Terminal {
            Terminal(
                id: id, role: role, zone: PageSite.ward, title: "", address: 0x7f00_0001, port: 1,
                publicKey: [])
        }
        // post-b is a cell here.
        let site = Site(
            name: "t", terminals: [terminal(.cell, .cell), terminal(.postA, .post), terminal(.postB, .cell)],
            rings: [:], ladderMs: [], officers: [])
        let group = try PageSite.group()
        let desk = try PageDesk(
            PageDesk.Parts(
                own: site.terminals[0], site: site,
                plan: PagePlan(group: group, ports: [.cell: ports[0], sender: ports[1]]),
                keys: { _ in CallKeys(own, peer: far.publicKey) }, rateHz: 16_000,
                ears: PageDesk.Ears(add: { _, _ in 1 }, end: { _ in }, others: { _ in nil }),
                record: { _ in EventID(terminal: .cell, stream: .page, run: 1, sequence: 1) },
                sign: { _ in }, wake: { _ in }))
        let wire = try DatagramSocket(address: 0x7f00_0001, port: ports[1])
        let notice = PageNotice(
            page: EventID(terminal: sender, stream: .page, run: 1, sequence: 1), isEmergency: true,
            waits: false, officer: nil, zones: [], group: group, source: 1,
            key: [UInt8](repeating: 1, count: PageNotice.keyBytes))
        let keys = try #require(CallKeys(far, peer: own.publicKey))
        let bytes = keys.sealed(PageMessage.announce(notice).encode(), from: sender, to: .cell)
        #expect(wire.send(bytes, address: 0x7f00_0001, port: ports[0]))
        var answer = [UInt8](repeating: 0, count: 1_500)
        let isAnswered = eventually(ms: sender == .postA ? 10_000 : 300) {
            desk.hear()
            return wire.receive(into: &answer) != nil
        }
        #expect(isAnswered == (sender == .postA))
    }

    /// A sender of others is heard by rank, a stranger to the group is not; and they hear us.
    @Test func groupsOfOthers_areHeard_andHearUs() async throws {
        let (theirs, ours) = (try PageSite.group(.pcmu), try PageSite.group(.pcma))
        let plan = try PageSite.plan(
            receivers: [PagePlan.Receiver(name: "horn", group: ours, zones: [PageSite.ward])],
            senders: [
                PagePlan.Sender(
                    name: "desk", group: theirs, rank: .livePage, source: 0x7f00_0001,
                    zones: [PageSite.ward])
            ])
        try await SoundSite.run(pages: plan) { site in
            let air = try await PageSite.air(site, S.cell)
            let whistle = (0..<48_000).map { Int16(8_000 * sin(2 * .pi * 1_500 * Double($0) / 16_000)) }
            let port = try PagePort(at: 0x7f00_0001, ttl: 0)
            let sender = try PageStream(
                [
                    PageStream.Route(
                        codec: .pcmu, source: 77, to: [MediaAddress(host: theirs.address, port: theirs.port)])
                ], from: port, tone: [], voice: .sound(whistle), rateHz: 16_000)
            sender.start()
            defer { sender.stop() }
            #expect(eventually(ms: 10_000) { PageSite.share(air, hz: 1_500) > 0.7 })
            let horn = try PagePort(hearing: ours, on: 0x7f00_0001)
            let post = try #require(site.clients[S.postA])
            let file = try PageSite.whistle(site, ms: 1_000)
            #expect(eventually(ms: 10_000) { PageSite.share(air, hz: 1_500) < 0.1 })
            #expect(try post.command(PageSite.order(.file(file)), officer: S.officer) == nil)
            var bytes = [UInt8](repeating: 0, count: 1_500)
            #expect(
                eventually(ms: 10_000) {
                    var (host, from): (UInt32, UInt16) = (0, 0)
                    let count = wp_udp_receive(horn.descriptor, &bytes, bytes.count, &host, &from)
                    return count == 172 && bytes[1] & 0x7f == 8
                })
        }
    }
}
