// SPDX-License-Identifier: Apache-2.0
import Facility
import Intercom
import Testing

struct MediaGuardTests {
    @Test(arguments: SRTPSuite.allCases) func packet_opens_onceAndUnaltered(suite: SRTPSuite) throws {
        let key = (0..<suite.keyBytes).map { UInt8($0) }
        let (sender, receiver) = (
            try MediaGuard(suite: suite, key: key), try MediaGuard(suite: suite, key: key)
        )
        var packet = [UInt8](repeating: 7, count: 200)
        RTPPacket(payloadType: 111, sequence: 9, timestamp: 8, source: 7).write(to: &packet)
        let plain = packet
        let count = try #require(sender.protect(&packet, count: 60))
        #expect(count > 60 && Array(packet[12..<60]) != Array(plain[12..<60]))
        var (again, altered) = (packet, packet)
        altered[20] ^= 1
        let refused = receiver.open(&altered, count: count)
        #expect(refused == nil)
        let opened = receiver.open(&packet, count: count)
        #expect(opened == 60 && Array(packet[..<60]) == Array(plain[..<60]))
        let replayed = receiver.open(&again, count: count)
        #expect(replayed == nil, "a replay was taken")
    }

    @Test func key_isRefused_whenItIsShort() {
        #expect(throws: Fault.self) { try MediaGuard(suite: .gcm256, key: [1, 2, 3]) }
    }

    @Test func rubbish_isRefused_withoutHarm() throws {
        let receiver = try MediaGuard(suite: .aes128Bits80, key: [UInt8](repeating: 3, count: 30))
        for _ in 0..<2_000 {
            var bytes = (0..<100).map { _ in UInt8.random(in: 0...255) }
            let opened = receiver.open(&bytes, count: Int.random(in: 0...100), isRTCP: Bool.random())
            #expect(opened == nil)
        }
    }
}
