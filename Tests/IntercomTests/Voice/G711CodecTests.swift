// SPDX-License-Identifier: Apache-2.0
import Audio
import Intercom
import Testing

struct G711CodecTests {
    @Test(arguments: [G711Codec.Law.a, .u]) func tone_survives(law: G711Codec.Law) {
        #expect(OpusCodecTests.alike(G711Codec(law)) > 0.99)
    }

    /// Known pairs of G.711.
    @Test func silence_isItsCode() {
        var bytes = [UInt8](repeating: 1, count: 4)
        let frame = SampleBlock(4)
        #expect(G711Codec(.u).encode(frame, count: 4, into: &bytes) == 4 && bytes[0] == 0xff)
        #expect(G711Codec(.a).encode(frame, count: 4, into: &bytes) == 4 && bytes[0] == 0xd5)
        frame[0] = 32_767
        _ = G711Codec(.u).encode(frame, count: 1, into: &bytes)
        #expect(bytes[0] == 0x80)
        _ = G711Codec(.a).encode(frame, count: 1, into: &bytes)
        #expect(bytes[0] == 0xaa)
    }
}
