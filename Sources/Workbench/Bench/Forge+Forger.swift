// SPDX-License-Identifier: Apache-2.0
import Alarms
import CLinux
import DeskLink
import Facility
import Foundation
import PanelLink
import Synchronization

/// Sends what nobody may take, at a rate, to a post and to a cell: a thread of its own ("forger"), one
/// socket.
final class Forger: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        /// Any bytes.
        case noise
        /// Our magic, a listed sender, a whole message, sealed with another key.
        case forged
        /// As it was heard on the cable.
        case replayed
        /// Several as they were heard, the newest first.
        case reordered
        /// As heard, but for one bit.
        case flipped
    }

    struct Count: Sendable {
        var sent: [Kind: Int] = [:]
        /// By direction; the kernel took them.
        var delivered = [0, 0]
        var seconds = 0.0
        var isOver = false
    }

    private let count = Mutex(Count())
    private let socket: DatagramSocket
    private let tap: Wiretap
    private let impostors: [ImpostorLink]

    /// Links that name themselves as the cell and as the post, with keys of their own.
    struct ImpostorLink: Sendable {
        let link: Link
        let peer: TerminalID
    }

    init(tap: Wiretap, site: Site, cell: TerminalID, post: TerminalID) throws(Fault) {
        self.tap = tap
        socket = try DatagramSocket(address: 0x7f00_0001, port: 0)
        impostors = [(cell, post), (post, cell)].map { own, peer in
            let key = site.terminal(peer)?.publicKey ?? []
            let link = Link(own: own, keys: .generate(), run: .random(in: 1 ... .max), peers: [(peer, key)])
            return ImpostorLink(link: link, peer: peer)
        }
    }

    var counted: Count { count.withLock { $0 } }

    func begin(count total: Int, rate: Int, seed: UInt64) {
        let thread = Thread { [self] in flood(total, rate, seed) }
        thread.name = "forger"
        thread.start()
    }

    private func flood(_ total: Int, _ rate: Int, _ seed: UInt64) {
        var dice = Dice(seed: seed)
        var links = impostors.map(\.link)
        var own = Count()
        var sent = 0
        let began = Uptime.now
        while sent < total {
            let heard = Wiretap.Direction.allCases.map { tap.heard($0) }
            let due = min(total, Int(Uptime.now.us(since: began)) * rate / 1_000_000)
            while sent < due {
                // Most of it at the post: that is where the alarm has to be heard.
                let direction: Wiretap.Direction = dice.chance(75) ? .toPost : .toCell
                let kind = dice.pick(Kind.allCases)
                for bytes in make(kind, direction, heard[direction.rawValue], &links, &dice) {
                    own.sent[kind, default: 0] += 1
                    sent += 1
                    if socket.send(bytes, address: 0x7f00_0001, port: tap.target(direction)) {
                        own.delivered[direction.rawValue] += 1
                    }
                }
            }
            count.withLock { $0 = own }
            pause(ms: 1)
        }
        own.seconds = Double(Uptime.now.us(since: began)) / 1_000_000
        own.isOver = true
        count.withLock { $0 = own }
    }

    private func make(
        _ kind: Kind, _ direction: Wiretap.Direction, _ heard: [[UInt8]], _ links: inout [Link],
        _ dice: inout Dice
    ) -> [[UInt8]] {
        switch kind {
        case .noise: return [dice.bytes(dice.chance(5) ? dice.within(1...1_400) : dice.within(1...200))]
        case .forged:
            let place = direction.rawValue
            let sealed = links[place].seal(message(direction, &dice), to: impostors[place].peer)
            return sealed.map { [$0] } ?? []
        case .replayed: return heard.isEmpty ? [] : [dice.pick(heard)]
        case .reordered:
            guard heard.count >= 4 else { return [] }
            let from = dice.within(0...heard.count - 4)
            return heard[from..<from + 4].reversed()
        case .flipped:
            guard !heard.isEmpty else { return [] }
            var bytes = dice.pick(heard)
            bytes[dice.within(0...bytes.count - 1)] ^= 1 << UInt8(dice.within(0...7))
            return [bytes]
        }
    }

    /// What would do harm if it were taken: an alarm of nobody's, an officer's clearing, a receipt for
    /// nothing.
    private func message(_ direction: Wiretap.Direction, _ dice: inout Dice) -> Message {
        let cell = impostors[Wiretap.Direction.toCell.rawValue].peer
        let post = impostors[Wiretap.Direction.toPost.rawValue].peer
        let id = EventID(terminal: cell, stream: .alarm, run: dice.next() | 1, sequence: 1)
        switch direction {
        case .toPost:
            let record = AlarmRecord(
                id: id, point: AlarmPoint(terminal: cell, name: TestSite.button), alarmClass: .emergency,
                cause: .press,
                raised: Moment(uptime: .now, wallMs: 0, uncertaintyMs: Limits.wallUnknownMs))
            return .annunciation(Annunciation(record: record, ageMs: 0, custodian: cell))
        case .toCell:
            return .action(
                ActionRequest(
                    actionID: dice.next() | 1, alarm: id, action: .clear,
                    source: ActionSource(post: post, officer: OfficerID("P1"))))
        }
    }
}
