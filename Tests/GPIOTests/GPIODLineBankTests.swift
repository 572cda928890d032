// SPDX-License-Identifier: Apache-2.0
import CGPIOD
import Facility
import GPIO
import Testing

/// What can be said without a chip; the rig does the rest.
struct GPIODLineBankTests {
    private func bank() -> GPIODLineBank {
        GPIODLineBank(
            lines: [
                BoardLine(
                    name: PointName("button")!, chip: "no-such-chip", line: "BUTTON", direction: .input,
                    activeLow: true, bias: .pullUp),
                BoardLine(
                    name: PointName("lamp")!, chip: "no-such-chip", line: "LAMP", direction: .output,
                    activeLow: false, bias: .asIs),
            ])
    }

    @Test func lines_areFaultyWithAHint_whenNoChipHasTheLabel() {
        let bank = bank()
        bank.tick(now: ms(100))
        #expect(bank.faults.count == 2)
        #expect(bank.faults[0]?.place == "no-such-chip")
        #expect(bank.faults[0]?.hint.contains("gpiodetect") == true)
        #expect(bank.levels() == [.unknown, .unknown] && bank.edges().isEmpty)
    }

    @Test func line_isANumber_onlyWhereItSaysSo() {
        for offset in [0, 3, 17, Limits.lineOffsetMaxCount] {
            #expect(wp_gpio_offset(BoardLine.nameless(offset)) == Int32(offset))
        }
        for name in ["", "#", "3", "GPIO3", "# 3", "#-1", "#3a", "##3", "#12345", "#99999999999999999999"] {
            #expect(wp_gpio_offset(name) == -1, "\(name)")
        }
    }

    @Test func chip_isTriedAgain_whenMissing() {
        let bank = bank()
        #expect(bank.retryAt == ms(0))
        bank.tick(now: ms(100))
        #expect(bank.retryAt == ms(600))
        bank.tick(now: ms(599))
        #expect(bank.retryAt == ms(600))
        bank.tick(now: ms(600))
        #expect(bank.retryAt == ms(1_100))
    }

    @Test func output_isRefusedWithTheChipsFault_whenItsChipIsMissing() {
        let bank = bank()
        bank.tick(now: ms(0))
        let fault = #expect(throws: Fault.self) { try bank.set(1, active: true) }
        #expect(fault == bank.faults[1])
    }
}
