// SPDX-License-Identifier: Apache-2.0
import Audio
import Intercom
import Testing

struct G722CodecTests {
    @Test(.enabled(if: G722Codec.isThere, "libspandsp2 is not installed"))
    func tone_survives_throughBothBands() throws { #expect(OpusCodecTests.alike(try G722Codec()) > 0.95) }
}
