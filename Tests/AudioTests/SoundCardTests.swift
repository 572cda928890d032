// SPDX-License-Identifier: Apache-2.0
import Audio
import Testing

struct SoundCardTests {
    @Test func card_isAValue_thatAnyThreadMayHave() {
        let card = SoundCard.null
        if case .null = card {} else { Issue.record("another card") }
    }
}
