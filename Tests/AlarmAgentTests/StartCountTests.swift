// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Facility
import Glibc
import TestBoard
import Testing

@Suite struct StartCountTests {
    private let path = "/tmp/watchpost-starts-\(UInt64.random(in: 0 ... .max))"

    @Test func starts_areALoop_whenTheyComeOneUponTheOther() {
        defer { unlink(path) }
        for number in 0..<Limits.crashLoopCount {
            #expect(!StartCount(path: path, now: .ms(1_000 * number)).isLooping)
        }
        #expect(StartCount(path: path, now: .ms(1_000 * Limits.crashLoopCount)).isLooping)
        #expect(!StartCount(path: path, now: .ms(10_000 + Limits.crashLoopMs)).isLooping)
    }

    @Test func starts_leadFurtherBack_whenTheyGoOn() {
        defer { unlink(path) }
        let depths = (0..<12).map { StartCount(path: path, now: .ms($0)).depth }
        #expect(depths == [0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2])
    }

    @Test func starts_countFromAnew_whenOneWasGood() {
        defer { unlink(path) }
        for number in 0..<10 {
            let start = StartCount(path: path, now: .ms(number))
            #expect(!start.isLooping)
            start.wasGood()
        }
    }

    @Test func starts_areNotCounted_whenTheDirectoryIsMissing() {
        let start = StartCount(path: "/proc/nowhere/starts", now: .ms(0))
        start.wasGood()
        #expect(!start.isLooping)
    }
}
