// SPDX-License-Identifier: Apache-2.0
import Facility

extension SyncKills {
    /// The summary; true when all is well.
    func tell(_ ledger: SyncLedger, contradictions: Int, ms: Int) -> Bool {
        let restart = Percentiles(restartUs.map { Int64($0) * 1_000 })
        let slowest = restartUs.max() ?? 0
        let isGood =
            ledger.isGood && ledger.owedCount > 0 && contradictions == 0
            && (!options.judgesTime || slowest <= 1_000_000)
        for word in ledger.words.sorted().prefix(40) { voice.complain(word) }
        var line = JSONLine()
        line.add("bench", "sync-kills")
        line.add("store", options.isPostgres ? "postgresql" : "sqlite")
        line.add("kills", killCount)
        for (name, count) in kills.sorted(by: { $0.key < $1.key }) { line.add("kills_\(name)", count) }
        line.add("events", ledger.knownCount)
        line.add("events_owed", ledger.owedCount)
        line.add("files_put_aside", asideFiles)
        line.add("lost", ledger.lost)
        line.add("doubled", ledger.doubled)
        line.add("altered", ledger.altered)
        line.add("out_of_order", ledger.disordered)
        line.add("contradictions", contradictions)
        line.add("alarms_wrong", ledger.wrongAlarms)
        line.add("alarms_standing", ledger.standing)
        line.add("restart_ms_p50", .decimal(restart.microseconds(50) / 1_000))
        line.add("restart_ms_max", .decimal(restart.microseconds(100) / 1_000))
        line.add("drained_ms", drainedMs)
        line.add("seed", options.seed)
        line.add("seconds", .decimal(Double(ms) / 1_000))
        line.add("passed", isGood)
        voice.say(line)
        return isGood
    }
}
