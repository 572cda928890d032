// SPDX-License-Identifier: Apache-2.0
import Intercom
import Testing

struct RTCPReportTests {
    @Test func report_isReadBack_asItWasWritten() throws {
        var block = RTCPReport.Block()
        (block.source, block.lostFraction, block.lostCount) = (77, 25, -3)
        (block.highestSequence, block.jitterTicks, block.lastReport) = (65_540, 48, 0x1234_5678)
        block.sinceLastReport = 655
        var made = RTCPReport(
            source: 42, sender: RTCPReport.SenderPart(ntp: 1 << 40, timestamp: 5, packets: 6, octets: 7),
            block: block, sendDelayUs: 14_500)
        made.isBye = true
        var bytes = [UInt8](repeating: 0, count: RTCPReport.maxBytes)
        let count = made.write(to: &bytes)
        #expect(count % 4 == 0)
        #expect(try RTCPReport(bytes, count: count) == made)
    }

    @Test func report_isRefused_whenItsLengthLies() {
        var bytes = [UInt8](repeating: 0, count: RTCPReport.maxBytes)
        let count = RTCPReport(source: 1, sender: nil, block: nil).write(to: &bytes)
        bytes[3] = 200
        #expect(throws: PacketRefusal.tooShort) { try RTCPReport(bytes, count: count) }
    }
}
