// SPDX-License-Identifier: Apache-2.0
import GPIO
import Testing

struct LineBankTests {
    @Test func level_isTheContacts_whenMadeFromOne() {
        #expect(LineLevel(true) == .active && LineLevel(false) == .inactive)
    }
}
