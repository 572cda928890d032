// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
import Glibc

/// The lines of a simulated board: a page in the file `path` and a datagram socket `path`.sock (layout:
/// `clinux_board.h`); `SimulatedBoard` is the hand that presses. Lives on the line thread.
///
/// It behaves as a kernel does: levels are the truth, edges are dropped when nobody reads them, an unplugged
/// board gives ENODEV. Levels outlive the agent: a button that is held is still held after a kill. Outputs
/// keep their level until they are set. The contacts are logical: active-low and bias change nothing here.
package final class SimulatedLineBank: LineBank {
    package let path: String
    package let lines: [BoardLine]
    package private(set) var faults: [Int: Fault] = [:]
    package private(set) var retryAt: Uptime? = Uptime(nanoseconds: 0)

    private var board: OpaquePointer?
    private var socket: Int32 = -1
    /// Numbers of edges count on in the file; here they count from the opening.
    private var sequenceBase: [UInt32]
    private var wanted: [Bool?]
    private var lastTick = Uptime(nanoseconds: 0)

    package init(path: String, lines: [BoardLine]) {
        self.path = path
        self.lines = lines
        sequenceBase = Array(repeating: 0, count: lines.count)
        wanted = Array(repeating: nil, count: lines.count)
    }

    deinit { shut() }

    package var descriptors: [Int32] { socket >= 0 ? [socket] : [] }

    package func readEdges(into edges: inout [EdgeEvent], max: Int) {
        guard board != nil, !loseIfUnplugged() else { return }
        var room = max
        var edge = wp_board_edge()
        while room > 0, wp_board_receive(socket, &edge) == 1 {
            // Anybody who may write to the socket can send: a line that is none, or an output, is not an
            // edge.
            let line = Int(edge.line)
            guard line < lines.count, lines[line].direction == .input else { continue }
            let sequence = edge.sequence &- sequenceBase[line]
            guard sequence != 0, sequence < 1 << 31 else { continue }
            edges.append(
                EdgeEvent(
                    line: line, active: edge.active != 0, at: Uptime(nanoseconds: edge.at_ns),
                    sequence: sequence))
            room -= 1
        }
    }

    package func readLevels(into levels: inout [LineLevel]) {
        levels.removeAll(keepingCapacity: true)
        guard let board, !loseIfUnplugged() else {
            levels.append(contentsOf: repeatElement(.unknown, count: lines.count))
            return
        }
        for line in lines.indices { levels.append(LineLevel(wp_board_read(board, line).active)) }
    }

    package func set(_ line: Int, active: Bool) throws(Fault) {
        precondition(lines[line].direction == .output, "only outputs are set")
        wanted[line] = active
        guard let board, !loseIfUnplugged() else {
            throw faults[line] ?? BoardPageFaults.unplugged(lines[line])
        }
        wp_board_set(board, line, active)
    }

    package func tick(now: Uptime) {
        lastTick = now
        guard let retryAt, now >= retryAt else { return }
        if let error = open() {
            let fault = error == ENODEV ? nil : BoardPageFaults.open(path, error: error)
            for line in lines.indices { faults[line] = fault ?? BoardPageFaults.unplugged(lines[line]) }
            self.retryAt = now.advanced(ms: Limits.chipRetryMs)
        } else {
            faults = [:]
            self.retryAt = nil
        }
    }

    /// Why not, when it could not be opened.
    private func open() -> Int32? {
        var error: Int32 = 0
        guard let board = wp_board_hold(path, lines.map(wp_board_line.init), lines.count, &error) else {
            return error
        }
        if wp_board_is_unplugged(board) {
            wp_board_close(board)
            return ENODEV
        }
        let socket = wp_board_listen(path + ".sock")
        guard socket >= 0 else {
            wp_board_close(board)
            return -socket
        }
        // Bound first, numbers read after: an edge in between is counted in and dropped, its level is read
        // anyway.
        for line in lines.indices {
            sequenceBase[line] = wp_board_read(board, line).sequence
            if let active = wanted[line] { wp_board_set(board, line, active) }
        }
        self.board = board
        self.socket = socket
        return nil
    }

    private func loseIfUnplugged() -> Bool {
        guard let board, wp_board_is_unplugged(board) else { return false }
        shut()
        for line in lines.indices { faults[line] = BoardPageFaults.unplugged(lines[line]) }
        retryAt = lastTick.advanced(ms: Limits.chipRetryMs)
        return true
    }

    private func shut() {
        if socket >= 0 { close(socket) }
        if let board { wp_board_close(board) }
        socket = -1
        board = nil
    }
}
