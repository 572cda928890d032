// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import PanelLink

private let lostMs = Limits.peerLostMs

/// Heartbeats of one peer, and what is told of it by when.
private struct Story: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// When a heartbeat comes, and whether it says that it hears us.
    let heard: [(ms: Int, hearsYou: Bool)]
    let untilMs: Int
    /// State and the earliest time of its telling; it may be `peerScanMs` later.
    let told: [(state: PeerState, ms: Int)]
}

private func beats(_ range: StrideTo<Int>, hearsYou: Bool = true) -> [(ms: Int, hearsYou: Bool)] {
    range.map { ($0, hearsYou) }
}

private let stories = [
    Story(testDescription: "never heard", heard: [], untilMs: 20_000, told: [(.lost, lostMs)]),
    Story(
        testDescription: "steady", heard: beats(stride(from: 100, to: 20_000, by: 2_000)), untilMs: 20_000,
        told: [(.alive, 100)]),
    Story(
        testDescription: "falls silent and returns",
        heard: beats(stride(from: 100, to: 4_200, by: 2_000)) + [(15_000, true)], untilMs: 20_000,
        told: [(.alive, 100), (.lost, 4_100 + lostMs), (.alive, 15_000)]),
    Story(
        testDescription: "does not hear us",
        heard: beats(stride(from: 100, to: 20_000, by: 2_000), hearsYou: false) + [(20_100, true)],
        untilMs: 22_000, told: [(.alive, 100), (.oneWay, 100 + lostMs), (.alive, 20_100)]),
    Story(
        testDescription: "misses us for a moment only",
        heard: [(100, true), (2_000, false), (4_000, false), (6_000, true), (8_000, false), (10_000, true)],
        untilMs: 12_000, told: [(.alive, 100)]),
    Story(
        testDescription: "deaf, then silent",
        heard: beats(stride(from: 100, to: 9_000, by: 2_000), hearsYou: false),
        untilMs: 20_000, told: [(.alive, 100), (.oneWay, 100 + lostMs), (.lost, 8_100 + lostMs)]),
    Story(
        testDescription: "returns deaf after a silence",
        heard: [(100, false), (12_000, false), (14_000, false)],
        untilMs: 18_000, told: [(.alive, 100), (.lost, 100 + lostMs), (.alive, 12_000)]),
    Story(
        testDescription: "comes in the last moment of the grace", heard: [(lostMs - 1, true)],
        untilMs: 10_000,
        told: [(.alive, lostMs - 1)]),
]

@Test(arguments: stories)
private func watch_tellsEachChangeOnce_andInTime(story: Story) {
    var watch = PeerWatch(peers: [postA], now: at(ms: 0))
    var told: [(state: PeerState, ms: Int)] = []
    var heard = story.heard[...]
    for ms in 0...story.untilMs {
        while let next = heard.first, next.ms == ms {
            watch.heard(postA, heardUsMs: next.hearsYou ? 0 : .max, now: at(ms: ms))
            heard.removeFirst()
        }
        told += watch.elapsed(at(ms: ms)).map { ($0.state, ms) }
    }
    #expect(told.map(\.state) == story.told.map(\.state))
    for (got, wanted) in zip(told, story.told) {
        #expect(got.ms >= wanted.ms && got.ms <= wanted.ms + Limits.peerScanMs)
    }
}

@Test func watch_beatsForEachPeerEachPeriod_withoutABurst() {
    let peers = (0..<500).map { TerminalID("cell-\($0)")! }
    var watch = PeerWatch(peers: peers, now: at(ms: 0))
    var beats: [TerminalID: [Int]] = [:]
    for ms in 0..<20_000 {
        let due = watch.heartbeatsDue(at(ms: ms))
        if due.count > 1 { Issue.record("a burst of \(due.count)") }
        for peer in due { beats[peer, default: []].append(ms) }
    }
    #expect(beats.count == 500)
    for times in beats.values {
        #expect(times.count == 20_000 / Limits.heartbeatMs)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == Limits.heartbeatMs })
    }
}

@Test func watch_beatsOnceForEach_whenATurnCameLate() {
    var watch = PeerWatch(peers: [postA, postB], now: at(ms: 0))
    #expect(watch.heartbeatsDue(at(ms: 30_000)) == [postA, postB])
    #expect(watch.heartbeatsDue(at(ms: 30_001)).isEmpty)
    #expect(watch.heartbeatsDue(at(ms: 30_002)) == [postB])
    #expect(watch.heartbeatsDue(at(ms: 31_000)) == [postA])
}

@Test func watch_needsNoTurnBeforeItsDeadline() {
    var watch = PeerWatch(peers: [postA, postB, postC], now: at(ms: 0))
    var polled = watch
    for ms in 0..<30_000 {
        let now = at(ms: ms)
        if ms % 3_000 == 0, ms < 12_000 {
            watch.heard(postA, heardUsMs: 0, now: now)
            polled.heard(postA, heardUsMs: 0, now: now)
        }
        let due = now >= watch.deadline
        let changes = due ? watch.elapsed(now) : []
        let beats = due ? watch.heartbeatsDue(now) : []
        let same = polled.elapsed(now) == changes && polled.heartbeatsDue(now) == beats
        if !same { Issue.record("another answer at \(ms) ms") }
    }
}

@Test func watch_showsNeverAndAges_untilHeard() {
    var watch = PeerWatch(peers: [postA, postB, postA], now: at(ms: 0))
    watch.heard(postA, heardUsMs: 0, now: at(ms: 8_000))
    watch.heard(cell, heardUsMs: 0, now: at(ms: 8_000))
    _ = watch.elapsed(at(ms: 8_000))
    #expect(
        watch.statuses(now: at(ms: 9_000)) == [
            PeerStatus(terminal: postA, state: .alive, lastHeardMs: 1_000),
            PeerStatus(terminal: postB, state: .never, lastHeardMs: .max),
        ])
    #expect(
        watch.lastHeardMs(postA, now: at(ms: 9_000)) == 1_000
            && watch.lastHeardMs(postB, now: at(ms: 9_000)) == .max)
}
