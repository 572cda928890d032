// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Starts a thread of its own for a loop, where the caller has another use for its own (tests, the demo,
/// benches). The daemons run the loop on their main thread.
package enum LineThread {
    private final class Body {
        let name: String
        let run: @Sendable () -> Void
        let ended: AsyncStream<Never>.Continuation

        init(name: String, run: @escaping @Sendable () -> Void, ended: AsyncStream<Never>.Continuation) {
            self.name = name
            self.run = run
            self.ended = ended
        }
    }

    /// The task ends when the body returned. `top -H` shows the first 15 characters of `name`.
    @discardableResult
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Task<Void, Never> {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        let box = Body(name: name, run: body, ended: continuation)
        var thread = pthread_t()
        // SAFETY: the pointer carries one retain of the box over to the thread, which takes it back at once.
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let box = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                wp_thread_name(box.name)
                box.run()
                box.ended.finish()
                return nil
            }, Unmanaged.passRetained(box).toOpaque())
        precondition(result == 0, "no thread is left for the line loop")
        pthread_detach(thread)
        return Task { for await _ in stream {} }
    }
}
