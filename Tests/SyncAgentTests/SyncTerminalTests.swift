// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import Foundation
import Journal
import NIOPosix
import PanelLink
import TestBoard
import Testing

@testable import HubServer
@testable import SyncAgent

private let isLong = ProcessInfo.processInfo.environment["WATCHPOST_LONG"] != nil

/// Looks again and again, on a thread that may wait.
func becomes(_ isSo: @escaping @Sendable () async throws -> Bool) async throws -> Bool {
    let threads = NIOThreadPool(numberOfThreads: 1)
    threads.start()
    let end = Uptime.now.advanced(ms: 120_000)
    var holds = try await isSo()
    while !holds, Uptime.now < end {
        try await threads.runIfActive { pause(ms: 50) }
        holds = try await isSo()
    }
    try await threads.shutdownGracefully()
    return holds
}

/// The script against the desk of a real sync process, then the same hub without it: what is then in the hub
/// is what the journal says, every entry once, in its order.
private func play(alarm: [Misdeed], rest: [Misdeed]) async throws {
    let joined = try await TestJoined()
    joined.grow()
    let script = BadScript(alarm: alarm, rest: rest, grow: { joined.grow() })
    let bad = try await BadHub(joined.parts, port: joined.port, script: script)
    try await joined.syncing {
        for await _ in script.ended {}
        #expect(bad.trappedCount == 0, "a redirect was followed")
        try await bad.close()
        for misdeed in Set(alarm + rest) {
            #expect(script.played[misdeed] == (alarm + rest).count { $0 == misdeed }, "\(misdeed)")
        }
        joined.grow()
        let good = Task { try await joined.hub.run(endsOnSignals: false) { _, _ in } }
        #expect(try await becomes { try await joined.isLevel() })
        good.cancel()
        _ = try? await good.value
    }
    var fold: [EventID: AlarmRecord] = [:]
    for stream in Facility.Stream.allCases {
        let (told, stored) = try await joined.entries(stream)
        #expect(told == stored, "\(stream)")
        for entry in told where stream == .alarm {
            guard case .annunciation(let news)? = try? Message(decoding: entry.event.payload) else {
                continue
            }
            fold[news.record.id] = fold[news.record.id]?.merged(with: news.record) ?? news.record
        }
    }
    let open = try await joined.parts.store.read { try $0.openAlarms() }
    #expect(Dictionary(uniqueKeysWithValues: open.map { ($0.record.id, $0.record) }) == fold)
    #expect(!fold.isEmpty)
}

struct SyncTerminalTests {
    @Test func hub_hasWhatTheJournalHas_afterEveryMisdeedOfABadHub() async throws {
        // The silent one alone holds up its lane for 10 s, so the others are played to the other.
        var dice = SeededGenerator(seed: .random(in: 1 ... .max))
        try await play(
            alarm: Misdeed.allCases.filter { $0 != .silence }.shuffled(using: &dice), rest: [.silence])
    }

    @Test(.enabled(if: isLong, "WATCHPOST_LONG=1: minutes"))
    func hub_hasWhatTheJournalHas_afterHundredsOfMisdeeds() async throws {
        var dice = SeededGenerator(seed: .random(in: 1 ... .max))
        // After 410 the other lane rests for five minutes; a silence holds its lane for ten seconds.
        let quick = Misdeed.allCases.filter { $0 != .silence && $0 != .gone }
        let alarm = (0..<20).flatMap { _ in quick } + [.gone, .gone, .silence]
        let rest = (0..<20).flatMap { _ in quick.filter { $0 != .reset } } + [.silence, .silence]
        try await play(alarm: alarm.shuffled(using: &dice), rest: rest.shuffled(using: &dice))
    }
}
