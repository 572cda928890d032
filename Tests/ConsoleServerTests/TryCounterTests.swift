// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import ConsoleServer

struct TryCounterTests {
    private func at(_ ms: Int) -> Uptime { Uptime(nanoseconds: 0).advanced(ms: ms) }

    @Test func tries_areRefused_afterTooManyInTheWindow() {
        let counter = TryCounter(tries: 3, windowMs: 1_000)
        for ms in [0, 10, 20] {
            #expect(counter.waitMs("a", now: at(ms)) == nil)
            counter.failed("a", now: at(ms))
        }
        #expect(counter.waitMs("a", now: at(30)) == 970)
        #expect(counter.waitMs("b", now: at(30)) == nil)
        #expect(counter.waitMs("a", now: at(1_001)) == nil)
    }

    @Test func tries_beginAnew_afterASuccess() {
        let counter = TryCounter(tries: 1, windowMs: 1_000)
        counter.failed("a", now: at(0))
        counter.succeeded("a")
        #expect(counter.waitMs("a", now: at(1)) == nil)
    }
}
