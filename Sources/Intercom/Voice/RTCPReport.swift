// SPDX-License-Identifier: Apache-2.0

import Facility

/// What the two ends of a call tell each other about it (RFC 3550, section 6). Values; any bytes whatever
/// give a report or a refusal.
package struct RTCPReport: Hashable, Sendable {
    /// One receiver's view of one sender.
    package struct Block: Hashable, Sendable {
        package var source: UInt32 = 0
        package var lostFraction: UInt8 = 0
        package var lostCount: Int32 = 0
        package var highestSequence: UInt32 = 0
        package var jitterTicks: UInt32 = 0
        /// Middle 32 bits of the NTP time of the last sender report that came; 0: none yet.
        package var lastReport: UInt32 = 0
        /// Since then, in 1/65,536 s.
        package var sinceLastReport: UInt32 = 0

        package init() {}
    }

    package var source: UInt32
    /// nil: a receiver's report.
    package var sender: SenderPart?
    package var block: Block?
    /// Our own terminals' word (an APP packet, "WPDL"): their share of the mouth-to-ear delay, microphone to
    /// wire, in microseconds.
    package var sendDelayUs: UInt32?
    package var isBye = false

    /// What a sender says of its own stream.
    package struct SenderPart: Hashable, Sendable {
        package var ntp: UInt64
        package var timestamp: UInt32
        package var packets: UInt32
        package var octets: UInt32

        package init(ntp: UInt64, timestamp: UInt32, packets: UInt32, octets: UInt32) {
            self.ntp = ntp
            self.timestamp = timestamp
            self.packets = packets
            self.octets = octets
        }
    }

    package init(source: UInt32, sender: SenderPart?, block: Block?, sendDelayUs: UInt32? = nil) {
        self.source = source
        self.sender = sender
        self.block = block
        self.sendDelayUs = sendDelayUs
    }

    /// Reads a compound packet; the parts that are not known are passed over.
    package init(_ bytes: [UInt8], count: Int) throws(PacketRefusal) {
        guard count >= 8, count <= bytes.count else { throw .tooShort }
        self.init(source: bytes.number(at: 4), sender: nil, block: nil)
        var at = 0
        while at + 4 <= count {
            guard bytes[at] >> 6 == 2 else { throw .wrongVersion }
            let length = 4 * (Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])) + 4
            guard at + length <= count else { throw .tooShort }
            take(bytes, at: at, length: length)
            at += length
        }
    }

    private mutating func take(_ bytes: [UInt8], at: Int, length: Int) {
        let blocks = Int(bytes[at] & 31)
        switch bytes[at + 1] {
        case 200 where length >= 28:
            sender = SenderPart(
                ntp: UInt64(bytes.number(at: at + 8)) << 32 | UInt64(bytes.number(at: at + 12)),
                timestamp: bytes.number(at: at + 16), packets: bytes.number(at: at + 20),
                octets: bytes.number(at: at + 24))
            if blocks > 0, length >= 52 { block = Block(bytes, at: at + 28) }
        case 201 where length >= 32 && blocks > 0:
            block = Block(bytes, at: at + 8)
        case 203:
            isBye = true
        case 204 where length >= 16 && bytes.number(at: at + 8) == Self.delayName:
            sendDelayUs = bytes.number(at: at + 12)
        default:
            break
        }
    }

    static let delayName: UInt32 = 0x5750_444c
    package static let maxBytes = Limits.mediaReportMaxBytes

    /// Writes a compound packet: SR or RR, SDES with an empty-handed CNAME, our delay; its length. `bytes`
    /// has room for `maxBytes`.
    package func write(to bytes: inout [UInt8]) -> Int {
        var at = 0
        let blocks: UInt8 = block == nil ? 0 : 1
        bytes[0] = 0x80 | blocks
        bytes[1] = sender == nil ? 201 : 200
        bytes.setNumber(source, at: 4)
        at = 8
        if let sender {
            bytes.setNumber(UInt32(truncatingIfNeeded: sender.ntp >> 32), at: 8)
            bytes.setNumber(UInt32(truncatingIfNeeded: sender.ntp), at: 12)
            bytes.setNumber(sender.timestamp, at: 16)
            bytes.setNumber(sender.packets, at: 20)
            bytes.setNumber(sender.octets, at: 24)
            at = 28
        }
        if let block {
            block.write(to: &bytes, at: at)
            at += 24
        }
        setLength(&bytes, from: 0, to: at)
        let description = at
        bytes[at] = 0x81
        bytes[at + 1] = 202
        bytes.setNumber(source, at: at + 4)
        bytes[at + 8] = 1
        bytes[at + 9] = 1
        bytes[at + 10] = UInt8(ascii: "w")
        bytes[at + 11] = 0
        at += 12
        setLength(&bytes, from: description, to: at)
        if let sendDelayUs {
            bytes[at] = 0x80
            bytes[at + 1] = 204
            bytes.setNumber(source, at: at + 4)
            bytes.setNumber(Self.delayName, at: at + 8)
            bytes.setNumber(sendDelayUs, at: at + 12)
            setLength(&bytes, from: at, to: at + 16)
            at += 16
        }
        if isBye {
            bytes[at] = 0x81
            bytes[at + 1] = 203
            bytes.setNumber(source, at: at + 4)
            setLength(&bytes, from: at, to: at + 8)
            at += 8
        }
        return at
    }

    private func setLength(_ bytes: inout [UInt8], from start: Int, to end: Int) {
        let words = (end - start) / 4 - 1
        bytes[start + 2] = UInt8(truncatingIfNeeded: words >> 8)
        bytes[start + 3] = UInt8(truncatingIfNeeded: words)
    }
}

extension RTCPReport.Block {
    init(_ bytes: [UInt8], at: Int) {
        source = bytes.number(at: at)
        lostFraction = bytes[at + 4]
        lostCount = Int32(bitPattern: bytes.number(at: at + 4) << 8) >> 8
        highestSequence = bytes.number(at: at + 8)
        jitterTicks = bytes.number(at: at + 12)
        lastReport = bytes.number(at: at + 16)
        sinceLastReport = bytes.number(at: at + 20)
    }

    func write(to bytes: inout [UInt8], at: Int) {
        bytes.setNumber(source, at: at)
        let lost = UInt32(bitPattern: max(-0x80_0000, min(0x7f_ffff, lostCount))) & 0xff_ffff
        bytes.setNumber(UInt32(lostFraction) << 24 | lost, at: at + 4)
        bytes.setNumber(highestSequence, at: at + 8)
        bytes.setNumber(jitterTicks, at: at + 12)
        bytes.setNumber(lastReport, at: at + 16)
        bytes.setNumber(sinceLastReport, at: at + 20)
    }
}
