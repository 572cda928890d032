// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import CVoiceDSP
import Facility
import Intercom

/// What pages are measured by: `--bench page [CELLS] [ROUNDS]`; prints one JSON line. On the main thread.
///
///     key ─> announced to CELLS terminals ─> first loud sample of each    start, skew, with and without loss
///     key ─> first loud sample at a card of software                      key to sound, and over a routine
enum PageBench {
    private static let rateHz = PageCrowd.rateHz

    static func run(_ arguments: [String]) throws(Fault) {
        let cells = arguments.first.flatMap { Int($0) } ?? 200
        let rounds = arguments.dropFirst().first.flatMap { Int($0) } ?? 100
        wp_raise_file_limit()
        let (starts, skews, cpu) = try crowd(cells, rounds: 10, lossPercent: 0)
        let (lossy, _, _) = try crowd(cells, rounds: 10, lossPercent: 5)
        let (quiet, over) = (
            try keyToSound(rounds, overRoutine: false), try keyToSound(rounds, overRoutine: true)
        )
        print(
            "{\"bench\":\"page\",\"cells\":\(cells),\"rounds\":\(rounds),"
                + "\"keyToSoundMs\":\(SetupBench.figures(quiet)),"
                + "\"preemptMs\":\(SetupBench.figures(over)),"
                + "\"lastTerminalMs\":\(SetupBench.figures(starts)),"
                + "\"startSkewMs\":\(SetupBench.figures(skews)),"
                + "\"emergencyAtLoss5Ms\":\(SetupBench.figures(lossy)),"
                + "\"processorPercent\":\(cpu)}")
    }

    /// A loud whistle.
    private static func whistle(ms: Int) -> [Int16] {
        (0..<rateHz * ms / 1_000).map { $0 % 16 < 8 ? 20_000 : -20_000 }
    }

    // MARK: - Many terminals

    /// Of each round: key to the last terminal's first sample, and from the first terminal's to the last's.
    private static func crowd(
        _ cells: Int, rounds: Int, lossPercent: Int
    ) throws(Fault) -> (last: [UInt64], skews: [UInt64], processorPercent: Double) {
        let stage = PageStage(rateHz: rateHz)
        stage.start()
        defer { stage.stop() }
        let crowd = try PageCrowd(cells: cells, lossPercent: lossPercent) { _ in
            PageDesk.Ears(add: { voice, _ in stage.add(voice) }, end: { stage.end($0) }, others: { _ in nil })
        }
        defer { crowd.end() }
        var (last, skews): ([UInt64], [UInt64]) = ([], [])
        let (begunNs, begunCPU) = (wp_uptime_ns(), wp_processor_ns())
        for _ in 0..<rounds {
            // What waits in the receivers of the page before is played to its end.
            let restedNs = wp_uptime_ns() + 400_000_000
            crowd.run { wp_uptime_ns() >= restedNs }
            _ = stage.takeStarts()
            let key = try crowd.page(whistle(ms: 1_000), isEmergency: lossPercent > 0)
            crowd.run { crowd.isOver }
            let starts = stage.takeStarts()
            // Who did not hear it counts as for ever.
            guard starts.count == cells, let first = starts.min(), let end = starts.max() else {
                last.append(never)
                skews.append(never)
                continue
            }
            last.append(end - key)
            skews.append(end - first)
        }
        let share = Double(wp_processor_ns() - begunCPU) / Double(wp_uptime_ns() - begunNs)
        return (last, skews, share * 100)
    }

    // MARK: - One terminal with its card

    private static func keyToSound(_ rounds: Int, overRoutine: Bool) throws(Fault) -> [UInt64] {
        let card = SimulatedCard()
        let cards = [SimulatedCard(), card]
        let speakers = cards.map { Speaker(.simulated($0), rateHz: rateHz) }
        for speaker in speakers { speaker.start() }
        defer { for speaker in speakers { speaker.stop() } }
        let crowd = try PageCrowd(cells: 1) { PageDesk.Ears(speakers[$0]) }
        defer { crowd.end() }
        let routine = Sound((0..<rateHz).map { Int16($0 % 40 * 100 - 2_000) }, repeats: true)
        if overRoutine { speakers[1].play(routine, as: 1, rank: .routine) }
        var found: [UInt64] = []
        for _ in 0..<rounds {
            let restedNs = wp_uptime_ns() + 250_000_000
            crowd.run { wp_uptime_ns() >= restedNs }
            let key = try crowd.page(whistle(ms: 150), isEmergency: overRoutine)
            var heard: UInt64?
            crowd.run {
                if heard == nil {
                    let count = Int((wp_uptime_ns() - key) / 1_000) * rateHz / 1_000_000
                    let air = card.loudspeaker.listen(fromNs: key, count: count, rateHz: rateHz)
                    heard = air.firstIndex { abs(Int($0)) > 10_000 }.map {
                        UInt64($0 * 1_000_000_000 / rateHz)
                    }
                }
                return crowd.isOver
            }
            found.append(heard ?? never)
        }
        return found
    }

    private static let never: UInt64 = 60_000_000_000
}
