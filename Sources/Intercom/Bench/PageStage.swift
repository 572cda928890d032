// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import CVoiceDSP
import Facility
import Synchronization

/// The loudspeakers of many terminals at once, for measuring: one thread asks each page's voice for its
/// samples as a loudspeaker would, and notes when the first loud one came. Any thread
/// adds and asks.
package final class PageStage: Sendable {
    /// What the thread takes up with its next step.
    // SAFETY: a voice is added once and then the thread's; the rest are numbers.
    private struct Inbox: @unchecked Sendable {
        var added: [(id: UInt64, voice: PageHearing)] = []
        var ended: [UInt64] = []
        var last: UInt64 = 0
    }

    private let inbox = Mutex(Inbox())
    private let startedNs = Mutex<[UInt64: UInt64]>([:])
    private let isStopped = Atomic(false)
    private let thread = Mutex<SoundThread?>(nil)
    private let rateHz: Int
    private static let loud: Int16 = 1_000

    package init(rateHz: Int) { self.rateHz = rateHz }

    package func start() { thread.withLock { $0 = SoundThread("wp-stage") { self.run() } } }

    package func stop() {
        isStopped.store(true, ordering: .releasing)
        thread.withLock { $0.take() }?.join()
    }

    package func add(_ voice: sending PageHearing) -> UInt64 {
        // SAFETY: it goes to the stage's thread, and is not touched here any more.
        nonisolated(unsafe) let voice = voice
        return inbox.withLock { inbox in
            inbox.last += 1
            inbox.added.append((inbox.last, voice))
            return inbox.last
        }
    }

    package func end(_ id: UInt64) { inbox.withLock { $0.ended.append(id) } }

    /// When each voice was first loud since the last time, CLOCK_MONOTONIC.
    package func takeStarts() -> [UInt64] {
        startedNs.withLock { starts in
            defer { starts = [:] }
            return Array(starts.values)
        }
    }

    private func run() {
        let block = SampleBlock(rateHz * Limits.playoutStepUs / 1_000_000)
        var voices: [UInt64: PageHearing] = [:]
        var loud: Set<UInt64> = []
        var dueNs = wp_uptime_ns()
        while !isStopped.load(ordering: .acquiring) {
            let news = inbox.withLock { inbox in
                defer { (inbox.added, inbox.ended) = ([], []) }
                return inbox
            }
            for (id, voice) in news.added { voices[id] = voice }
            for id in news.ended { voices[id] = nil }
            for (id, voice) in voices {
                voice.receive()
                voice.next(block, count: block.capacity)
                guard !loud.contains(id),
                    let first = (0..<block.capacity).first(where: { abs(Int(block[$0])) > Int(Self.loud) })
                else { continue }
                loud.insert(id)
                // As if it were played when its step is due.
                let atNs = dueNs + UInt64(first * 1_000_000_000 / rateHz)
                startedNs.withLock { $0[id] = atNs }
            }
            dueNs += UInt64(Limits.playoutStepUs) * 1_000
            let now = wp_uptime_ns()
            if now > dueNs + 20_000_000 { dueNs = now }
            wp_wait_until_ns(dueNs)
        }
    }
}
