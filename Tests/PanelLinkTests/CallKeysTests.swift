// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import PanelLink

struct CallKeysTests {
    @Test func twoTerminals_shareOneKey_andNobodyElse() throws {
        let (a, b, c) = (LinkKeys.generate(), LinkKeys.generate(), LinkKeys.generate())
        let ab = try #require(CallKeys(a, peer: b.publicKey))
        let ba = try #require(CallKeys(b, peer: a.publicKey))
        let ca = try #require(CallKeys(c, peer: a.publicKey))
        let seal = ab.seal(["offer", "text"])
        #expect(ba.isSealed(["offer", "text"], by: seal) && !ca.isSealed(["offer", "text"], by: seal))
        // Where one text ends and the next begins is sealed, too.
        #expect(!ba.isSealed(["offert", "ext"], by: seal) && !ba.isSealed(["offer", "text"], by: "00"))
        #expect(ab.voice(["x"], count: 30) == ba.voice(["x"], count: 30))
        #expect(ab.voice(["x"], count: 30) != ab.voice(["y"], count: 30))
        #expect(CallKeys(a, peer: []) == nil)
    }
}
