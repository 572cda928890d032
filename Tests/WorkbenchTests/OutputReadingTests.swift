// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing
import Workbench

@testable import GPIO

/// A line that changed at these milliseconds, first to on, seen at `now`.
private func reading(_ times: [Int], now: Int) -> OutputReading {
    let changes = times.enumerated().map { index, ms in
        SimulatedBoard.OutputChange(
            index: UInt64(index + 1), line: 0, active: index % 2 == 0,
            at: Uptime(nanoseconds: 0).advanced(ms: ms))
    }
    return OutputReading(
        active: changes.last?.active ?? false, changedAt: changes.last?.at ?? Uptime(nanoseconds: 0),
        changes: changes,
        now: Uptime(nanoseconds: 0).advanced(ms: now))
}

@Test(arguments: [
    ([0, 125, 250], 300, OutputPattern.fastBlink), ([0, 90, 215, 340], 400, .fastBlink),
    ([0, 1_000, 2_000], 2_100, .slowBlink), ([0], 1_300, .steady), ([0, 125, 250], 2_000, .steady),
    ([0, 125], 2_000, .off), ([], 5_000, .off),
])
func pattern_isNamed_whenTheChangesProveIt(times: [Int], now: Int, pattern: OutputPattern) {
    #expect(reading(times, now: now).pattern == pattern)
}

@Test(arguments: [([0], 300), ([0, 125], 200), ([0, 1_000], 1_100), ([0, 125, 700], 800)])
func pattern_isUnknown_whenTheLookWasTooShort(times: [Int], now: Int) {
    #expect(reading(times, now: now).pattern == nil)
}
