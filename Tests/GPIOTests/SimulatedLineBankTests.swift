// SPDX-License-Identifier: Apache-2.0
import Facility
import GPIO
import Glibc
import Testing

struct SimulatedLineBankTests {
    private let place = TemporaryPlace()

    private func bank(_ lines: [BoardLine] = TestLines.all) -> SimulatedLineBank {
        let bank = SimulatedLineBank(path: place.board, lines: lines)
        bank.tick(now: ms(0))
        return bank
    }

    @Test func edges_arriveWithLevelTimeAndNumber_whenAButtonIsPressed() throws {
        let bank = bank()
        #expect(bank.faults.isEmpty && bank.retryAt == nil && bank.descriptors.count == 1)
        let board = try SimulatedBoard(path: place.board)
        let down = try #require(try board.set("button", active: true))
        #expect(try board.set("button", active: true) == nil)
        let up = try #require(try board.set("BUTTON", active: false))
        #expect(
            bank.edges() == [
                EdgeEvent(line: TestLines.button, active: true, at: down, sequence: 1),
                EdgeEvent(line: TestLines.button, active: false, at: up, sequence: 2),
            ])
        #expect(bank.levels()[TestLines.button] == .inactive)
    }

    @Test func levels_standStill_whenTheAgentDiesAndComesBack() throws {
        var bank: SimulatedLineBank? = bank()
        let board = try SimulatedBoard(path: place.board)
        try board.set("button", active: true)
        try bank?.set(TestLines.lamp, active: true)
        bank = nil
        let again = self.bank()
        #expect(again.levels() == [.active, .inactive, .inactive, .active, .inactive])
        #expect(again.edges().isEmpty)
        // The hand that held the old board holds this one, and numbers begin anew.
        try board.set("button", active: false)
        #expect(again.edges().map(\.sequence) == [1])
    }

    @Test func board_isMadeAnew_whenTheLinesDiffer() throws {
        var bank: SimulatedLineBank? = bank()
        let board = try SimulatedBoard(path: place.board)
        try board.set("button", active: true)
        bank = nil
        let other = self.bank([TestLines.line("key", .input)])
        #expect(bank == nil && other.levels() == [.inactive])
        #expect(board.lines.map(\.name.text) == ["key"])
    }

    @Test func file_isNotTouched_whenItIsNoBoard() throws {
        let file = open(place.board, O_CREAT | O_WRONLY, 0o600)
        #expect(write(file, "precious", 8) == 8)
        close(file)
        let bank = bank()
        #expect(bank.faults[TestLines.button]?.cause == "the file is something else than a simulated board")
        #expect(bank.levels().allSatisfy { $0 == .unknown } && bank.retryAt == ms(500))
        #expect(throws: Fault.self) { try SimulatedBoard(path: place.board) }
    }

    @Test func secondAgent_isRefused_whenTheBoardIsHeld() {
        let first = bank()
        let second = bank()
        #expect(first.faults.isEmpty)
        #expect(second.faults[0]?.cause == "another agent has this simulated board")
    }

    @Test func edges_leaveAGap_whenDroppedOrNobodyReads() throws {
        let bank = bank()
        let board = try SimulatedBoard(path: place.board)
        try board.set("button", active: true, droppingEdge: true)
        try board.set("button", active: false)
        #expect(bank.edges().map(\.sequence) == [2])
        // Nobody reads: the presser is not held up, the oldest edges stay, the level is true.
        for index in 0..<5_000 { try board.set("button", active: index % 2 == 0) }
        try board.set("button", active: true)
        let kept = bank.edges(max: 10_000).count
        #expect(kept > 0 && kept < 5_000)
        #expect(bank.levels()[TestLines.button] == .active)
    }

    @Test func edges_waitForTheNextTurn_whenMaxIsReached() throws {
        let bank = bank()
        let board = try SimulatedBoard(path: place.board)
        for index in 0..<6 { try board.set("button", active: index % 2 == 0) }
        #expect(bank.edges(max: 4).count == 4)
        #expect(bank.edges(max: 4).count == 2)
    }

    @Test func lines_areFaultyAndComeBack_whenUnpluggedAndReplugged() throws {
        let bank = bank()
        let board = try SimulatedBoard(path: place.board)
        bank.tick(now: ms(1_000))
        board.unplug()
        #expect(bank.edges().isEmpty)
        #expect(bank.faults.count == TestLines.all.count && bank.descriptors.isEmpty)
        #expect(bank.levels().allSatisfy { $0 == .unknown })
        #expect(throws: Fault.self) { try bank.set(TestLines.lamp, active: true) }
        bank.tick(now: ms(1_499))
        #expect(!bank.faults.isEmpty)
        bank.tick(now: ms(1_500))
        #expect(bank.retryAt == ms(2_000))
        board.replug()
        bank.tick(now: ms(2_000))
        #expect(bank.faults.isEmpty && bank.retryAt == nil)
        #expect(try board.output("lamp").active)
    }
}
