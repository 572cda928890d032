// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import ConsoleServer
import Facility
import Foundation
import Sync
import TestBoard
import Testing

@testable import HubServer

struct WallDeskTests {
    private let clock = HubClock {
        Moment(uptime: .ms(1_000_000), wallMs: 1_800_000_000_000, uncertaintyMs: 1)
    }

    private func alarm(_ record: AlarmRecord) -> HubAlarm {
        HubAlarm(
            record: record, custodian: .cell, raisedMs: 1_800_000_000_000 - 500, raisedUncertaintyMs: 5,
            isHistory: false, changedMs: 0)
    }

    private func news(_ record: AlarmRecord) -> IntakeNews {
        var news = IntakeNews(terminal: .cell, at: clock.now())
        news.alarms = [(alarm(record), false)]
        return news
    }

    @Test func follower_isToldTheWall_thenEachChange_andNothingTwice() async throws {
        let desk = WallDesk(book: PlaceBook(site: TestHub.site), clock: clock)
        var events = try #require(await desk.follow(after: nil, Sight())).makeAsyncIterator()
        #expect(await events.next() == "retry: 1000\n\n")
        let wall = try #require(await events.next())
        #expect(wall.hasPrefix("id: ") && wall.contains("event: wall\n"))

        await desk.take([news(makeRecord())])
        let change = try #require(await events.next())
        #expect(change.contains("event: alarm\n") && change.contains("event: terminal\n"))
        #expect(change.contains("\"sounding\":true"))
        #expect(change.components(separatedBy: "id: ").count == 2, "one version for the whole change")

        // The same again changes nothing; a beat is the next thing heard.
        await desk.take([news(makeRecord())])
        await desk.beat()
        #expect(await events.next() == ": beat\n\n")
    }

    @Test func follower_isToldWhoLives_withTheNextTick() async throws {
        let desk = WallDesk(book: PlaceBook(site: TestHub.site), clock: clock)
        var events = try #require(await desk.follow(after: nil, Sight())).makeAsyncIterator()
        for _ in 0..<2 { _ = await events.next() }
        await desk.take([IntakeNews(terminal: .cell, at: clock.now())])
        await desk.beat()
        #expect(await events.next() == ": beat\n\n", "not at once")
        _ = await desk.tick()
        #expect(await events.next()?.hasPrefix("event: proofs\n") == true)
        let change = try #require(await events.next())
        #expect(change.contains("event: terminal\n") && change.contains("\"proof\":\"alive\""))
    }

    @Test func follower_isHealed_byTheVersionItSawLast() async throws {
        let desk = WallDesk(book: PlaceBook(site: TestHub.site), clock: clock)
        let seen = await desk.view(Sight()).version
        await desk.take([news(makeRecord())])
        var events = try #require(await desk.follow(after: seen, Sight())).makeAsyncIterator()
        _ = await events.next()
        let healed = try #require(await events.next())
        #expect(healed.contains("event: alarm\n") && !healed.contains("event: wall\n"))
    }

    @Test func follower_seesNothing_ofOtherAreas() async throws {
        let desk = WallDesk(book: PlaceBook(site: TestHub.site), clock: clock)
        let other: Set<ZoneID> = [name("ward-2")]
        var events = try #require(await desk.follow(after: nil, Sight(areas: other))).makeAsyncIterator()
        for _ in 0..<2 { _ = await events.next() }
        await desk.take([news(makeRecord())])
        await desk.beat()
        #expect(await events.next() == ": beat\n\n")
    }
}
