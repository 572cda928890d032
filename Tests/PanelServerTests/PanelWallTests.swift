// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import DeskLink
import Facility
import TestBoard
import Testing

@testable import PanelServer

struct PanelWallTests {
    private let post = TerminalID.postA

    private func wall() -> PanelWall {
        func terminal(_ id: TerminalID, _ role: TerminalRole) -> Terminal {
            Terminal(
                id: id, role: role, zone: .named("ward-1"), title: id.text, address: 0, port: 0,
                publicKey: [])
        }
        let site = Site(
            name: "试验所", terminals: [terminal(.cell, .cell), terminal(post, .post)],
            rings: [:], ladderMs: [], officers: [])
        return PanelWall(book: PlaceBook(site: site)) {
            Moment(uptime: .ms(1_000_000), wallMs: 1_800_000_000_000, uncertaintyMs: 1)
        }
    }

    private func standing(_ record: AlarmRecord) -> StandingAlarm {
        StandingAlarm(record: record, ageMs: 700, custodian: .cell, isCellLost: false)
    }

    @Test func alarm_isOnTheWall_datedByItsAge() async throws {
        let wall = wall()
        await wall.take(.changed([standing(makeRecord())]))
        let alarm = try #require(await wall.view().alarms.first)
        #expect(alarm.raisedAt == 1_800_000_000_000 - 700 && alarm.sounding && !alarm.history)
    }

    @Test func stream_givesNoBeat_whileTheAlarmProcessIsSilent() async throws {
        let wall = wall()
        var events = try #require(await wall.follow(after: nil)).makeAsyncIterator()
        for _ in 0..<2 { _ = await events.next() }
        await wall.beat()
        await wall.take(.heard([(post, 0)]))
        #expect(await events.next()?.contains("event: terminal") == true)
        await wall.take(.silent)
        await wall.beat()
        await wall.take(.back)
        await wall.beat()
        #expect(await events.next() == ": beat\n\n")
    }

    @Test func alarm_isGone_whenItEndedUnheard() async throws {
        let wall = wall()
        await wall.take(.changed([standing(makeRecord())]))
        var events = try #require(await wall.follow(after: nil)).makeAsyncIterator()
        for _ in 0..<2 { _ = await events.next() }
        await wall.take(.only([]))
        #expect(await events.next()?.contains("event: wall") == true)
        #expect(await wall.view().alarms.isEmpty)
    }
}
