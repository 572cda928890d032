// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Intercom
import Testing

@testable import SoundAgent

struct AnnouncerTests {
    @Test(arguments: NoticeClip.allCases) func notice_isThere_andBeginsAtOnce(clip: NoticeClip) throws {
        let samples = try clip.samples(rateHz: 16_000)
        let loud = try #require(samples.firstIndex { abs(Int($0)) > 600 })
        let loudest = samples.map { abs(Int($0)) }.max() ?? 0
        #expect(loud < 16_000 / 4 && loudest > 8_000)
        // Two languages, and no lecture.
        #expect(3..<10 ~= samples.count / 16_000)
    }

    @Test func everyNotice_hasWordsOrATone() {
        #expect(CallNotice.allCases.filter { NoticeClip($0) == nil } == [.opened])
    }

    @Test func notice_sounds_andNotAfterItIsHushed() {
        let speaker = Speaker(.null, rateHz: 16_000)
        let announcer = Announcer(speaker, as: 9)
        announcer.say([.helpTold, .busy], rank: .alarmCall)
        #expect(eventually(ms: 10_000) { speaker.claims.map(\.id) == [9] })
        announcer.hush()
        #expect(speaker.claims.isEmpty)
        // Hushed before it is unpacked: it is not begun.
        announcer.say([.failed], rank: .alarmCall)
        announcer.hush()
        announcer.say([.busy], rank: .routine)
        #expect(eventually(ms: 10_000) { speaker.claims.map(\.rank) == [.routine] })
    }
}
