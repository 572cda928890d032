// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Testing

@testable import Intercom

/// Voice of pages between real sockets, over multicast on loopback.
struct PageStreamTests {
    private static let host: UInt32 = 0x7f00_0001
    static let key = [UInt8](repeating: 7, count: 30)

    static func group(_ codec: PageCodec) throws -> PageGroup {
        var port: UInt16 = 0
        try #require(wp_free_ports(&port, 1) == 0)
        return PageGroup(address: 0xefc0_4900 | .random(in: 1...250), port: port, codec: codec)
    }

    /// 20,000 up and down, 16 samples a turn.
    static let whistle = (0..<8_000).map { Int16($0 % 16 < 8 ? 16_000 : -16_000) }

    static func stream(_ group: PageGroup, key: [UInt8]?, source: UInt32 = 5) throws -> PageStream {
        try PageStream(
            [
                PageStream.Route(
                    codec: group.codec, source: source, key: key,
                    to: [MediaAddress(host: group.address, port: group.port)])
            ], from: try PagePort(at: host, ttl: 0), tone: [], voice: .sound(whistle), rateHz: 16_000)
    }

    static func hearing(
        _ group: PageGroup, key: [UInt8]?, source: UInt32? = 5, host: UInt32 = host, own: PagePort? = nil
    ) throws -> PageHearing {
        try PageHearing(
            PageHearing.Origin(codec: group.codec, host: host, source: source, key: key),
            group: try PagePort(hearing: group, on: Self.host), own: own, ear: PageEar(), rateHz: 16_000)
    }

    /// Hears at the pace of a card; true once something loud came.
    static func hears(_ voice: PageHearing, _ stream: PageStream) -> Bool {
        let block = SampleBlock(40)
        var isLoud = false
        let end = wp_uptime_ns() + 5_000_000_000
        while wp_uptime_ns() < end {
            voice.receive()
            voice.next(block, count: 40)
            isLoud = isLoud || (0..<40).contains { abs(Int(block[$0])) > 4_000 }
            if isLoud || stream.report.isDone && voice.ear.packets.byGroup == 0 { return isLoud }
            SoundThread.pause(ms: 2)
        }
        return isLoud
    }

    @Test(arguments: PageCodec.allCases, [true, false])
    func voice_isHeard_inEveryCodec(_ codec: PageCodec, isSealed: Bool) throws {
        let group = try Self.group(codec)
        let key = isSealed ? Self.key : nil
        let voice = try Self.hearing(group, key: key)
        let stream = try Self.stream(group, key: key)
        stream.start()
        #expect(Self.hears(voice, stream))
        #expect(voice.ear.packets.byGroup > 0 && voice.ear.packets.alone == 0 && voice.ear.refused == 0)
        stream.stop()
        let frames = stream.report.frames
        #expect(stream.report.firstNs > 0 && frames > 0)
        SoundThread.pause(ms: 50)
        #expect(stream.report.frames == frames, "nothing leaves after stop")
    }

    @Test func copies_goToWhoeverIsAdded_untilRemoved() throws {
        let group = try Self.group(.pcma)
        let own = try PagePort(at: Self.host, ttl: 0)
        let voice = try Self.hearing(group, key: Self.key, own: own)
        let stream = try Self.stream(group, key: Self.key)
        let copy = MediaAddress(host: Self.host, port: own.number)
        stream.add(copy: copy)
        stream.add(copy: copy)
        stream.start()
        defer { stream.stop() }
        #expect(Self.hears(voice, stream))
        // Each packet comes twice and is heard once: the second is a repetition to its seal.
        #expect(voice.ear.packets.byGroup + voice.ear.packets.alone > 0)
        stream.remove(copy: copy)
        SoundThread.pause(ms: 30)
        voice.receive()
        let alone = voice.ear.packets.alone
        SoundThread.pause(ms: 60)
        voice.receive()
        #expect(voice.ear.packets.alone == alone)
    }
}
