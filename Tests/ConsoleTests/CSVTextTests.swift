// SPDX-License-Identifier: Apache-2.0
import Console
import Testing

struct CSVTextTests {
    private func written(_ field: CSVText.Field) -> String {
        var table = CSVText(head: ["x"])
        table.add([field])
        return String(table.text.dropFirst("\u{FEFF}x\r\n".unicodeScalars.count - 1).dropLast(1))
    }

    @Test func table_isRFC4180_withTheMarkOfUTF8() {
        var table = CSVText(head: ["a", "b"])
        table.add([.text("x"), .number(1)])
        #expect(Array(table.text.utf8) == Array("\u{FEFF}a,b\r\nx,1\r\n".utf8))
    }

    @Test func field_isQuoted_whenItMustBe() {
        #expect(written(.text("a,b")) == "\"a,b\"")
        #expect(written(.text("a\"b")) == "\"a\"\"b\"")
        #expect(written(.text("a\nb")) == "\"a\nb\"")
        #expect(written(.text("监室 1")) == "监室 1")
    }

    @Test(arguments: ["=1+1", "+1", "-1", "@x", "\t=1"]) func formula_isText_whenSomebodyWroteOne(
        text: String
    ) {
        #expect(written(.text(text)).hasPrefix("'"))
    }

    @Test func numbers_arePlain_alsoBelowZeroAndEmpty() {
        #expect(written(.number(-5 as Int64)) == "-5")
        #expect(written(.number(nil)) == "")
        #expect(written(.share(0.9873)) == "0.9873" && written(.share(of: 1)) == "1.0000")
        #expect(written(.share(0.0004)) == "0.0004" && written(.share(of: nil)) == "")
    }
}
