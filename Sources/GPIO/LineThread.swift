// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A thread of its own for a loop, where the caller has another use for its own (tests, the demo, benches).
/// Any thread starts and joins it. The daemons run the loop on their main thread.
package struct LineThread: Sendable {
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
    package init(_ name: String, _ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        // SAFETY: the pointer carries one retain of the body over to the thread, which takes it back at once.
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                wp_thread_name(String(body.name.prefix(15)))
                body.run()
                return nil
            }, Unmanaged.passRetained(Body(name: name, run: body)).toOpaque())
        precondition(result == 0, "no thread is left for the line loop")
        self.thread = thread
    }

    /// Waits until the body returned; once.
    package func join() { pthread_join(thread, nil) }
}
