// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import GPIO
import Journal
import PanelLink

/// Performing what the desks want, in order, on the line thread.
extension AlarmTerminal {
    func perform(_ now: Moment) {
        var index = 0
        while index < effects.count {
            perform(effects[index], now)
            index += 1
        }
        effects.removeAll(keepingCapacity: true)
    }

    private func perform(_ effect: DeskEffect, _ now: Moment) {
        switch effect {
        case .latch(let record): latch.keep(record)
        case .unlatch(let id): latch.end(id, entry: noted)
        case .send(let message, let peer): send(desk.link.seal(message, to: peer), to: peer)
        case .sendSealed(let bytes, let peer): send(bytes, to: peer)
        case .receipt(let id, let revision, let audible, let peer):
            let sounding: Sounding =
                !audible ? .notRequired : outputFaults[.buzzer] == nil ? .confirmed : .failed
            let receipt = Receipt(id: id, revision: revision, listed: true, sounding: sounding)
            send(desk.link.seal(.receipt(receipt), to: peer), to: peer)
        case .show(let pattern, let duty, let reassert):
            for index in outputs[duty, default: []] {
                write(patterns.show(pattern, on: index, now: now.uptime, reassert: reassert))
            }
        case .journal(let kind, let annunciation, let standing): note(kind, annunciation, standing, now)
        case .reply(let message, let path): reply(message, to: path, now.uptime)
        }
    }

    private func send(_ bytes: [UInt8]?, to peer: TerminalID) {
        guard let bytes, let terminal = desk.peers[peer] else { return }
        // A full buffer or an unplugged cable is what the retries are for.
        _ = socket.send(bytes, address: terminal.address, port: terminal.port)
    }

    func reply(_ message: Message, to path: String, _ now: Uptime) {
        replies.reply(message.encode(), to: path, now: now) { [localSocket] in Self.send($0, $1, localSocket)
        }
    }

    func sendWaitingReplies(_ now: Uptime) {
        replies.elapsed(now: now) { [localSocket] in Self.send($0, $1, localSocket) }
    }

    private static func send(_ bytes: [UInt8], _ path: String, _ socket: LocalSocket) -> ReplyQueue.Sending {
        switch socket.send(bytes, to: path) {
        case .sent: .sent
        case .full: .full
        case .gone: .gone
        }
    }

    func write(_ writes: [OutputWrite]) {
        for write in writes {
            let duty = config.board.duties[write.line].duty
            do throws(Fault) {
                try bank.set(write.line, active: write.active)
                outputFaults[duty] = nil
            } catch {
                outputFaults[duty] = error
            }
        }
    }

    /// After the send: to the journal's own thread. The entry's time is that of the wake that brought the
    /// news. Never blocks.
    private func note(_ kind: JournalKind, _ annunciation: Annunciation, _ standing: Bool, _ now: Moment) {
        let record = annunciation.record
        let isRaise =
            kind == JournalKind(.raised) && record.id.run == desk.run && record.id.terminal == desk.own.id
        let event = JournalEvent(
            id: isRaise ? record.id : desk.mint(record.id.stream), at: now, kind: kind.rawValue,
            subject: encodeEventID(record.id), standing: standing,
            payload: Message.annunciation(annunciation).encode())
        noted = event.id
        journal.append(event, urgent: record.alarmClass > .trouble, now: now.uptime)
    }
}
