// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import TestBoard
import Testing

@testable import Sync

struct TimeTextTests {
    private func text(_ wallMs: Int64) -> String {
        var text = WireText(capacity: TimeText.count)
        TimeText.put(wallMs: wallMs, to: &text)
        return String(decoding: text.taken(), as: UTF8.self)
    }

    @Test func time_isTheStandards_whateverTheDay() {
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        var dice = Chance(seed: 2)
        var walls: [Int64] = [0, 951_782_400_000, 951_868_799_999, 4_107_542_400_000, 253_402_300_799_999]
        for _ in 0..<1_000 { walls.append(Int64(dice.next() % 253_402_300_800_000)) }
        for wallMs in walls {
            let seconds = Date(timeIntervalSince1970: TimeInterval(wallMs / 1_000))
            let whole = seconds.formatted(format).dropLast(4)
            #expect(text(wallMs).hasPrefix(whole) && text(wallMs).count == TimeText.count)
        }
        #expect(text(someWallMs) == "2026-11-22T07:09:52.123Z")
    }

    @Test func time_isNotTold_whenItIsUnknownOrWild() {
        for (wallMs, uncertaintyMs, isTellable) in [
            (someWallMs, 5, true), (someWallMs, Limits.wallUnknownMs, false), (-1, 5, false),
            (253_402_300_800_000, 5, false),
        ] as [(Int64, UInt32, Bool)] {
            let at = Moment(uptime: .zero, wallMs: wallMs, uncertaintyMs: uncertaintyMs)
            #expect(TimeText.isTellable(at) == isTellable)
        }
    }
}
