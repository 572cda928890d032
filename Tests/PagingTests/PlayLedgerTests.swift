// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import Paging

struct PlayLedgerTests {
    @Test func begun_areRemembered_untilThereAreTooMany() {
        var ledger = PlayLedger()
        let ids = (0..<20).map {
            OccurrenceID(
                routine: RoutineID("r")!, day: CivilDay(number: Int32($0)), at: ClockTime(seconds: 0)!)
        }
        for id in ids { ledger.note(id, max: 5) }
        #expect(ledger.hasBegun(ids[19]) && ledger.hasBegun(ids[15]) && !ledger.hasBegun(ids[0]))
        ledger.note(ids[19], max: 5)
        #expect(ledger.hasBegun(ids[19]))
    }
}
