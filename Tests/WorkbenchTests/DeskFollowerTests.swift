// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
import Facility
import Testing
import Workbench

private let cell = TestSite.cell(1)
private let post = TestSite.post(1)

@Test func follower_hearsTheRaise_whenItComesLater() throws {
    try withSite(TestSite.configs(cells: 1, posts: 1)) { stage, _ in
        let ready = eventually(ms: 20_000, every: Limits.stageLookMs) { try? stage.desk(post).status() }
        #expect(ready != nil)
        var follower = DeskFollower(try stage.desk(post))
        // The first ask makes us a follower.
        _ = follower.next(until: .now)
        _ = eventually(ms: 20_000, every: Limits.stageLookMs) { try? stage.desk(cell).status() }
        try stage.press(.emergencyButton, of: cell)
        let heard = eventually(ms: 20_000) { () -> StandingAlarm? in
            for news in follower.next(until: Uptime.now.advanced(ms: 100)) {
                if case .changed(let alarm) = news, alarm.record.alarmClass == .emergency { return alarm }
            }
            return nil
        }
        #expect(heard?.record.point.terminal == cell)
    }
}
