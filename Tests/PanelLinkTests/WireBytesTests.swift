// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import PanelLink

/// Words off the wire are judged like the same bytes of a text.
@Test func identifier_isTheSameOrRefused_whetherReadAsWordsOrAsBytes() {
    var random = SeededRandom(4)
    let pool =
        Array("AZaz09-_.".utf8) + [0, 0, 0, 0x20, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7f, 0x80, 0xff]
    var named = 0
    for turn in 0..<20_000 {
        let clean = turn % 2 == 0
        let bytes = (0..<16).map { _ in pool[Int.random(in: 0..<(clean ? 9 : pool.count), using: &random)] }
        let cut = Array(bytes.prefix(Int.random(in: 0...16, using: &random)))
        let padded = cut + [UInt8](repeating: 0, count: 16 - cut.count)
        var reader = WireReader(padded, from: 0)
        let read: TerminalID? = try? reader.identifier()
        if read != TerminalID(bytes: padded) { Issue.record("not the same: \(padded)") }
        if read != nil { named += 1 }
    }
    #expect(named > 5_000)
}

@Test func text_isRefused_whenNotUTF8OrLongerThanItsBound() {
    var broken = WireReader([2, 0, 0xc3, 0x28], from: 0)
    #expect(throws: WireRefusal.badText) { try broken.text(maxBytes: 100) }
    var long = WireReader([3, 0, 0x61, 0x61, 0x61], from: 0)
    #expect(throws: WireRefusal.badText) { try long.text(maxBytes: 2) }
}
