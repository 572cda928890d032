// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import Foundation
import Journal
import PanelLink
import Recordings
import TestBoard
import Testing

@testable import Audio
@testable import Intercom
@testable import SoundAgent

/// What stands on the wire, captured: nothing before the gate, nothing readable with SRTP; and what a
/// stranger puts there is never heard.
@Suite(.serialized, .realTime, .enabled(if: WireCapture.isPossible))
struct WireTests {
    private typealias S = SoundSite

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = "/tmp/wpw-" + String(UInt32.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    /// The cell's entry of its gate, by this machine's wall clock.
    private func gateMs(_ site: SoundSite) throws -> Double {
        let path = try #require(site.configs[S.cell]?.journalPath)
        var entry: JournalEvent?
        _ = eventually(ms: 10_000) {
            entry = try? JournalReader(path: path).events(
                past: SyncCursor(stream: .call, sequence: 0), limit: 100
            ).first { $0.event.kind == CallEntry.gate }?.event
            return entry != nil
        }
        return Double(try #require(entry).at.wallMs)
    }

    @Test func cell_sendsNoVoice_beforeItsGateOpens() async throws {
        try await withFolder { folder in
            try await SoundSite.run { site in
                let wire = try WireCapture(in: folder)
                defer { wire.end() }
                let alarm = EventID(terminal: S.cell, stream: .alarm, run: 3, sequence: 1)
                site.press(S.cell, makeRecord(.emergency, id: alarm))
                _ = try #require(try site.sees(S.postA) { $0.phase == .ringing })
                _ = try #require(try site.sees(S.postB) { $0.phase == .ringing })
                // It rings for two seconds, and the card could speak all the while.
                pause(ms: 2_000)
                let cell = try #require(site.desks[S.cell])
                let ports = Set(await cell.mediaPorts())
                #expect(ports.count == 2)
                let before = try wire.packets()
                #expect(before.contains { $0.text.hasPrefix("INVITE") })
                #expect(before.count { ports.contains($0.sourcePort) } == 0)
                #expect(try site.clients[S.postA]?.command(.answer(nil), officer: S.officer) == nil)
                _ = try #require(try site.sees(S.postA) { $0.phase == .talking && $0.packetsReceived > 60 })
                let gate = try gateMs(site)
                let voice = try wire.packets().filter { ports.contains($0.sourcePort) && $0.isVoice }
                #expect(voice.count > 20)
                // The clock of entries has milliseconds.
                #expect(voice.allSatisfy { $0.wallMs >= gate })
            }
        }
    }

    @Test func openedCell_sendsNoVoice_beforeItsEntryIsStored() async throws {
        try await withFolder { folder in
            try await SoundSite.run { site in
                let wire = try WireCapture(in: folder)
                defer { wire.end() }
                let call = SoundCommand.Deed.call(
                    to: S.cell.text, .talk, CallGrounds(officer: S.officer, reason: "noise"))
                #expect(try site.clients[S.postA]?.command(call, officer: S.officer) == nil)
                _ = try #require(try site.sees(S.postA) { $0.phase == .talking && $0.packetsReceived > 60 })
                let ports = Set(await site.desks[S.cell]?.mediaPorts() ?? [])
                let gate = try gateMs(site)
                let voice = try wire.packets().filter { ports.contains($0.sourcePort) && $0.isVoice }
                #expect(voice.count > 20 && voice.allSatisfy { $0.wallMs >= gate })
            }
        }
    }

    // MARK: - Nothing readable

    /// Every way in which a frame could stand in a packet, decoded from the first packet to the last: in how
    /// many windows the microphone's 500 Hz are heard, in the best of them.
    private func readable(_ voice: [WireCapture.Packet]) throws -> Int {
        var best = 0
        for head in [12, 13, 16, 20, 24] {
            for tail in [0, 4, 10, 16] {
                let codec = try OpusCodec(
                    rateHz: 16_000, bitsPerSecond: 24_000, complexity: 0, fec: false, isQuick: false)
                let block = SampleBlock(1_920)
                var heard: [Int16] = []
                for packet in voice where packet.payload.count > head + tail {
                    let count = codec.decode(
                        packet.payload, start: head, count: packet.payload.count - head - tail, into: block)
                    for index in 0..<count { heard.append(block[index]) }
                }
                best = max(best, Pitch.windows(heard, hertz: 500, rateHz: 16_000))
            }
        }
        return best
    }

    @Test func voiceBetweenTerminals_isReadableByNobody_onTheWire() async throws {
        try await withFolder { folder in
            try await SoundSite.run { site in
                let wire = try WireCapture(in: folder)
                defer { wire.end() }
                let alarm = EventID(terminal: S.cell, stream: .alarm, run: 3, sequence: 1)
                site.press(S.cell, makeRecord(.emergency, id: alarm))
                _ = try #require(try site.sees(S.postA) { $0.phase == .ringing })
                #expect(try site.clients[S.postA]?.command(.answer(nil), officer: S.officer) == nil)
                _ = try #require(
                    try site.sees(S.postA) { $0.phase == .talking && $0.packetsReceived > 400 })
                let ports = Set(await site.desks[S.cell]?.mediaPorts() ?? [])
                let voice = try wire.packets().filter { ports.contains($0.sourcePort) && $0.isVoice }
                #expect(voice.count > 300)
                #expect(try readable(voice) == 0)
            }
        }
    }

    /// The same eyes on a call without SRTP: they would have seen it.
    @Test(.enabled(if: Peer.has("baresip"))) func voiceToAPlainPhone_isReadable_onTheWire() async throws {
        try await withFolder { folder in
            try await plainCall(codec: "opus/48000/2", folder) { site, wire, _ in
                _ = try #require(
                    try site.sees(S.postA) { $0.phase == .talking && $0.packetsReceived > 200 })
                let ports = Set(await site.desks[S.postA]?.mediaPorts() ?? [])
                let voice = try wire.packets().filter { ports.contains($0.sourcePort) && $0.isVoice }
                #expect(voice.count > 100)
                #expect(try readable(voice) > 5)
            }
        }
    }

