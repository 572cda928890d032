// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc
import Synchronization

/// The line thread's loop, and the executor of the actors that live on it.
///
///     edge, datagram ─ poll ─┐
///     deadline ──────────────┼─> jobs of the actors, in order ─> turn(now) ─> next deadline
///     enqueue ─ eventfd ─────┘
///
/// One thread calls `run` and stays in it until `stop`; everything else may be called from anywhere. Always
/// true: jobs run on that thread alone, in the order in which they came; `turn` runs after every waking.
package final class LineLoop: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var thread: pthread_t?
        var isStopped = false
    }

    private let state = Mutex(State())
    private let wakeDescriptor: Int32

    package init() {
        wakeDescriptor = wp_eventfd()
        precondition(wakeDescriptor >= 0, "no descriptor is left for the line loop")
    }

    deinit { close(wakeDescriptor) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let wasEmpty = state.withLock { state in
            state.jobs.append(job)
            return state.jobs.count == 1
        }
        if wasEmpty { wp_eventfd_wake(wakeDescriptor) }
    }

    package func checkIsolated() {
        precondition(isOnThread, "this belongs to the line thread")
    }

    package func isIsolatingCurrentContext() -> Bool? { isOnThread }

    /// The caller is the thread that `run` holds.
    package var isOnThread: Bool {
        state.withLock { $0.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    /// Lets `run` return after the turn it is in. A loop that was stopped does not run again.
    package func stop() {
        state.withLock { $0.isStopped = true }
        wp_eventfd_wake(wakeDescriptor)
    }

    /// Lets `run` take another turn at once.
    package func wake() { wp_eventfd_wake(wakeDescriptor) }

    /// Holds the calling thread until `stop`. `turn` is called once at the start and after every waking; it
    /// gets the time and which of the descriptors, by place, are ready (readable or in error), and returns
    /// when it wants to be called again at the latest, `nil` for never.
    package func run(
        descriptors: () -> [Int32], turn: (_ now: Uptime, _ isReady: (_ place: Int) -> Bool) -> Uptime?
    ) {
        state.withLock { state in
            precondition(state.thread == nil, "a loop has one thread")
            state.thread = pthread_self()
        }
        wp_timer_slack_ns(1)
        var deadline: Uptime? = Uptime(nanoseconds: 0)
        var polled: [Int32] = []
        var bits: [Int16] = []
        while !state.withLock({ $0.isStopped }) {
            polled.removeAll(keepingCapacity: true)
            polled.append(wakeDescriptor)
            polled.append(contentsOf: descriptors())
            precondition(polled.count <= Limits.loopDescriptorsMaxCount + 1, "too many descriptors")
            if bits.count < polled.count { bits = Array(repeating: 0, count: polled.count) }
            let count = wp_poll(polled, &bits, polled.count, Self.wait(until: deadline))
            if count > 0, bits[0] != 0 { wp_eventfd_drain(wakeDescriptor) }
            runJobs()
            deadline = turn(Uptime(nanoseconds: wp_uptime_ns())) { count > 0 && bits[$0 + 1] != 0 }
        }
        runJobs()
        state.withLock { $0.thread = nil }
    }

    private static func wait(until deadline: Uptime?) -> Int64 {
        guard let deadline else { return -1 }
        let now = wp_uptime_ns()
        return deadline.nanoseconds > now ? Int64(clamping: deadline.nanoseconds - now) : 0
    }

    /// Runs what waits now; jobs that these add wait for the next round, after the lines.
    private func runJobs() {
        let waiting = state.withLock { state in
            let jobs = state.jobs
            state.jobs.removeAll(keepingCapacity: jobs.isEmpty)
            return jobs
        }
        for job in waiting { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
}
