// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Glibc
import PanelLink
import TestBoard
import Testing

@testable import AlarmAgent

@Suite struct LocalUsersTests {
    private let stranger: UInt32 = 54_321

    @Test func stranger_mayLookAndNotAct() {
        var users = LocalUsers(operators: [])
        let look = users.mayAct(stranger, .query, now: .ms(0))
        #expect(look == .yes)
        for kind in MessageKind.allCases where kind != .query {
            let act = users.mayAct(stranger, kind, now: .ms(0))
            #expect(act == .no(.notAllowed))
        }
        let nobody = users.mayAct(.max, .action, now: .ms(0))
        #expect(nobody == .no(.notAllowed), "the kernel did not say who")
    }

    @Test func operator_mayAct_whenHeIsListedByName() {
        var users = LocalUsers(operators: ["daemon", "nobody-has-this-name"])
        let own = users.mayAct(getuid(), .action, now: .ms(0))
        let named = users.mayAct(1, .action, now: .ms(0))
        #expect(own == .yes && named == .yes)
    }

    @Test func commands_areRefused_whenTooManyComeInASecond() {
        var users = LocalUsers(operators: [])
        for _ in 0..<Limits.localCommandsPerSecondCount {
            let answer = users.mayAct(0, .action, now: .ms(500))
            #expect(answer == .yes)
        }
        let late = users.mayAct(0, .action, now: .ms(999))
        let next = users.mayAct(0, .action, now: .ms(1_000))
        #expect(late == .no(.tooMany) && next == .yes)
    }
}
