// SPDX-License-Identifier: Apache-2.0
import Intercom
import Testing

struct RTPPacketTests {
    @Test func head_isReadBack_asItWasWritten() throws {
        var bytes = [UInt8](repeating: 0, count: 20)
        let made = RTPPacket(
            payloadType: 111, isMarked: true, sequence: 65_535, timestamp: 4_000_000_000, source: 9)
        made.write(to: &bytes)
        let read = try RTPPacket(bytes, count: 20)
        #expect(read.payloadType == 111 && read.isMarked && read.sequence == 65_535)
        #expect(read.timestamp == 4_000_000_000 && read.source == 9 && read.payload == 12..<20)
    }

    @Test func extensionAndPadding_areLeftOut_ofThePayload() throws {
        var bytes = [UInt8](repeating: 0, count: 32)
        RTPPacket(payloadType: 0, sequence: 1, timestamp: 2, source: 3).write(to: &bytes)
        bytes[0] |= 0x30
        bytes[15] = 2
        bytes[31] = 4
        #expect(try RTPPacket(bytes, count: 32).payload == 24..<28)
    }

    @Test(arguments: [0, 1, 11])
    func head_isRefused_whenCut(count: Int) {
        #expect(throws: PacketRefusal.tooShort) {
            try RTPPacket([UInt8](repeating: 0x80, count: count), count: count)
        }
    }

    /// Any bytes give a packet or a refusal: RTP, RTCP, redundancy and keys.
    @Test func parsers_neverTrap_whateverComes() {
        var generator = SystemRandomNumberGenerator()
        var blocks = [Redundancy.Block](
            repeating: Redundancy.Block(offset: 0, bytes: 0..<0, payloadType: 0), count: 4)
        var report = [UInt8](repeating: 0, count: 128)
        let length = RTCPReport(
            source: 1, sender: RTCPReport.SenderPart(ntp: 5, timestamp: 6, packets: 7, octets: 8),
            block: RTCPReport.Block(), sendDelayUs: 9
        ).write(to: &report)
        for turn in 0..<60_000 {
            var bytes =
                turn % 2 == 0
                ? Array(report[..<length])
                : (0..<Int.random(in: 0...90, using: &generator)).map { _ in
                    UInt8.random(in: 0...255, using: &generator)
                }
            for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            if turn % 3 == 0, !bytes.isEmpty { bytes[0] = bytes[0] & 0x3f | 0x80 }
            let count = bytes.isEmpty ? 0 : Int.random(in: 0...bytes.count, using: &generator)
            if let packet = try? RTPPacket(bytes, count: count) {
                #expect(packet.payload.upperBound <= count)
                if let found = try? Redundancy.read(bytes, payload: packet.payload, into: &blocks) {
                    for block in blocks[..<found] { #expect(block.bytes.upperBound <= count) }
                }
                _ = TelephoneEvent(bytes, payload: packet.payload)
            }
            _ = try? RTCPReport(bytes, count: count)
        }
    }
}
