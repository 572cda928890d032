// SPDX-License-Identifier: Apache-2.0
import DeskLink
package import Facility
package import GPIO

/// A finger on a simulated board: what moves when a button is pressed. Any thread.
///
/// A supervised button is one switch with two contacts: the normally-closed one opens as the other closes, so
/// both are moved here, as the hand would. `rest` puts every such contact where it is when nobody touches it.
package struct Finger: Sendable {
    private let simulated: SimulatedBoard
    private let board: Board

    package init(on simulated: SimulatedBoard, _ board: Board) {
        self.simulated = simulated
        self.board = board
    }

    /// Answers when the contact moved; nil: it stood there already.
    @discardableResult
    package func set(_ line: String, pressed: Bool) throws(Fault) -> Uptime? {
        let duty = board.duties.first { $0.line.name.text == line || $0.line.line == line }
        if pressed, let partner = duty?.partner { try simulated.set(partner.text, active: false) }
        let at = try simulated.set(line, active: pressed)
        if !pressed, let partner = duty?.partner { try simulated.set(partner.text, active: true) }
        return at
    }

    package func rest() throws(Fault) {
        for duty in board.duties {
            guard let partner = duty.partner else { continue }
            try simulated.set(partner.text, active: try !simulated.input(duty.line.name.text))
        }
    }
}

extension Finger {
    /// Makes the board of a terminal before its daemon runs, every contact at rest: a normally-closed contact
    /// that began open would be a cut wire.
    package static func makeBoard(_ config: TerminalConfig) throws(Fault) {
        let bank = SimulatedLineBank(path: RuntimePlace.board(config), lines: config.board.duties.map(\.line))
        bank.tick(now: .now)
        if let fault = bank.faults.values.first { throw fault }
        try Finger(on: SimulatedBoard(path: RuntimePlace.board(config)), config.board).rest()
    }
}
