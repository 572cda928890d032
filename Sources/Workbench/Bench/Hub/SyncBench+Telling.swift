// SPDX-License-Identifier: Apache-2.0
import Facility

extension SyncBench {
    /// False when a goal was missed.
    func tell(_ figures: Figures) -> Bool {
        let ours = Double(figures.drained) * 1_000 / Double(max(1, figures.drainMs))
        let beside =
            options.isPostgres
            ? Self.mean(figures.raw) : Self.mean(figures.peer.map(\.perSecond))
        let goal = options.isPostgres ? Self.postgresGoalRatio : Self.goalRatio
        let ratio = beside > 0 ? ours / beside : 0
        let seen = figures.comparison
        let isWhole =
            figures.isWhole && seen.lost == 0 && seen.doubled == 0 && seen.isOrdered
            && seen.journal >= options.events && figures.peer.allSatisfy { $0.atReceiver == $0.events }
        let alarms = Percentiles(figures.alarms)
        let isPrompt = alarms.microseconds(100) <= Double(Self.alarmGoalMs) * 1_000

        var line = JSONLine()
        line.add("bench", "sync")
        line.add("store", options.isPostgres ? "postgresql" : "sqlite")
        line.add("n", options.events)
        line.add("payload_bytes", options.payloadBytes)
        line.add("fill_ms", figures.fillMs)
        line.add("drain_ms", figures.drainMs)
        line.add("events_per_s", Int(ours))
        if options.isPostgres {
            line.add("raw_insert_rows_per_s", Int(beside))
            line.add("raw_runs", .list(figures.raw.map { .number(Int64($0)) }))
            line.add("raw_connections", .list(figures.rawConnections.map { .number(Int64($0)) }))
        } else {
            line.add("peer", "Python outbox, 500 a POST, mTLS, SQLite FULL")
            line.add("peer_n", figures.peer.reduce(0) { $0 + $1.events })
            line.add("peer_events_per_s", Int(beside))
            line.add("peer_runs", .list(figures.peer.map { .number(Int64($0.perSecond)) }))
        }
        line.add("ratio", .decimal(Self.rounded(ratio)))
        line.add("goal_ratio", .decimal(goal))
        line.add("compared", seen.journal)
        line.add("lost", seen.lost)
        line.add("doubled", seen.doubled)
        line.add("ordered", seen.isOrdered)
        line.add("alarms_during_drain", alarms.line)
        line.add("alarm_goal_ms", Self.alarmGoalMs)
        let isSmall = figures.syncKB.map { $0 <= Self.syncGoalKB } ?? false
        line.add("sync_cpu_us_per_event", .decimal(Self.each(figures.syncCPUMs, options.events)))
        line.add("hub_cpu_us_per_event", .decimal(Self.each(figures.hubCPUMs, options.events)))
        line.add("sync_rss_kb_max", figures.syncKB)
        line.add("sync_rss_goal_kb", Self.syncGoalKB)
        line.add("hub_peak_rss_kb", figures.hubKB)
        let isGood = isWhole && isPrompt && isSmall && ratio >= goal
        line.add("passed", isGood)
        voice.say(line)
        return isGood
    }

    func tellLink(_ figures: Figures) -> Bool {
        let alarms = Percentiles(figures.alarms)
        let isGood =
            figures.isWhole && alarms.microseconds(100) <= Double(Self.linkAlarmGoalMs) * 1_000
        var line = JSONLine()
        line.add("bench", "sync_slow_link")
        line.add("bits_per_s", options.linkBitsPerSecond)
        line.add("n", options.linkAlarms)
        line.add("pending_events", options.events)
        line.add("pending_bytes", figures.payloadBytes)
        line.add("fill_ms", figures.fillMs)
        line.add("arrived_meanwhile", figures.drained)
        line.add("alarm", alarms.line)
        line.add("goal_ms", Self.linkAlarmGoalMs)
        line.add("payload_bytes", options.payloadBytes)
        line.add("sync_rss_kb_max", figures.syncKB)
        line.add("passed", isGood)
        voice.say(line)
        return isGood
    }

    private static func each(_ ms: Int, _ events: Int) -> Double {
        rounded(Double(ms) * 1_000 / Double(max(1, events)))
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
