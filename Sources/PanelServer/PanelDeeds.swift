// SPDX-License-Identifier: Apache-2.0
package import Alarms
import DeskLink
import Dispatch
package import Facility

/// Carries what an officer does at the panel to the alarm process, which decides. An actor; asking blocks, so
/// it is done on threads of its own, a few at once.
package actor PanelDeeds {
    /// What became of it.
    package enum Outcome: Sendable {
        case done
        case refused(AlarmRefusal)
        /// The alarm process did not answer.
        case silent(Fault)
    }

    private let terminal: TerminalID
    private let daemon: String
    private let queue = DispatchQueue(label: "watchpost.deeds", attributes: .concurrent)
    private var underWay = 0

    package init(terminal: TerminalID, daemon: String) {
        self.terminal = terminal
        self.daemon = daemon
    }

    package func perform(_ action: OfficerAction, on alarm: EventID, by officer: OfficerID?) async -> Outcome
    {
        guard underWay < Limits.panelDeedsMaxCount else { return .refused(.tooMany) }
        underWay += 1
        defer { underWay -= 1 }
        let (terminal, daemon) = (terminal, daemon)
        return await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(returning: Self.ask(terminal, daemon, action, alarm, officer))
            }
        }
    }

    private static func ask(
        _ terminal: TerminalID, _ daemon: String, _ action: OfficerAction, _ alarm: EventID,
        _ officer: OfficerID?
    ) -> Outcome {
        do throws(Fault) {
            let desk = try DeskClient(terminal: terminal, daemon: daemon)
            return try desk.act(action, on: alarm, officer: officer).map { .refused($0) } ?? .done
        } catch { return .silent(error) }
    }
}
