// SPDX-License-Identifier: Apache-2.0
import GPIO
import Glibc
import Synchronization
import Testing

struct LineThreadTests {
    @Test func body_runsOnAnotherThread_whenStarted() {
        final class Seen: Sendable { let thread = Mutex<pthread_t?>(nil) }
        let seen = Seen()
        LineThread("a name longer than the kernel keeps") {
            seen.thread.withLock { $0 = pthread_self() }
        }.join()
        #expect(seen.thread.withLock { $0 } != nil && seen.thread.withLock { $0 } != pthread_self())
    }
}
