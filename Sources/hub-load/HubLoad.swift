// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import Glibc
import SyncAgent

/// The course of a load: all join by one-time codes, live for a while, and are all pressed at once.
///
///     join ─> connect ─> beat every syncProofMs, a health entry every 10 s, `rate` alarms a second
///          └─> one page follows the wall: post begun → on the page          └─> storm: all within 100 ms
///
/// A value; its tasks end with `run`. All times are this machine's one monotonic clock.
struct HubLoad: Sendable {
    let hub: String
    let folder: String
    let terminals: Int
    let seconds: Int
    let rate: Int
    let connections: Int

    func run(technician: String, watcher: String, password: String) async throws {
        let began = Uptime.now
        let desk = try await ConsoleSession.begin(hub, name: technician, password: password)
        let joined = try await all(width: 4) { number in
            let name = "cell-\(number + 1)"
            return try await join(name, desk)
        }
        await desk.end()
        say("joined", joined.count)
        say("join_ms", Uptime.now.ms(since: began))

        let page = try await ConsoleSession.begin(hub, name: watcher, password: password)
        let wall = WallPage()
        let following = Task { try await page.follow(wall) }
        let connecting = Uptime.now
        let played = try await all(width: 16) { number in
            let terminal = try LoadTerminal(joined[number], connections: connections)
            try await terminal.connect()
            return terminal
        }
        say("connect_ms", Uptime.now.ms(since: connecting))
        say("connections", terminals * connections)
        let living = played.map { terminal in Task { await terminal.live() } }
        await tell("steady", await alarms(played, until: Uptime.now.advanced(ms: seconds * 1_000)), wall)
        say("steady_end", 0)

        _ = try await all(width: 16) { number in await played[number].clear() }
        let storm = Uptime.now
        let raised = await withTaskGroup(of: Raised?.self) { group in
            for (place, terminal) in played.enumerated() {
                group.addTask {
                    // All within a tenth of a second, in the order of chance.
                    try? await Task.sleep(for: .milliseconds(place * 7_919 % 100))
                    return await terminal.raise()
                }
            }
            return await group.reduce(into: [Raised]()) { all, one in if let one { all.append(one) } }
        }
        await tell("storm", raised, wall, since: storm)
        say("storm_posted", raised.count)
        var trouble: [String: Int] = [:]
        var beats: [Int] = []
        for terminal in played {
            for (what, count) in await terminal.trouble { trouble[what, default: 0] += count }
            beats += await terminal.beatUs
        }
        say("beats", beats.count)
        say("beat_p99_us", Self.percentile(beats, 99))
        say("failures", trouble.values.reduce(0, +))
        for (what, count) in trouble.sorted(by: { $0.value > $1.value }).prefix(3) {
            let line = Array("hub-load: \(count) × \(what)\n".utf8)
            _ = write(STDERR_FILENO, line, line.count)
        }
        say("end", 0)
        for task in living { task.cancel() }
        following.cancel()
        // Thousands of connections are closed quickest by the end of the process.
        exit(0)
    }

    // MARK: Phases

    private func join(_ name: String, _ desk: ConsoleSession) async throws -> HubIdentity {
        let code = try await desk.code(for: name)
        return try await Joining.join(hub, code: code, serial: name, directory: "\(folder)/\(name)")
    }

    /// One after the other at the given rate, on terminals by turns; each is cleared by the next of its
    /// terminal.
    private func alarms(_ played: [LoadTerminal], until end: Uptime) async -> [Raised] {
        var raised: [Raised] = []
        var number = 0
        let began = Uptime.now
        await withTaskGroup(of: Raised?.self) { group in
            // Not cancelled but ended: a request that is given up may still be taken.
            while Uptime.now < end {
                let terminal = played[number * 7_919 % played.count]
                group.addTask { await terminal.raise() }
                number += 1
                let nextAt = began.advanced(ms: number * 1_000 / rate)
                try? await Task.sleep(for: .milliseconds(max(0, nextAt.ms(since: .now))))
            }
            for await one in group { if let one { raised.append(one) } }
        }
        return raised
    }

    /// How long from the post's beginning to the page; waits a while for what is under way.
    private func tell(
        _ name: String, _ raised: [Raised], _ wall: WallPage, since: Uptime? = nil
    ) async {
        let giveUpAt = Uptime.now.advanced(ms: 10_000)
        while Uptime.now < giveUpAt, !raised.allSatisfy({ wall.seenAt($0.alarm) != nil }) {
            try? await Task.sleep(for: .milliseconds(10))
        }
        let seen = raised.compactMap { one in wall.seenAt(one.alarm).map { LoadTerminal.us(one.at, $0) } }
        say("\(name)_alarms", raised.count)
        say("\(name)_unseen", raised.count - seen.count)
        for percent in [50, 99, 100] { say("\(name)_p\(percent)_us", Self.percentile(seen, percent)) }
        guard let since else { return }
        let last = raised.compactMap { wall.seenAt($0.alarm) }.max() ?? since
        say("\(name)_all_shown_ms", last.ms(since: since))
    }

    static func percentile(_ values: [Int], _ percent: Int) -> Int {
        guard !values.isEmpty else { return 0 }
        let rank = (values.count * percent + 99) / 100
        return values.sorted()[min(max(rank, 1), values.count) - 1]
    }

    private func say(_ name: String, _ value: Int) {
        let line = Array("\(name) \(value)\n".utf8)
        _ = write(STDOUT_FILENO, line, line.count)
    }

    /// For each terminal, so many at once; the results in order.
    private func all<Result: Sendable>(
        width: Int, _ body: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> [Result] {
        var results: [Int: Result] = [:]
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            for number in 0..<min(width, terminals) { group.addTask { (number, try await body(number)) } }
            var next = width
            while let (number, result) = try await group.next() {
                results[number] = result
                if next < terminals {
                    let number = next
                    group.addTask { (number, try await body(number)) }
                }
                next += 1
            }
        }
        return (0..<terminals).compactMap { results[$0] }
    }
}

/// An alarm that was raised, and when its request began.
struct Raised: Sendable {
    let alarm: String
    let at: Uptime
}
