// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

struct IdentifierTests {
    private static let allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."

    @Test(arguments: [
        "a", "cell-101", "post-a", "P1042", "1.2_3-4", "abcdefgh", "abcdefghi", "0123456789abcdef",
    ])
    func text_comesBack_whenItIsAName(_ text: String) throws {
        let name = try #require(TerminalID(text))
        #expect(name.text == text && "\(name)" == text)
        #expect(TerminalID(high: name.high, low: name.low) == name)
        #expect(TerminalID(bytes: Array(text.utf8)) == name)
        #expect(TerminalID(text.dropFirst(0)) == name, "a part of a longer text is read as well")
    }

    @Test(arguments: [
        "", "0123456789abcdefg", "cell 101", "cell/101", "监室", "é", "a\n", "a\0", "\0", "a\0b", "-+", "a:b",
    ])
    func text_isRefused_whenItIsNoName(_ text: String) {
        #expect(TerminalID(text) == nil)
    }

    @Test func byte_isAllowed_whenItIsOneOfTheSet() {
        let allowed = Set(Self.allowed.utf8)
        for byte in UInt8.min ... .max {
            #expect((OfficerID(bytes: [byte]) != nil) == allowed.contains(byte), "\(byte)")
        }
    }

    @Test func bytes_endAtTheFirstZero_whenPadded() {
        let cell = Array("cell".utf8)
        #expect(TerminalID(bytes: cell + [0, 0]) == TerminalID("cell"))
        #expect(TerminalID(bytes: cell + Array(repeating: 0, count: 12)) == TerminalID("cell"))
        #expect(TerminalID(bytes: cell + Array(repeating: 0, count: 13)) == nil, "longer than the field")
        #expect(TerminalID(bytes: cell + [0, 0x41]) == nil, "something behind the padding")
        #expect(TerminalID(bytes: [0] + cell) == nil)
        #expect(TerminalID(bytes: []) == nil && TerminalID(bytes: Array(repeating: 0, count: 16)) == nil)
    }

    @Test func words_areRefused_whenTheyAreNoName() {
        #expect(TerminalID(high: 0, low: 0) == nil)
        #expect(TerminalID(high: 0, low: 0x6100_0000_0000_0000) == nil, "empty in front")
        #expect(TerminalID(high: 0x6100_0000_0000_0000, low: 0x6100_0000_0000_0000) == nil, "a hole")
        #expect(TerminalID(high: 0x2100_0000_0000_0000, low: 0) == nil, "a character outside the set")
    }

    @Test func order_isThatOfTheText_whenCompared() {
        let texts = ["-", ".", "0", "9", "A", "Z", "_", "a", "a-", "a.", "aa", "abcdefgh", "abcdefgh0", "b"]
        let names = texts.compactMap { ZoneID($0) }
        #expect(names.count == texts.count)
        #expect(names.reversed().sorted() == names)
        for (a, b) in zip(names, names.dropFirst()) { #expect(a < b && !(b < a)) }
    }
}
