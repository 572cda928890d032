// SPDX-License-Identifier: Apache-2.0
import Facility

extension Kills {
    /// The summary; true when all is well.
    func tell(_ broken: [String], standing: Int, ms: Int) -> Bool {
        let restart = Percentiles(ledger.restartUs.map { Int64($0) * 1_000 })
        let slowest = ledger.restartUs.max() ?? 0
        let isGood =
            ledger.lost == 0 && ledger.doubled == 0 && ledger.unsettled == 0 && broken.isEmpty
            && (!options.judgesTime || slowest <= 1_000_000)
        for word in (ledger.words + broken).prefix(40) { voice.complain(word) }
        var line = JSONLine()
        line.add("bench", "kills")
        line.add("kills", ledger.killCount)
        for (terminal, count) in ledger.kills.sorted(by: { $0.key < $1.key }) {
            line.add("kills_\(terminal)", count)
        }
        line.add("rounds", rounds)
        line.add("presses", ledger.presses.count)
        for why in [BenchPress.Owed.seen, .lamp, .datagram, .held] {
            line.add("owed_\(why.rawValue)", ledger.presses.count { $0.owed == why })
        }
        line.add("lost", ledger.lost)
        line.add("doubled", ledger.doubled)
        line.add("unsettled", ledger.unsettled)
        line.add("standing_at_end", standing)
        line.add("restart_ms_p50", .decimal(restart.microseconds(50) / 1_000))
        line.add("restart_ms_p99", .decimal(restart.microseconds(99) / 1_000))
        line.add("restart_ms_max", .decimal(restart.microseconds(100) / 1_000))
        line.add("journals_broken", broken.count)
        line.add("seed", options.seed)
        line.add("seconds", .decimal(Double(ms) / 1_000))
        line.add("passed", isGood)
        voice.say(line)
        return isGood
    }
}
