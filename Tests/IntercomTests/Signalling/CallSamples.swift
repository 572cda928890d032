// SPDX-License-Identifier: Apache-2.0
import Facility

@testable import Intercom

/// Names and offers for the tests of calls.
enum CallSamples {
    static let cell = TerminalID("cell-101")!
    static let postA = Party.terminal(TerminalID("post-a")!)
    static let postB = Party.terminal(TerminalID("post-b")!)
    static let officer = OfficerID("P1042")!
    static let second = OfficerID("P2077")!

    static func id(_ number: UInt64, from terminal: TerminalID = cell) -> CallID {
        EventID(terminal: terminal, stream: .call, run: 7, sequence: number)
    }

    static func alarm(_ number: UInt64) -> EventID {
        EventID(terminal: cell, stream: .alarm, run: 7, sequence: number)
    }

    static func at(_ ms: Int) -> Uptime { Uptime(nanoseconds: 1_000_000_000).advanced(ms: ms) }

    /// A detainee's call.
    static func press(_ number: UInt64 = 1, _ urgency: CallClass = .cellCall) -> CallOffer {
        CallOffer(id: id(number), urgency: urgency, alarm: alarm(number))
    }

    /// An officer's opening of a cell.
    static func opening(
        _ number: UInt64 = 50, _ mode: CallMode = .talk, reason: String = "check", second: OfficerID? = nil
    ) -> CallOffer {
        CallOffer(
            id: id(number, from: TerminalID("post-a")!), urgency: .opening, mode: mode,
            grounds: CallGrounds(officer: officer, second: second, reason: reason))
    }
}

extension [CallEffect] {
    func place(_ test: (CallEffect) -> Bool) -> Int? { firstIndex(where: test) }

    var gateOpens: Bool { contains { if case .openGate = $0 { true } else { false } } }
    var invited: [Party] {
        compactMap { if case .invite(let leg, _) = $0 { leg.party } else { nil } }
    }
}
