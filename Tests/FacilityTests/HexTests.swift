// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

struct HexTests {
    @Test func hex_isLowerCasePairs() {
        #expect(Hex.text([0, 255, 16]) == "00ff10" && Hex.bytes("00ff10") == [0, 255, 16])
        for text in ["0", "0G", "FF", "0 "] { #expect(Hex.bytes(text) == nil) }
    }
}
