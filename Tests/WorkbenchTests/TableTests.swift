// SPDX-License-Identifier: Apache-2.0
import Testing
import Workbench

@Test func columns_areAligned_whenCellsAreChinese() {
    var table = Table([("类别", .left), ("AGE", .right)])
    table.add(["紧急 emergency", "00:07"])
    table.add(["故障 trouble", "1:00:07"])
    #expect(table.lines == ["类别                AGE", "紧急 emergency    00:07", "故障 trouble    1:00:07"])
}

@Test func width_countsTwoColumns_whenACharacterIsWide() {
    #expect(Table.width("一监区101室") == 11)
    #expect(Table.width("•") == 1)
    #expect(Table.padded("岗位", to: 6) == "岗位  ")
    #expect(Table.padded("too long", to: 3) == "too long")
}

@Test func line_isEmpty_whenAllCellsAre() {
    var table = Table([("", .left), ("", .left)])
    table.add(["", ""])
    #expect(table.lines == ["", ""])
}

@Test(arguments: [(0, "00:00"), (59_999, "00:59"), (61_000, "01:01"), (3_607_000, "1:00:07"), (-5, "00:00")])
func age_isMinutesAndSeconds_whateverItIs(ms: Int, text: String) {
    #expect(ageText(ms: ms) == text)
}

@Test(arguments: [
    (0, "+      0 ms"), (1_234, "+  1,234 ms"), (90_000, "+ 90,000 ms"), (1_234_567, "+1,234,567 ms"),
])
func since_groupsItsDigits_whateverItIs(ms: Int, text: String) {
    #expect(sinceText(ms: ms) == text)
}
