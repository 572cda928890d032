// SPDX-License-Identifier: Apache-2.0
import CLinux
import Foundation
import Synchronization
package import Testing

/// For what is judged by the clock: a round that failed after the machine itself had stood still says nothing
/// of the product. It is said in the log and played again, once the machine is calm; the last round is judged
/// whatever the machine did, and a failure on a machine that ran is a failure at once.
package struct RealTimeTrait: SuiteTrait, TestTrait, TestScoping {
    private static let rounds = 6
    /// Two frames of voice: what the shortest jitter buffer holds.
    private static let stillMs = 20

    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        for round in 1..<Self.rounds {
            let watch = StillWatch()
            defer { watch.end() }
            let isVoid = Atomic(false)
            let sieve = IssueHandlingTrait.compactMapIssues { issue in
                guard watch.longestMs >= Self.stillMs else { return issue }
                isVoid.store(true, ordering: .relaxed)
                return nil
            }
            do {
                try await sieve.provideScope(for: test, testCase: testCase, performing: function)
            } catch {
                guard watch.longestMs >= Self.stillMs else { throw error }
                isVoid.store(true, ordering: .relaxed)
            }
            guard isVoid.load(ordering: .relaxed) else { return }
            print("\(test.name): round \(round) failed, the machine stood still for \(watch.longestMs) ms")
            Self.waitForCalm()
        }
        try await function()
    }

    /// A second in which nothing stood still; after half a minute without one it goes on all the same.
    private static func waitForCalm() {
        for _ in 0..<30 {
            let watch = StillWatch()
            _ = poll(nil, 0, 1_000)
            watch.end()
            if watch.longestMs < stillMs { return }
        }
    }
}

extension Trait where Self == RealTimeTrait {
    package static var realTime: Self { Self() }
}

/// A thread that wants to run every 5 ms, and how late it was at the worst.
private final class StillWatch: Sendable {
    private let longestNs = Atomic<UInt64>(0)
    private let isEnded = Atomic(false)

    var longestMs: Int { Int(longestNs.load(ordering: .relaxed) / 1_000_000) }

    init() {
        Thread.detachNewThread { [self] in
            while !isEnded.load(ordering: .relaxed) {
                let due = wp_uptime_ns() + 5_000_000
                _ = poll(nil, 0, 5)
                longestNs.max(wp_uptime_ns() - due, ordering: .relaxed)
            }
        }
    }

    func end() { isEnded.store(true, ordering: .relaxed) }
}
