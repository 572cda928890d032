// SPDX-License-Identifier: Apache-2.0
import Facility
import Recordings
import TestBoard
import Testing

struct RecordingBudgetTests {
    static let budget = RecordingBudget(budgetBytes: 300, reserveBytes: 100)

    /// 100 bytes each, the oldest first; `s` the hub has.
    static func held(_ pattern: String) -> [RecordingBudget.Held] {
        pattern.enumerated().map { place, letter in
            let call = EventID(terminal: .cell, stream: .call, run: 1, sequence: UInt64(place + 1))
            return RecordingBudget.Held(
                kept: .init(name: RecordingName(call), byteCount: 100, changedS: Int64(place)),
                isSent: letter == "s")
        }
    }

    static func over(_ pattern: String, free: Int64) -> [UInt64] {
        budget.over(held(pattern), freeBytes: free).map { $0.kept.name.call.sequence }
    }

    @Test func oldestOnesTheHubHas_goFirst_whenOverTheBudget() {
        #expect(Self.over("sss", free: 1_000) == [])
        #expect(Self.over("sssss", free: 1_000) == [1, 2])
        #expect(Self.over("-s-ss", free: 1_000) == [2, 4])
    }

    @Test func oneTheHubDoesNotHave_stays_howeverManyThereAre() {
        #expect(Self.over("-------", free: 1_000) == [])
        #expect(Self.over("------s", free: 1_000) == [7])
    }

    @Test func oneTheHubDoesNotHave_goesForTheReserve_afterAllThatItHas() {
        #expect(Self.over("-s-", free: 50) == [2])
        #expect(Self.over("---", free: 50) == [1])
        #expect(Self.over("-s-", free: -1) == [])
        #expect(
            RecordingBudget(budgetBytes: 300, reserveBytes: 250).over(Self.held("-s-"), freeBytes: 0).map(
                \.kept.name.call.sequence) == [2, 1, 3])
    }
}
