// SPDX-License-Identifier: Apache-2.0

/// Why a datagram is no packet of ours: counted, never heard.
package enum PacketRefusal: Error, Hashable, Sendable {
    case tooShort, wrongVersion, wrongPadding, wrongExtension, tooManyBlocks, wrongBlock
}

/// The head of an RTP packet (RFC 3550, section 5.1), and where its payload lies. A value; any bytes whatever
/// give a packet or a refusal.
package struct RTPPacket: Hashable, Sendable {
    package static let headBytes = 12

    package var payloadType: UInt8
    package var isMarked: Bool
    package var sequence: UInt16
    package var timestamp: UInt32
    package var source: UInt32
    package var payload: Range<Int>

    package init(
        payloadType: UInt8, isMarked: Bool = false, sequence: UInt16, timestamp: UInt32, source: UInt32,
        payload: Range<Int> = RTPPacket.headBytes..<RTPPacket.headBytes
    ) {
        self.payloadType = payloadType
        self.isMarked = isMarked
        self.sequence = sequence
        self.timestamp = timestamp
        self.source = source
        self.payload = payload
    }

    /// Reads the first `count` bytes.
    package init(_ bytes: [UInt8], count: Int) throws(PacketRefusal) {
        guard count >= Self.headBytes, count <= bytes.count else { throw .tooShort }
        guard bytes[0] >> 6 == 2 else { throw .wrongVersion }
        var start = Self.headBytes + Int(bytes[0] & 15) * 4
        if bytes[0] & 0x10 != 0 {
            guard start + 4 <= count else { throw .wrongExtension }
            start += 4 + 4 * (Int(bytes[start + 2]) << 8 | Int(bytes[start + 3]))
        }
        guard start <= count else { throw .tooShort }
        var end = count
        if bytes[0] & 0x20 != 0 {
            let padding = Int(bytes[count - 1])
            guard padding > 0, padding <= count - start else { throw .wrongPadding }
            end -= padding
        }
        payloadType = bytes[1] & 0x7f
        isMarked = bytes[1] & 0x80 != 0
        sequence = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        timestamp = bytes.number(at: 4)
        source = bytes.number(at: 8)
        payload = start..<end
    }

    /// Writes the head; the payload follows at `headBytes`.
    package func write(to bytes: inout [UInt8]) {
        bytes[0] = 0x80
        bytes[1] = payloadType & 0x7f | (isMarked ? 0x80 : 0)
        bytes[2] = UInt8(truncatingIfNeeded: sequence >> 8)
        bytes[3] = UInt8(truncatingIfNeeded: sequence)
        bytes.setNumber(timestamp, at: 4)
        bytes.setNumber(source, at: 8)
    }
}

extension [UInt8] {
    /// Four bytes, the highest first. The caller has looked at the length.
    func number(at offset: Int) -> UInt32 {
        UInt32(self[offset]) << 24 | UInt32(self[offset + 1]) << 16 | UInt32(self[offset + 2]) << 8
            | UInt32(self[offset + 3])
    }

    mutating func setNumber(_ number: UInt32, at offset: Int) {
        self[offset] = UInt8(truncatingIfNeeded: number >> 24)
        self[offset + 1] = UInt8(truncatingIfNeeded: number >> 16)
        self[offset + 2] = UInt8(truncatingIfNeeded: number >> 8)
        self[offset + 3] = UInt8(truncatingIfNeeded: number)
    }
}