    private func plainCall(
        codec: String, _ folder: String, _ body: (SoundSite, WireCapture, Baresip) async throws -> Void
    ) async throws {
        let ports = try Peer.ports(2)
        let phone = Phone(
            name: "gate", user: "phone", address: 0x7f00_0001, port: ports[0], transport: .udp, step: 0)
        try await SoundSite.run(phones: [phone]) { site in
            let baresip = try Baresip(
                Baresip.Ways(codec: codec, answers: "auto"), in: folder, port: ports[0], control: ports[1])
            defer { baresip.end() }
            let wire = try WireCapture(in: folder)
            defer { wire.end() }
            let call = SoundCommand.Deed.call(to: "gate", .talk, CallGrounds(officer: S.officer))
            #expect(try site.clients[S.postA]?.command(call, officer: nil) == nil)
            _ = try #require(try site.sees(S.postA) { $0.phase == .talking && $0.heardDb > -40 })
            try await body(site, wire, baresip)
        }
    }

    // MARK: - Nothing of a stranger's

    /// 20 ms of 1,000 Hz in µ-law: loud, and not what the phone sends.
    private static let whistle: [UInt8] = {
        // Eight samples to a turn: 0, 0.7, 1, 0.7 and their mirror image, at half of full scale.
        let turn: [UInt8] = [0xff, 0x93, 0x8f, 0x93, 0xff, 0x13, 0x0f, 0x13]
        return (0..<20).flatMap { _ in turn }
    }()

