// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc

/// The other side of a simulated board: presses its buttons and sees its lamps, usually from another process
/// than the agent's. Any thread; never blocks, never sleeps: the caller times what it does.
///
/// Lines are named by their `name` (`button`) or their kernel line name. When the agent does not read, edges
/// are dropped and the levels stand.
// SAFETY: the page is shared by processes and touched through C11 atomics only; sends on the socket need no
// order.
package final class SimulatedBoard: @unchecked Sendable {
    package struct Output: Hashable, Sendable {
        package var active: Bool
        /// 0 when it was never set.
        package var changedAt: Uptime
    }

    /// One setting of an output by the agent, also to the level that it had.
    package struct OutputChange: Hashable, Sendable {
        /// Counts from 1 over the board's life.
        package var index: UInt64
        /// Index into `lines`.
        package var line: Int
        package var active: Bool
        package var at: Uptime
    }

    package let path: String
    private let board: OpaquePointer
    private let sender: Int32

    /// Opens a board that an agent has made.
    package init(path: String) throws(Fault) {
        var error: Int32 = 0
        guard let board = wp_board_open(path, &error) else { throw BoardPageFaults.open(path, error: error) }
        let sender = wp_board_sender()
        guard sender >= 0 else {
            wp_board_close(board)
            throw BoardPageFaults.open(path, error: -sender)
        }
        self.path = path
        self.board = board
        self.sender = sender
    }

    deinit {
        close(sender)
        wp_board_close(board)
    }

    package var lines: [BoardLine] {
        (0..<wp_board_count(board)).compactMap { wp_board_describe(board, $0).boardLine }
    }

    /// Moves a contact: writes the level and sends the edge, unless `droppingEdge`. Returns when it moved;
    /// `nil` when it already was there.
    @discardableResult
    package func set(_ line: String, active: Bool, droppingEdge: Bool = false) throws(Fault) -> Uptime? {
        let index = try find(line, .input)
        var edge = wp_board_edge()
        guard wp_board_move(board, index, active, &edge) else { return nil }
        if !droppingEdge { _ = wp_board_send(sender, path + ".sock", &edge) }
        return Uptime(nanoseconds: edge.at_ns)
    }

    /// Where the contact stands.
    package func input(_ line: String) throws(Fault) -> Bool {
        wp_board_read(board, try find(line, .input)).active
    }

    package func output(_ line: String) throws(Fault) -> Output {
        let state = wp_board_read(board, try find(line, .output))
        return Output(active: state.active, changedAt: Uptime(nanoseconds: state.changed_ns))
    }

    /// Index of the newest change of an output; 0 before the first.
    package var lastChange: UInt64 { wp_board_last_change(board) }

    /// Changes after `index`, oldest first; at most the last `Limits.simulatedChangesCount`.
    package func outputChanges(since index: UInt64) -> [OutputChange] {
        let last = lastChange
        guard last > index else { return [] }
        let kept = UInt64(Limits.simulatedChangesCount)
        var changes: [OutputChange] = []
        for wanted in max(index + 1, last > kept ? last - kept + 1 : 1)...last {
            var change = wp_board_change()
            guard wp_board_change_at(board, wanted, &change) else { continue }
            changes.append(
                OutputChange(
                    index: change.index, line: Int(change.line), active: change.active != 0,
                    at: Uptime(nanoseconds: change.at_ns)))
        }
        return changes
    }

    /// The board is gone: the bank gets what a vanished chip gives.
    package func unplug() { plug(false) }
    package func replug() { plug(true) }
    package var isPlugged: Bool { !wp_board_is_unplugged(board) }

    private func plug(_ isPlugged: Bool) {
        wp_board_unplug(board, !isPlugged)
        // Wakes the agent, as the kernel does; no line has this number.
        var nudge = wp_board_edge(line: .max, active: 0, sequence: 0, at_ns: 0)
        _ = wp_board_send(sender, path + ".sock", &nudge)
    }

    private func find(_ text: String, _ direction: BoardLine.Direction) throws(Fault) -> Int {
        let lines = lines
        let index = lines.firstIndex { $0.name.text == text } ?? lines.firstIndex { $0.line == text }
        if let index, lines[index].direction == direction { return index }
        let known = lines.filter { $0.direction == direction }.map(\.name.text).joined(separator: ", ")
        throw Fault(
            "find \(direction)", at: "\(path) \(text)", cause: "the board has no \(direction) of this name",
            hint: "It has: \(known).")
    }
}
