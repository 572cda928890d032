// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Alarms
import CLinux
import DeskLink
import Facility
import Foundation
import GPIO
import PanelLink
import Synchronization

/// Many cells in one process: the real desk and link of each, its own keys and its own UDP socket; no
/// board, no journal.
///
/// A thread of its own ("cells") plays them; any other may ask it to press them and look at what came of it.
final class PlayedCells: Sendable {
    private struct Cell {
        var desk: TerminalDesk
        let socket: DatagramSocket
        var lookAt: Uptime
        var lamp = OutputPattern.off
    }

    /// One press to come.
    struct Press: Sendable {
        let cell: Int
        let duty: LineDuty
        let at: Uptime
    }

    private struct Shared {
        var toPress: [Press] = []
        var pressedAt: [EventID: Uptime] = [:]
        var dark = 0
        var isEnding = false
    }

    private let shared = Mutex(Shared())
    private let ended = DispatchSemaphore(value: 0)
    let count: Int

    /// Their sockets are open when this returns.
    init(_ configs: [TerminalConfig]) throws(Fault) {
        count = configs.count
        var cells: [Cell] = []
        for config in configs {
            let now = Uptime.now
            let desk = try TerminalDesk(
                config: config, keys: try LinkKeys.load(config.keyPath), run: .random(in: 1 ... .max),
                now: now)
            let socket = try DatagramSocket(address: 0x7f00_0001, port: desk.own.port)
            // Not all at once: a facility's terminals have not started in one millisecond.
            let lookAt = now.advanced(ms: cells.count * Limits.heartbeatMs / configs.count)
            cells.append(Cell(desk: desk, socket: socket, lookAt: lookAt))
        }
        let all = cells
        let thread = Thread { [self] in
            play(all)
            ended.signal()
        }
        thread.name = "cells"
        thread.start()
    }

    // MARK: - Any thread

    func press(_ presses: [Press]) { shared.withLock { $0.toPress = presses.sorted { $0.at < $1.at } } }

    /// Every alarm that was raised, and when its contact had closed long enough.
    var pressedAt: [EventID: Uptime] { shared.withLock { $0.pressedAt } }

    /// Cells whose lamp is off.
    var dark: Int { shared.withLock { $0.dark } }

    func end() {
        shared.withLock { $0.isEnding = true }
        ended.wait()
        ended.signal()
    }

    // MARK: - The cells' thread

    private func play(_ all: [Cell]) {
        var cells = all
        var set = cells.map { pollfd(fd: $0.socket.descriptor, events: Int16(POLLIN), revents: 0) }
        var buffer = [UInt8](repeating: 0, count: Limits.datagramMaxBytes + 1)
        while true {
            let (due, next, isEnding) = shared.withLock { shared in
                shared.dark = cells.count { $0.lamp == .off }
                let due = shared.toPress.prefix { $0.at <= .now }
                shared.toPress.removeFirst(due.count)
                return (Array(due), shared.toPress.first?.at, shared.isEnding)
            }
            if isEnding { return }
            for press in due { self.press(press, &cells[press.cell]) }
            let now = Uptime.now
            for place in cells.indices where cells[place].lookAt <= now {
                Self.input(&cells[place]) { desk, moment, effects in desk.elapsed(now: moment, into: &effects)
                }
            }
            let wake = min(next ?? now.advanced(ms: 10), cells.map(\.lookAt).min() ?? now)
            let waitMs = min(
                10,
                Int(wake.nanoseconds > now.nanoseconds ? (wake.nanoseconds - now.nanoseconds) / 1_000_000 : 0)
            )
            guard poll(&set, nfds_t(set.count), Int32(waitMs)) > 0 else { continue }
            for place in set.indices where set[place].revents != 0 {
                while let count = cells[place].socket.receive(into: &buffer)?.count {
                    let bytes = Array(buffer[..<count])
                    Self.input(&cells[place]) { desk, moment, effects in
                        desk.datagram(bytes, now: moment, into: &effects)
                    }
                }
            }
        }
    }

    private func press(_ press: Press, _ cell: inout Cell) {
        guard let line = cell.desk.config.board.duties.firstIndex(where: { $0.duty == press.duty }) else {
            return
        }
        let before = Set(cell.desk.alarms.machines.keys)
        let at = Uptime.now
        Self.input(&cell) { desk, moment, effects in
            desk.line(.pressed(line: line, at: at, heldAtStart: false), now: moment, into: &effects)
        }
        let new = Set(cell.desk.alarms.machines.keys).subtracting(before)
        shared.withLock { shared in for id in new { shared.pressedAt[id] = at } }
    }

    private static func input(
        _ cell: inout Cell, _ body: (inout TerminalDesk, Moment, inout [DeskEffect]) -> Void
    ) {
        let now = Uptime.now
        let moment = Moment(
            uptime: now, wallMs: wp_wall_ms(),
            uncertaintyMs: Limits.wallUnknownMs)
        var effects: [DeskEffect] = []
        body(&cell.desk, moment, &effects)
        for effect in effects { perform(effect, &cell) }
        let deadline = cell.desk.deadline(now: now) ?? now.advanced(ms: Limits.peerScanMs)
        cell.lookAt = min(deadline, now.advanced(ms: Limits.peerScanMs))
    }

    private static func perform(_ effect: DeskEffect, _ cell: inout Cell) {
        switch effect {
        case .send(let message, let peer): send(cell.desk.link.seal(message, to: peer), to: peer, cell)
        case .sendSealed(let bytes, let peer): send(bytes, to: peer, cell)
        case .receipt(let id, let revision, let audible, let peer):
            let receipt = Receipt(
                id: id, revision: revision, listed: true, sounding: audible ? .confirmed : .notRequired)
            send(cell.desk.link.seal(.receipt(receipt), to: peer), to: peer, cell)
        case .show(let pattern, let duty, _): if duty == .assuranceLamp { cell.lamp = pattern }
        case .latch, .unlatch, .journal, .reply: break
        }
    }

    private static func send(_ bytes: [UInt8]?, to peer: TerminalID, _ cell: Cell) {
        guard let bytes, let terminal = cell.desk.peers[peer] else { return }
        cell.socket.send(bytes, address: terminal.address, port: terminal.port)
    }
}