    @Test(.enabled(if: Peer.has("baresip") && Peer.has("python3")))
    func spoofedVoice_isNeverHeard_fromAnotherAddressPortOrSource() async throws {
        try await withFolder { folder in
            try await plainCall(codec: "PCMU/8000/1", folder) { site, wire, _ in
                let own = try #require(await site.desks[S.postA]?.mediaPorts().first)
                let spoken = try #require(
                    try wire.packets().last { $0.targetPort == own && $0.isVoice }, "no voice came")
                let right = Spoofer.Aim(
                    port: spoken.sourcePort, target: own, payloadType: 0, source: spoken.number(8, bytes: 4),
                    sequence: spoken.number(2, bytes: 2), timestamp: spoken.number(4, bytes: 4))
                var (address, port, source) = (right, right, right)
                address.host = "127.0.0.2"
                port.port = right.port &+ 6
                source.source ^= 0x5a5a_5a5a
                for aim in [address, port, source] {
                    let fromNs = Uptime.now.nanoseconds
                    try Spoofer.send(aim, payload: Self.whistle, in: folder)
                    pause(ms: 300)
                    let windows = await site.desks[S.postA]?.windows(of: [440, 1_000], fromNs: fromNs)
                    let heard = try #require(windows)
                    #expect(heard[1] == 0 && heard[0] >= 10, "\(aim): \(heard)")
                    #expect(
                        try wire.packets().contains {
                            $0.targetPort == own && $0.isVoice && $0.number(8, bytes: 4) == aim.source
                        })
                }
            }
        }
    }

    @Test(.enabled(if: Peer.has("python3")))
    func spoofedVoice_isNeverHeard_withoutTheKey() async throws {
        try await withFolder { folder in
            try await SoundSite.run { site in
                let wire = try WireCapture(in: folder)
                defer { wire.end() }
                let alarm = EventID(terminal: S.cell, stream: .alarm, run: 3, sequence: 1)
                site.press(S.cell, makeRecord(.emergency, id: alarm))
                _ = try #require(try site.sees(S.postA) { $0.phase == .ringing })
                #expect(try site.clients[S.postA]?.command(.answer(nil), officer: S.officer) == nil)
                _ = try #require(
                    try site.sees(S.postA) { $0.phase == .talking && $0.packetsReceived > 50 })
                let own = try #require(await site.desks[S.postA]?.mediaPorts().first)
                let voice = try #require(
                    try wire.packets().last { $0.targetPort == own && $0.isVoice }, "no voice came")
                let before = try #require(await site.desks[S.postA]?.refused())
                // Address, port, source, number and payload type are right; the bytes are another packet's.
                let aim = Spoofer.Aim(
                    port: voice.sourcePort, target: own, payloadType: voice.payload[1] & 127,
                    source: voice.number(8, bytes: 4), sequence: voice.number(2, bytes: 2) + 50,
                    timestamp: voice.number(4, bytes: 4) + 8_000)
                try Spoofer.send(aim, payload: Array(voice.payload[12...]), in: folder)
                // The last of them may not have been looked at yet.
                var after = before
                for _ in 0..<100 where after - before < 290 {
                    SoundThread.pause(ms: 50)
                    after = try #require(await site.desks[S.postA]?.refused())
                }
                #expect(after - before >= 290)
                // And the call goes on.
                let line = try #require(try site.clients[S.postA]?.calls().calls.first)
                _ = try #require(
                    try site.sees(S.postA) { $0.packetsReceived > line.packetsReceived + 50 })
            }
        }
    }
}

extension CallDesk {
    func mediaPorts() -> [UInt16] { legs.values.compactMap { $0.local?.remote.port } }
    /// In how many tenths of a second the loudspeaker gave each of these pitches, for a second and a half.
    func windows(of pitches: [Double], fromNs: UInt64) -> [Int] {
        guard case .simulated(let card) = card else { return pitches.map { _ in -1 } }
        let samples = card.loudspeaker.listen(fromNs: fromNs, count: 24_000, rateHz: 16_000)
        return pitches.map { Pitch.windows(samples, hertz: $0, rateHz: 16_000) }
    }
    func refused() -> Int { legs.values.reduce(0) { $0 + ($1.voice?.report().packetsRefused ?? 0) } }
}
