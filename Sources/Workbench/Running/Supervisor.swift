// SPDX-License-Identifier: Apache-2.0
import CLinux
import DeskLink
import Dispatch
import Facility
import Foundation
import Synchronization

/// Keeps processes running: each starts again `Limits.restartDelayMs` after it died, until it is told to
/// stop.
///
/// Any thread may ask and tell; a thread of its own ("supervisor") starts, waits and reaps. Always true: no
/// process of ours outlives that thread, not even when we are killed; the thread ends only in `stopAll` or by
/// a stop signal, and then every process has been reaped.
package final class Supervisor: Sendable {
    private struct Entry {
        let program: Program
        var isWanted: Bool
        var pid: Int32?
        var descriptor: Int32 = -1
        var startAt: Uptime?
        var killAt: Uptime?
        var report: Report
    }

    private struct State {
        var order: [String] = []
        var entries: [String: Entry] = [:]
        var isRunning = false
        var isEnding = false
        var endedBySignal: Int32?
    }

    private let state = Mutex(State())
    private let wakeDescriptor = wp_eventfd()
    private let stopSignals: StopSignals?
    private let ended = DispatchGroup()

    /// `stopSignals`: what SIGINT, SIGTERM and SIGHUP do is to stop all; `endedBySignal` then says which one
    /// it was.
    package init(stopSignals: StopSignals? = nil) { self.stopSignals = stopSignals }

    deinit { close(wakeDescriptor) }

    // MARK: - Any thread

    /// Begins the thread. The programs start in this order, all at once.
    package func run(_ programs: [Program]) {
        precondition(
            programs.count <= Limits.supervisedMaxCount, "more programs than Limits.supervisedMaxCount")
        state.withLock { state in
            precondition(!state.isRunning, "a supervisor runs once")
            state.isRunning = true
            for program in programs {
                state.order.append(program.name)
                state.entries[program.name] = Entry(
                    program: program, isWanted: true, startAt: Uptime.now, report: Report(name: program.name))
            }
        }
        ended.enter()
        let thread = Thread { [self] in
            watch()
            ended.leave()
        }
        thread.name = "supervisor"
        thread.start()
    }

    package var reports: [Report] {
        state.withLock { state in state.order.compactMap { state.entries[$0]?.report } }
    }

    package func report(_ name: String) -> Report? { state.withLock { $0.entries[name]?.report } }

    /// The stop signal that ended everything; nil while it runs and after `stopAll`.
    package var endedBySignal: Int32? { state.withLock { $0.endedBySignal } }

    /// Sends a signal to the process group; it is started again when it dies of it. False: not running.
    @discardableResult
    package func kill(_ name: String, _ signal: Int32 = SIGKILL) -> Bool {
        state.withLock { state in
            guard let pid = state.entries[name]?.pid else { return false }
            return wp_signal_group(pid, signal) == 0
        }
    }

    /// Ends it and keeps it down. A process that does not obey is killed after `Limits.stopGraceMs`.
    package func stop(_ name: String, _ signal: Int32 = SIGTERM) {
        state.withLock { Self.stop(&$0.entries[name], signal) }
        wp_eventfd_wake(wakeDescriptor)
    }

    package func start(_ name: String) {
        state.withLock { state in
            guard state.entries[name] != nil, !state.isEnding else { return }
            state.entries[name]?.isWanted = true
            if state.entries[name]?.pid == nil { state.entries[name]?.startAt = Uptime.now }
        }
        wp_eventfd_wake(wakeDescriptor)
    }

    /// Stops every process and returns when all are gone. May be called twice.
    package func stopAll() {
        state.withLock { $0.isEnding = true }
        wp_eventfd_wake(wakeDescriptor)
        ended.wait()
    }

    // MARK: - The supervisor's thread

    private func watch() {
        while true {
            let turn = state.withLock { state -> (names: [String], descriptors: [Int32], timeout: Int64)? in
                if state.isEnding {
                    for name in state.order { Self.stop(&state.entries[name], SIGTERM) }
                }
                for name in state.order { Self.act(&state.entries[name], Uptime.now) }
                if state.isEnding, state.entries.values.allSatisfy({ $0.pid == nil }) { return nil }
                let running = state.order.filter { state.entries[$0]?.pid != nil }
                return (running, running.map { state.entries[$0]?.descriptor ?? -1 }, Self.timeout(state))
            }
            guard let turn else { return }
            var ready = [Int16](repeating: 0, count: turn.descriptors.count + 2)
            let descriptors = turn.descriptors + [wakeDescriptor, stopSignals?.descriptor ?? -1]
            _ = wp_poll(descriptors, &ready, descriptors.count, turn.timeout)
            if ready[turn.descriptors.count] != 0 { wp_eventfd_drain(wakeDescriptor) }
            if ready[turn.descriptors.count + 1] != 0 { takeSignal() }
            state.withLock { state in
                for (name, bits) in zip(turn.names, ready) where bits != 0 {
                    Self.reap(&state.entries[name], Uptime.now)
                }
            }
        }
    }

    private func takeSignal() {
        guard let signal = stopSignals?.next() else { return }
        state.withLock { state in
            state.isEnding = true
            state.endedBySignal = signal
        }
    }

    private static func timeout(_ state: State) -> Int64 {
        let times = state.entries.values.flatMap { [$0.startAt, $0.killAt] }.compactMap { $0 }
        guard let first = times.min() else { return -1 }
        return Int64(first.nanoseconds) - Int64(min(first, .now).nanoseconds)
    }

    private static func stop(_ entry: inout Entry?, _ signal: Int32) {
        guard let was = entry, was.isWanted else { return }
        entry?.isWanted = false
        entry?.startAt = nil
        guard let pid = was.pid else { return }
        _ = wp_signal_group(pid, signal)
        entry?.killAt = Uptime.now.advanced(ms: Limits.stopGraceMs)
    }

    private static func act(_ entry: inout Entry?, _ now: Uptime) {
        if let at = entry?.killAt, at <= now, let pid = entry?.pid {
            _ = wp_signal_group(pid, SIGKILL)
            entry?.killAt = nil
        }
        guard let at = entry?.startAt, at <= now, entry?.pid == nil, let program = entry?.program else {
            return
        }
        entry?.startAt = nil
        do {
            let pid = try program.spawn()
            entry?.pid = pid
            entry?.descriptor = wp_pidfd(pid)
            entry?.report.started(pid: pid, at: now)
        } catch {
            entry?.report.fault = error
            entry?.startAt = now.advanced(ms: Limits.restartDelayMs)
        }
    }

    private static func reap(_ entry: inout Entry?, _ now: Uptime) {
        guard let was = entry, let pid = was.pid else { return }
        var code: Int32 = 0
        let how = wp_reap(pid, &code)
        guard how != 0 else { return }
        // What it started itself goes with it.
        _ = wp_signal_group(pid, SIGKILL)
        close(was.descriptor)
        entry?.pid = nil
        entry?.descriptor = -1
        entry?.killAt = nil
        entry?.report.ended(how == 2 ? .signal(code) : .code(how == 1 ? code : -1), at: now)
        if was.isWanted { entry?.startAt = now.advanced(ms: Limits.restartDelayMs) }
    }
}
