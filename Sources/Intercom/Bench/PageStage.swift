// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import CVoiceDSP
import Facility
import Synchronization

/// The loudspeakers of many terminals at once, for measuring: one thread asks each page's voice for its
/// samples as a loudspeaker would, and notes when the first loud one came. Any thread adds and asks.
package final class PageStage: Sendable {
    // SAFETY: touched inside the lock alone.
    private struct Places: @unchecked Sendable {
        var voices: [UInt64: PageHearing] = [:]
        var startedNs: [UInt64: UInt64] = [:]
        var last: UInt64 = 0
    }

    private let places = Mutex(Places())
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
        return places.withLock { places in
            places.last += 1
            places.voices[places.last] = voice
            return places.last
        }
    }

    package func end(_ id: UInt64) { places.withLock { _ = $0.voices.removeValue(forKey: id) } }

    /// When each voice that was added since the last time was first loud, CLOCK_MONOTONIC; then forgotten.
    package func takeStarts() -> [UInt64] {
        places.withLock { places in
            defer { places.startedNs = [:] }
            return Array(places.startedNs.values)
        }
    }

    package var startCount: Int { places.withLock { $0.startedNs.count } }

    private func run() {
        let block = SampleBlock(rateHz * Limits.playoutStepUs / 1_000_000)
        var dueNs = wp_uptime_ns()
        while !isStopped.load(ordering: .acquiring) {
            places.withLock { places in
                for (id, voice) in places.voices {
                    voice.receive()
                    voice.next(block, count: block.capacity)
                    guard places.startedNs[id] == nil,
                        let first = (0..<block.capacity).first(where: { abs(Int(block[$0])) > Int(Self.loud) })
                    else { continue }
                    // As if it were played when its step is due.
                    places.startedNs[id] = dueNs + UInt64(first * 1_000_000_000 / rateHz)
                }
            }
            dueNs += UInt64(Limits.playoutStepUs) * 1_000
            let now = wp_uptime_ns()
            if now > dueNs + 20_000_000 { dueNs = now }
            wp_wait_until_ns(dueNs)
        }
    }
}
