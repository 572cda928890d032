// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Testing

@testable import GPIO

struct GPIODFaultsTests {
    @Test func chips_areNamed_whenTheLabelIsNotAmongThem() {
        let fault = GPIODFaults.chip("gpio-cell", error: ENODEV, present: "pinctrl-a, pinctrl-b")
        #expect(fault.cause.contains("pinctrl-a, pinctrl-b"))
        let none = GPIODFaults.chip("gpio-cell", error: ENODEV, present: "")
        #expect(none.cause == "this machine has no GPIO chip")
    }

    @Test func line_isMissingByNumber_whenItsChipHasNoNames() {
        var line = TestLines.all[TestLines.button]
        #expect(GPIODFaults.line(line, error: ENOENT).cause.contains("of this name"))
        line.line = BoardLine.nameless(9)
        #expect(GPIODFaults.line(line, error: ENOENT).cause.contains("of this number"))
    }

    @Test(arguments: [ENODEV, ENOTUNIQ, EACCES, EIO, ENOENT, EBUSY, EINVAL])
    func fault_tellsWhereAndWhatNext_whateverTheError(error: Int32) {
        let line = TestLines.all[TestLines.button]
        #expect(GPIODFaults.chip("gpio-cell", error: error, present: "x").place == "gpio-cell")
        let ofLine = GPIODFaults.line(line, error: error)
        for fault in [ofLine, GPIODFaults.unusable("set line", line, error: error)] {
            #expect(fault.place == "gpio-cell/BUTTON (button)")
            #expect(!fault.cause.isEmpty && fault.hint.hasSuffix("."))
        }
    }
}
