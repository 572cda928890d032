// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestBoard
import Testing

@testable import Sync

struct WireTextTests {
    private func text(_ put: (inout WireText) -> Void) -> String {
        var text = WireText(capacity: 0)
        put(&text)
        return String(decoding: text.taken(), as: UTF8.self)
    }

    @Test func base64_isTheStandards_andComesBack() {
        var dice = Chance(seed: 6)
        for count in 0..<300 {
            let bytes = dice.bytes(count)
            let written = text { $0.put(base64: bytes) }
            #expect(written == Data(bytes).base64EncodedString())
            #expect(Base64Text.bytes(of: Array(written.utf8)[...]) == bytes)
        }
    }

    @Test(arguments: [
        "A", "AA", "AAA", "AA=A", "A===", "====", "AB==", "AAB=", "A-_A", "AAAA\n", " AAA", "AAA\u{e9}",
    ])
    func base64_isRefused_whenItIsNotTheOneSpelling(text: String) {
        #expect(Base64Text.bytes(of: Array(text.utf8)[...]) == nil)
    }

    @Test func hex_comesBack_inLowerCaseAlone() {
        let bytes = (0...255).map { UInt8($0) }
        let written = text { $0.put(hex: bytes) }
        #expect(HexText.bytes(of: Array(written.utf8)[...]) == bytes)
        let word = text { $0.put(hex: 0x0123_4567_89ab_cdef as UInt64) }
        #expect(word == "0123456789abcdef")
        #expect(HexText.word(of: Array("0123456789abcdef".utf8)[...]) == 0x0123_4567_89ab_cdef)
        for wrong in ["AB", "abc", "0g", "  "] { #expect(HexText.bytes(of: Array(wrong.utf8)[...]) == nil) }
    }

    @Test func numbers_comeBack_inOneSpelling() {
        var powers: [UInt64] = [0, .max]
        for power in 0..<20 {
            let number = (0..<power).reduce(UInt64(1)) { product, _ in product * 10 }
            powers += [number - 1, number, number + 1]
        }
        for number in powers {
            let written = text { $0.put(decimal: number) }
            #expect(written == "\(number)" && DecimalText.unsigned(Array(written.utf8)[...]) == number)
        }
        for number in [Int64.min, .min + 1, -1, 0, 1, .max] {
            let written = text { $0.put(decimal: number) }
            #expect(written == "\(number)" && DecimalText.signed(Array(written.utf8)[...]) == number)
        }
        for wrong in ["", "-", "-0", "01", "+1", "9223372036854775808", "-9223372036854775809", "1 "] {
            #expect(DecimalText.signed(Array(wrong.utf8)[...]) == nil)
        }
    }

    @Test func text_isTakenBack_whenItIsCut() {
        let written = text {
            $0.put("one")
            $0.put(Array(" two".utf8))
            $0.cut(to: 3)
            $0.put(text: " drei")
        }
        #expect(written == "one drei")
    }
}
