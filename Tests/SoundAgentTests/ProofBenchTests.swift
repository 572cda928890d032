// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import SoundAgent

struct ProofBenchTests {
    /// A thousand of them: `watchpost-sound --bench proof`.
    @Test func plays_areProven_andNeverDenied() throws {
        var bench = try ProofBench(rooms: 3)
        let tally = bench.play(40)
        #expect(tally.plays == 40 && tally.falseReports == 0 && tally.deadHeard == 0, "\(tally)")
        #expect(tally.openHeard == 40 && tally.deadFound >= 28 && tally.quietFound >= 26, "\(tally)")
        let night = bench.play(20, only: ProofBench.quietTone)
        #expect(night.falseReports == 0 && night.deadHeard == 0 && night.openHeard == 20, "\(night)")
        #expect(night.deadFound == 20 && night.quietFound >= 19, "\(night)")
        let (units, dead, quiet) = (tally.unitsPlayed, tally.unitsDeadFound, tally.unitsQuietFound)
        #expect(dead >= units - 1 && quiet >= units - 2, "\(tally)")
    }
}
