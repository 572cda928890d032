// SPDX-License-Identifier: Apache-2.0
import Facility
import GPIO
import Testing

struct SimulatedBoardTests {
    private let place = TemporaryPlace()

    private func bank() -> SimulatedLineBank {
        let bank = SimulatedLineBank(path: place.board, lines: TestLines.all)
        bank.tick(now: ms(0))
        return bank
    }

    @Test func board_isRefusedWithAHint_whenNoAgentMadeIt() {
        let fault = #expect(throws: Fault.self) { try SimulatedBoard(path: place.board) }
        #expect(fault?.hint == "Start the agent with this path; it makes the board.")
    }

    @Test func lines_areTheBanks_whenOpened() throws {
        let bank = bank()
        #expect(try SimulatedBoard(path: place.board).lines == bank.lines)
    }

    @Test func outputs_areSeenWithTheirTime_whenTheAgentSetsThem() throws {
        let bank = bank()
        let board = try SimulatedBoard(path: place.board)
        #expect(board.lastChange == 0 && board.outputChanges(since: 0).isEmpty)
        try bank.set(TestLines.lamp, active: true)
        try bank.set(TestLines.lamp, active: true)
        try bank.set(TestLines.buzzer, active: true)
        let changes = board.outputChanges(since: 0)
        #expect(changes.map(\.line) == [TestLines.lamp, TestLines.lamp, TestLines.buzzer])
        #expect(changes.map(\.index) == [1, 2, 3] && board.outputChanges(since: 3).isEmpty)
        #expect(try board.output("lamp").changedAt == changes[0].at)
        #expect(changes[0].at <= changes[1].at)
    }

    @Test func changes_areTheLast_whenTheRingWentRound() throws {
        let bank = bank()
        let board = try SimulatedBoard(path: place.board)
        for index in 0..<5_000 { try bank.set(TestLines.lamp, active: index % 2 == 0) }
        let changes = board.outputChanges(since: 0)
        #expect(changes.map(\.index) == Array(905...5_000))
    }

    @Test func line_isRefusedWithTheNamesThereAre_whenUnknownOrOfTheOtherKind() throws {
        let bank = bank()
        let board = try SimulatedBoard(path: place.board)
        let unknown = #expect(throws: Fault.self) { try board.set("door", active: true) }
        #expect(unknown?.hint == "It has: button, button-nc, tamper.")
        #expect(throws: Fault.self) { try board.set("lamp", active: true) }
        #expect(bank.faults.isEmpty)
    }
}
