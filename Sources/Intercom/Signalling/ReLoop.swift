// SPDX-License-Identifier: Apache-2.0
import CLinux
import CRe
package import Facility
import Glibc
import Synchronization

/// libre's loop, and the executor of the actors that live on it.
///
///     datagram, connection ── libre ─┐
///     enqueue ── eventfd ────────────┼─> one thread: jobs of the actors, callbacks of libre
///     watched descriptor, timer ─────┘
///
/// One thread calls `run` and stays in it until `stop`, then ends before the process does: libre's thread
/// must not outlive main. Everything else may be called from anywhere. Always true: jobs run there alone,
/// in the order in which they came.
package final class ReLoop: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var thread: pthread_t?
        var isStopped = false
        var started: pthread_t?
    }

    private let state = Mutex(State())
    private let bell: Int32

    package init() {
        bell = wp_eventfd()
        precondition(bell >= 0, "no descriptor is left for the signalling loop")
    }

    deinit { close(bell) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let wasEmpty = state.withLock { state in
            state.jobs.append(job)
            return state.jobs.count == 1
        }
        if wasEmpty { wp_eventfd_wake(bell) }
    }

    package func checkIsolated() { precondition(isOnThread, "this belongs to the signalling thread") }

    package func isIsolatingCurrentContext() -> Bool? { isOnThread }

    package var isOnThread: Bool {
        state.withLock { $0.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    /// Holds the calling thread until `stop`. `begin` runs on it first.
    package func run(begin: () throws(Fault) -> Void) throws(Fault) {
        let error = cre_loop_begin()
        guard error == 0 else { throw Self.fault("start signalling", error) }
        defer { cre_loop_end() }
        state.withLock { $0.thread = pthread_self() }
        defer { state.withLock { $0.thread = nil } }
        let watched = cre_watch(
            bell,
            { context in
                guard let context else { return }
                Unmanaged<ReLoop>.fromOpaque(context).takeUnretainedValue().runJobs()
            }, Unmanaged.passUnretained(self).toOpaque())
        guard watched == 0 else { throw Self.fault("watch the signalling loop's bell", watched) }
        defer { cre_unwatch(bell) }
        try begin()
        runJobs()
        while !state.withLock({ $0.isStopped }) {
            let ended = cre_loop_run()
            guard ended == 0 || ended == EINTR else { throw Self.fault("run signalling", ended) }
        }
        runJobs()
    }

    /// Lets `run` return. Any thread.
    package func stop() {
        state.withLock { $0.isStopped = true }
        wp_eventfd_wake(bell)
    }

    private func runJobs() {
        wp_eventfd_drain(bell)
        let (jobs, isStopped) = state.withLock { state in
            let jobs = state.jobs
            state.jobs.removeAll(keepingCapacity: jobs.isEmpty)
            return (jobs, state.isStopped)
        }
        for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
        if isStopped { cre_loop_stop() }
    }

    static func fault(_ operation: String, _ error: Int32) -> Fault {
        Fault(
            operation, at: "libre", cause: String(cString: strerror(error)),
            hint: "See memory and open files of this process, then start watchpost-sound again.")
    }
}

extension ReLoop {
    /// Runs the loop on a thread of its own, for tests and benches; `join` waits for its end.
    package func start() {
        var started = pthread_t()
        let failed = pthread_create(
            &started, nil,
            { context in
                guard let context else { return nil }
                let loop = Unmanaged<ReLoop>.fromOpaque(context).takeRetainedValue()
                wp_thread_name("signalling")
                try? loop.run {}
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        precondition(failed == 0, "no thread for signalling")
        state.withLock { $0.started = started }
    }

    package func join() {
        stop()
        let started = state.withLock { state in
            defer { state.started = nil }
            return state.started
        }
        if let started { pthread_join(started, nil) }
    }
}

/// A descriptor of somebody else, or a timer, that wakes code on the loop. Made and ended on its thread.
package final class ReWatch {
    private let descriptor: Int32
    private let isTimer: Bool
    private let ready: () -> Void

    package init(_ descriptor: Int32, ready: @escaping () -> Void) throws(Fault) {
        self.descriptor = descriptor
        self.ready = ready
        isTimer = false
        try watch()
    }

    /// Fires when `set` said.
    package init(timer ready: @escaping () -> Void) throws(Fault) {
        descriptor = cre_timer()
        self.ready = ready
        isTimer = true
        guard descriptor >= 0 else { throw ReLoop.fault("make a timer", errno) }
        try watch()
    }

    private func watch() throws(Fault) {
        let error = cre_watch(
            descriptor,
            { context in
                guard let context else { return }
                let watch = Unmanaged<ReWatch>.fromOpaque(context).takeUnretainedValue()
                if watch.isTimer { cre_timer_drain(watch.descriptor) }
                watch.ready()
            }, Unmanaged.passUnretained(self).toOpaque())
        guard error == 0 else { throw ReLoop.fault("watch a descriptor", error) }
    }

    /// nil: not before it is set again.
    package func set(_ time: Uptime?, now: Uptime) {
        guard isTimer else { return }
        cre_timer_set(
            descriptor,
            time.map { max(1, $0.nanoseconds - min($0.nanoseconds, now.nanoseconds)) } ?? 0)
    }

    package func end() { cre_unwatch(descriptor) }

    deinit { if isTimer { close(descriptor) } }
}
