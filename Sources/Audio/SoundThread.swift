// SPDX-License-Identifier: Apache-2.0
import CLinux
import CVoiceDSP
import Glibc

/// A named thread of sound: before all ordinary ones where the system allows it. Any thread starts and joins
/// it.
package struct SoundThread: Sendable {
    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    private let thread: pthread_t

    /// Begins to run `body`. `top -H` shows the first 15 characters of `name`.
    package init(_ name: String, urgent: Bool = true, _ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let start = Body(name: name) {
            if urgent { Self.hurry() }
            wp_timer_slack_ns(1)
            body()
        }
        // SAFETY: the pointer carries one retain of the body over to the thread, which takes it back at once.
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                wp_thread_name(String(body.name.prefix(15)))
                body.run()
                return nil
            }, Unmanaged.passRetained(start).toOpaque())
        precondition(result == 0, "no thread is left for sound")
        self.thread = thread
    }

    /// The calling thread goes before all ordinary ones from here on.
    package static func hurry() { _ = wp_thread_urgent() }

    /// Waits until the body returned; once.
    package func join() { pthread_join(thread, nil) }

    /// Holds the calling thread, by a clock that never steps.
    package static func pause(ms: Int) { wp_wait_until_ns(wp_uptime_ns() + UInt64(ms) * 1_000_000) }
}
