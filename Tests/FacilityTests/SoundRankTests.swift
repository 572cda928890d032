// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

struct SoundRankTests {
    @Test func ranks_standInTheOrderOfTheHouse_whenSorted() {
        #expect(
            SoundRank.allCases.sorted() == [
                .background, .routine, .routineCall, .livePage, .alarmCall, .alarmTone, .emergencyPage,
            ])
        #expect(SoundRank.allCases.filter(\.isPage) == [.livePage, .emergencyPage])
    }
}
