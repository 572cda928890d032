// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Glibc
import Testing

@testable import GPIO

struct BoardPageTests {
    @Test func line_isTheSame_whenWrittenAndReadBack() throws {
        let line = BoardLine(
            name: try #require(PointName("sixteen-letters.")), chip: "pinctrl-bcm2711", line: "GPIO17",
            direction: .output, activeLow: true, bias: .pullDown)
        #expect(wp_board_line(line).boardLine == line)
    }

    @Test func text_isCutToItsField_whenLongerThanTheKernelsNames() throws {
        var line = TestLines.all[0]
        line.chip = String(repeating: "x", count: 40)
        #expect(wp_board_line(line).boardLine?.chip.utf8.count == 31)
    }

    @Test func line_isNone_whenThePageIsEmpty() {
        #expect(wp_board_line().boardLine == nil)
    }

    @Test(arguments: [EBUSY, EEXIST, EINVAL, ENOENT, EACCES, ENOSPC])
    func fault_tellsWhereAndWhatNext_whateverTheError(error: Int32) {
        let fault = BoardPageFaults.open("board", error: error)
        #expect(fault.place == "board" && !fault.cause.isEmpty && fault.hint.hasSuffix("."))
    }
}
