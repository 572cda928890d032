// SPDX-License-Identifier: Apache-2.0
package import Facility

/// The other side of a simulated board: presses its buttons and sees its lamps, usually from another process than the
/// agent's. Any thread; never blocks, never sleeps: the caller times what it does.
package final class SimulatedBoard: Sendable {
    package struct Output: Hashable, Sendable {
        package var active: Bool
        package var changedAt: Uptime
    }

    package struct OutputChange: Hashable, Sendable {
        /// Counts from 1 over the board's life.
        package var index: UInt64
        package var line: String
        package var active: Bool
        package var at: Uptime
    }

    package let path: String

    package init(path: String) throws(Fault) { self.path = path }

    /// The board's lines, by whose `name` (or kernel line name) everything here is asked.
    package var lines: [BoardLine] { [] }

    /// Moves a contact: writes the level and sends the edge, unless `droppingEdge`. Returns when it moved.
    @discardableResult
    package func set(_ line: String, active: Bool, droppingEdge: Bool = false) throws(Fault) -> Uptime {
        Uptime(nanoseconds: 0)
    }

    package func output(_ line: String) throws(Fault) -> Output {
        Output(active: false, changedAt: Uptime(nanoseconds: 0))
    }

    /// Index of the newest change of an output; 0 before the first.
    package var lastChange: UInt64 { 0 }

    /// Changes after `index`, oldest first; at most the last `Limits.simulatedChangesCount`.
    package func outputChanges(since index: UInt64) -> [OutputChange] { [] }

    /// The board is gone: the bank gets what a vanished chip gives.
    package func unplug() {}
    package func replug() {}
    package var isPlugged: Bool { true }
}
