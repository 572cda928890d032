// SPDX-License-Identifier: Apache-2.0
import Alarms
import DeskLink
package import Facility
import FoundationEssentials
import PanelLink

/// What the hub asks of this terminal, as it stands on the wire. A value.
package struct Order: Codable, Sendable, Hashable {
    /// Rises; what was answered is not given again.
    package var order: UInt64
    /// `acknowledge`, `attend`, `clear`, `silence`; others are refused by name.
    package var kind: String
    /// An `EventID` as it prints.
    package var alarm: String?
    package var officer: String?
}

/// The answer. `refusal`: nil (done), or the name of an `AlarmRefusal`; `cause`: more of it, in words.
package struct OrderAnswer: Codable, Sendable, Hashable {
    package var refusal: String?
    package var cause: String?

    package init(refusal: String? = nil, cause: String? = nil) {
        self.refusal = refusal
        self.cause = cause
    }
}

/// Carries the hub's orders to the alarm process of this terminal, by its local socket, as the tool does. The
/// alarm process decides; nothing here can clear what it would not.
///
/// Blocks its thread while it asks: called on one of its own.
package struct OrderTaker {
    private let terminal: TerminalID
    private let daemon: String

    /// `daemon`: path of the alarm process's local socket.
    package init(terminal: TerminalID, daemon: String) {
        self.terminal = terminal
        self.daemon = daemon
    }

    /// An order lives `Limits.orderKeptMs` from its receipt, by the uptime: whoever gave it is told soon
    /// after that it was not done, and must not see it done later.
    package func perform(_ order: Order, receivedAt: Uptime, now: Uptime) -> OrderAnswer {
        guard now.ms(since: receivedAt) < Limits.orderKeptMs else {
            return OrderAnswer(
                refusal: "\(AlarmRefusal.cellUnreachable)",
                cause: "it waited too long behind other orders and was not done")
        }
        return perform(order)
    }

    private func perform(_ order: Order) -> OrderAnswer {
        guard let action = OfficerAction.allCases.first(where: { "\($0)" == order.kind }) else {
            return OrderAnswer(
                refusal: "notAllowed", cause: "this terminal does not know the order `\(order.kind)`")
        }
        guard let alarm = order.alarm.flatMap({ EventID($0) }) else {
            return OrderAnswer(refusal: "notAllowed", cause: "the order names no alarm")
        }
        let officer = order.officer.flatMap { OfficerID($0) }
        do throws(Fault) {
            let refusal = try DeskClient(terminal: terminal, daemon: daemon).act(
                action, on: alarm, officer: officer)
            return OrderAnswer(refusal: refusal.map { "\($0)" })
        } catch {
            return OrderAnswer(refusal: "\(AlarmRefusal.cellUnreachable)", cause: "\(error)")
        }
    }
}
