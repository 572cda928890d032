// SPDX-License-Identifier: Apache-2.0
import Bundles
import ConsoleServer
import Facility
import Testing

@testable import PanelServer

struct PanelDoorTests {
    private func at(_ ms: Int) -> Uptime { Uptime(nanoseconds: 1).advanced(ms: ms) }

    private func officers() async throws -> [OfficerID: PostOfficer] {
        let id = try #require(OfficerID("P1042"))
        return [
            id: PostOfficer(
                id: id, name: "王建国", role: .officer, areas: [], pin: try await Password.hash("2580"))
        ]
    }

    private func enter(_ door: PanelDoor, _ pin: String, _ ms: Int = 0, number: String = "P1042") async
        -> String
    {
        switch await door.begin(number: number, pin: pin, now: at(ms)) {
        case .entered(let secret, _): secret
        case .wrong: "wrong"
        case .locked: "locked"
        case .nobodyKnown: "nobody"
        }
    }

    @Test func number_isLocked_afterFiveWrongPins_forFiveMinutes() async throws {
        let door = PanelDoor()
        #expect(await enter(door, "2580") == "nobody")
        await door.admit(try await officers())
        for ms in 0..<Limits.pinTriesCount { #expect(await enter(door, "0000", ms) == "wrong") }
        #expect(await enter(door, "2580", 10) == "locked")
        #expect(await enter(door, "2580", Limits.pinLockMs) == "locked")
        #expect(await enter(door, "2580", Limits.pinLockMs + 4).utf8.count == 64)
    }

    @Test func tries_beginAnew_afterTheRightPin() async throws {
        let door = PanelDoor()
        await door.admit(try await officers())
        for _ in 1..<Limits.pinTriesCount { #expect(await enter(door, "1") == "wrong") }
        #expect(await enter(door, "2580").utf8.count == 64)
        for _ in 1..<Limits.pinTriesCount { #expect(await enter(door, "1") == "wrong") }
        #expect(await enter(door, "2580").utf8.count == 64)
    }

    @Test func unknownNumbers_areLocked_together() async throws {
        let door = PanelDoor()
        await door.admit(try await officers())
        for number in 0..<Limits.pinTriesCount {
            #expect(await enter(door, "1", number: "X\(number)") == "wrong")
        }
        #expect(await enter(door, "1", number: "Y") == "locked")
        #expect(await enter(door, "2580").utf8.count == 64)
    }

    @Test func session_ends_whenIdle_andWhenTheOfficerIsTakenOffTheList() async throws {
        let door = PanelDoor()
        let officers = try await officers()
        await door.admit(officers)
        let secret = await enter(door, "2580")
        #expect(await door.find(secret, keepsAwake: true, now: at(Limits.sessionIdleMs)) != nil)
        #expect(await door.find(secret, keepsAwake: false, now: at(Limits.sessionIdleMs * 2)) != nil)
        #expect(await door.find(secret, keepsAwake: false, now: at(Limits.sessionIdleMs * 2 + 1)) == nil)
        let another = await enter(door, "2580")
        await door.admit([:])
        #expect(await door.find(another, keepsAwake: true, now: at(1)) == nil)
        #expect(await door.find("", keepsAwake: true, now: at(1)) == nil)
    }
}
