// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct ZoneOffsetsTests {
    let zone = Samples.berlin

    private func reading(_ day: String, _ time: String) -> ZoneOffsets.Reading {
        zone.reading(of: CivilDay(day)!.localStart + Int64(ClockTime(time)!.seconds))
    }

    @Test func times_areOnceTwiceOrNever_asTheClocksGo() {
        #expect(reading("2026-03-29", "01:59:59") == .once(1_774_745_999))
        #expect(reading("2026-03-29", "02:00") == .never(gapEnd: 1_774_746_000, shifted: 1_774_746_000))
        #expect(reading("2026-03-29", "02:30") == .never(gapEnd: 1_774_746_000, shifted: 1_774_747_800))
        #expect(reading("2026-03-29", "03:00") == .once(1_774_746_000))
        #expect(reading("2026-10-25", "01:59:59") == .once(1_792_886_399))
        #expect(reading("2026-10-25", "02:00") == .twice(1_792_886_400, 1_792_890_000))
        #expect(reading("2026-10-25", "03:00") == .once(1_792_893_600))
    }

    @Test func tables_areRefused_whenTheyDoNotRise() {
        #expect(
            ZoneOffsets(name: "x", first: 0, transitions: [.init(at: 5, offset: 0), .init(at: 5, offset: 1)])
                == nil)
        #expect(ZoneOffsets(name: "x", first: 200_000, transitions: []) == nil)
    }
}
