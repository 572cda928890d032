// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct LedgerBytesTests {
    @Test func ledger_comesBack_asItWas() throws {
        var bench = Bench(
            Samples.plan([Samples.routine("a", "08:00"), Samples.routine("b", "08:00")]), Samples.monday,
            "07:59")
        bench.run(seconds: 75)
        let ledger = bench.machine.ledger
        #expect(ledger.held.count == 2 && ledger.held.first?.positionMs == 15_000)
        #expect(try PlayLedger.decode(bench.saved, at: "test") == ledger)
        #expect(try PlayLedger.decode(PlayLedger().encode(), at: "test") == PlayLedger())
        for place in bench.saved.indices {
            #expect(throws: Fault.self) {
                try PlayLedger.decode(Array(bench.saved.prefix(place)), at: "test")
            }
        }
    }
}
