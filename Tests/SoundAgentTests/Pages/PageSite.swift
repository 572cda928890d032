// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import DeskLink
import Facility
import Foundation
import Intercom
import Journal
import Paging
import PanelLink
import TestBoard
import Testing

@testable import SoundAgent

/// A site whose terminals page each other over multicast on loopback.
enum PageSite {
    static let ward = ZoneID.named("ward-1")
    /// Of this test alone: several run at once.
    static func group(_ codec: PageCodec = .opus) throws -> PageGroup {
        var port: UInt16 = 0
        try #require(wp_free_ports(&port, 1) == 0)
        return PageGroup(address: 0xefc0_4700 | .random(in: 1...250), port: port, codec: codec)
    }

    static func plan(
        codec: PageCodec = .opus, unicast: Set<TerminalID> = [], receivers: [PagePlan.Receiver] = [],
        senders: [PagePlan.Sender] = []
    ) throws -> PagePlan {
        var ports = [UInt16](repeating: 0, count: SoundSite.all.count)
        try #require(wp_free_ports(&ports, ports.count) == 0)
        return PagePlan(
            group: try group(codec), toneMs: 0,
            ports: Dictionary(uniqueKeysWithValues: zip(SoundSite.all, ports)), unicast: unicast,
            receivers: receivers, senders: senders)
    }

    static func air(_ site: SoundSite, _ id: TerminalID) async throws -> AirLine {
        let desk = try #require(site.desks[id])
        guard case .simulated(let card) = await desk.card else { throw CancellationError() }
        return card.loudspeaker
    }

    /// A whistle of 1 kHz, as a file.
    static func whistle(_ site: SoundSite, ms: Int, hz: Double = 1_000) throws -> String {
        let samples = (0..<16 * ms).map { Int16(8_000 * sin(2 * .pi * hz * Double($0) / 16_000)) }
        let path = "\(site.folder)/whistle-\(Int(hz)).wav"
        try Clip.write(samples, rateHz: 16_000, path: path)
        return path
    }

    /// How much of the last 100 ms is that frequency, 0 to 1.
    static func share(_ air: AirLine, hz: Double) -> Double {
        let heard = air.listen(fromNs: wp_uptime_ns() - 150_000_000, count: 1_600, rateHz: 16_000)
        var (re, im, all) = (0.0, 0.0, 1e5)
        for (index, sample) in heard.enumerated() {
            let phase = 2 * Double.pi * hz * Double(index) / 16_000
            re += Double(sample) * cos(phase)
            im += Double(sample) * sin(phase)
            all += Double(sample) * Double(sample)
        }
        return (re * re + im * im) * 2 / Double(heard.count) / all
    }

    static func order(_ voice: PageOrder.Voice, isEmergency: Bool = false) -> SoundCommand.Deed {
        .page(PageOrder(zones: [ward], voice: voice, isEmergency: isEmergency))
    }

    /// Asks until the page of that post looks so at every terminal.
    static func sees(
        _ site: SoundSite, _ post: TerminalID, ms: Int = 15_000,
        _ test: ((page: PageReport, terminals: [PagedLine])) -> Bool
    ) throws -> Bool {
        let end = Uptime.now.advanced(ms: ms)
        while Uptime.now < end {
            if let line = try site.clients[post]?.page(), test(line) { return true }
            pause(ms: 20)
        }
        return false
    }

    /// What stands in the stream `page` of a terminal, once its desk has ended.
    static func entries(_ site: SoundSite, _ id: TerminalID) async throws -> [PageEntry] {
        await site.desks[id]?.endForTest()
        let path = try #require(site.configs[id]?.journalPath)
        return try JournalReader(path: path).events(past: .beginning(of: .page), limit: 100)
            .compactMap { PageEntry($0.event.payload) }
    }
}
