// SPDX-License-Identifier: Apache-2.0
import ConsoleServer
import Facility
import NIOHTTP1
import TestBoard
import Testing

@testable import HubServer

struct RefusalCounterTests {
    @Test func refusals_areSummed_beyondTheFirstFew() {
        let counter = RefusalCounter()
        let now = Uptime.ms(1)
        let written = (0..<1_000).filter { _ in counter.isWritten("10.0.0.9", now: now) }.count
        #expect(written == Limits.refusalsPerSourceCount)
        #expect(counter.isWritten("10.0.0.8", now: now), "another source has words of its own")
        #expect(counter.sums(now: .ms(Limits.refusalsWindowMs)).isEmpty, "the minute is not over")
        let sums = counter.sums(now: .ms(1 + Limits.refusalsWindowMs))
        #expect(sums.map(\.source) == ["10.0.0.9"] && sums.map(\.count) == [1_000 - written])
        #expect(counter.isWritten("10.0.0.9", now: .ms(2 + Limits.refusalsWindowMs)))
    }

    @Test func entries_stayFew_whateverManySourcesDo() {
        let counter = RefusalCounter()
        var written = 0
        for number in 0..<100_000 where counter.isWritten("\(number)", now: .ms(1)) { written += 1 }
        #expect(written == Limits.refusalsPerMinuteCount)
        let sums = counter.sums(now: .ms(1 + Limits.refusalsWindowMs))
        #expect(sums.count == Limits.refusalSourcesMaxCount + 1)
        #expect(sums.reduce(0) { $0 + $1.count } == 100_000 - written, "nothing is without a trace")
    }

    @Test func audit_namesWhoKnocked_andDoesNotGrow() async throws {
        try await TestHub.run { hub in
            let browser = try TestBrowser(hub)
            for _ in 0..<20 { #expect(try await browser.ask(.GET, "/api/alarms").status == 401) }
            _ = try await browser.signIn("nobody", "guess")
            let entries = try await hub.parts.store.read { try $0.audit(from: 1, limit: 100) }
            #expect(entries.count == Limits.refusalsPerSourceCount)
            #expect(
                entries.allSatisfy { $0.what == "request.refused" || $0.what == "view.alarms" }
                    && entries.allSatisfy { $0.outcome == "signedOut" })
            try await browser.close()
        }
    }
}
