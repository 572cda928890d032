// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import Testing

struct AlarmUrgencyTests {
    @Test func trouble_callsNobody_allOthersDo() {
        #expect(AlarmClass.allCases.filter(\.isCall) == [.cellCall, .emergency, .officerDuress])
    }

    @Test func brokenPath_isWhateverMayHideAPress() {
        #expect(
            AlarmCause.allCases.filter(\.breaksAlarmPath) == [
                .wireShort, .wireCut, .stuck, .lineFault, .peerLost, .peerOneWay,
            ])
    }
}
