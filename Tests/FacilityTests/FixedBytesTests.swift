// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

struct FixedBytesTests {
    @Test func checksum_isTheKnownOne_forTheKnownText() throws {
        var writer = FixedWriter(magic: "12345")
        for byte in "6789".utf8 { writer.add(byte) }
        #expect(writer.sealed().suffix(4) == [0xcb, 0xf4, 0x39, 0x26])
    }

    @Test func numbers_comeBack_withTheirSign() throws {
        var writer = FixedWriter(magic: "T")
        writer.add(Int32(-5))
        writer.add(Int64.min)
        writer.add(UInt8(200))
        var reader = try FixedReader(writer.sealed(), magic: "T", maxBytes: 100)
        let (a, b, c): (Int32, Int64, UInt8) = (
            try reader.number(), try reader.number(), try reader.number()
        )
        #expect(a == -5 && b == .min && c == 200)
        try reader.end()
    }
}
