// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import TestBoard

@testable import Sync

typealias Chance = SeededGenerator

extension TerminalID {
    static let bench = TerminalID.named("cell-101")
    static let other = TerminalID.named("cell-102")
}

extension BootID {
    static let one = BootID.numbered(1)
    static let two = BootID.numbered(2)

    static func numbered(_ number: UInt64) -> BootID {
        guard let boot = BootID(high: 0, low: number) else { preconditionFailure("no boot") }
        return boot
    }
}

extension Uptime {
    static let zero = Uptime(nanoseconds: 0)
}

let someWallMs: Int64 = 1_795_331_392_123

func makeEvent(_ entry: JournalEntry, boot: BootID? = .one) -> SyncEvent {
    SyncEvent(entry: entry, boot: boot)
}

/// A stream as a journal would hold it: contiguous, chained. Entry `n` is made `n` s after the boot.
func makeEntries(
    _ count: Int, stream: Facility.Stream = .alarm, after head: StreamHead? = nil,
    terminal: TerminalID = .bench,
    generation: UInt64 = 0, run: UInt64 = 7, at: Moment? = nil, payload: [UInt8] = [1, 2, 3]
) -> [JournalEntry] {
    var entries: [JournalEntry] = []
    var hash = head?.hash ?? HashChain.genesis(terminal: terminal, stream: stream, generation: generation)
    var sequence = head?.sequence ?? JournalGeneration.base(generation)
    for _ in 0..<count {
        sequence += 1
        let place = sequence - JournalGeneration.base(generation)
        let moment = Moment(
            uptime: .ms(Int(place) * 1_000), wallMs: someWallMs + Int64(place) * 1_000, uncertaintyMs: 12)
        let event = JournalEvent(
            id: EventID(terminal: terminal, stream: stream, run: run, sequence: sequence), at: at ?? moment,
            kind: 1, subject: [0x61], standing: true, payload: payload)
        entries.append(entry(event, sequence: sequence, after: &hash))
    }
    return entries
}

/// The same with all that can differ drawn by chance.
func makeEntries(_ count: Int, using dice: inout Chance) -> [JournalEntry] {
    var sequence = JournalGeneration.base(UInt64(dice.below(3))) + UInt64(dice.below(5))
    var hash = dice.bytes(HashChain.hashBytes)
    return (0..<count).map { _ in
        sequence += 1
        let id = EventID(
            terminal: .bench, stream: dice.pick(Facility.Stream.allCases), run: dice.next(),
            sequence: dice.next())
        let isKnown = dice.chance(70)
        let moment = Moment(
            uptime: Uptime(nanoseconds: dice.next()),
            wallMs: dice.chance(50) ? someWallMs : Int64(bitPattern: dice.next()),
            uncertaintyMs: isKnown ? UInt32(dice.below(1_000_000)) : Limits.wallUnknownMs)
        let event = JournalEvent(
            id: id, at: moment, kind: UInt16(dice.below(65_536)), subject: dice.bytes(dice.below(20)),
            standing: dice.chance(50), payload: dice.bytes(dice.below(400)))
        return entry(event, sequence: sequence, after: &hash)
    }
}

private func entry(_ event: JournalEvent, sequence: UInt64, after hash: inout [UInt8]) -> JournalEntry {
    let previous = hash
    hash = HashChain.hash(of: event, sequence: sequence, after: previous)
    return JournalEntry(event: event, sequence: sequence, previousHash: previous, hash: hash)
}

extension JournalEntry {
    var head: StreamHead { StreamHead(stream: event.id.stream, sequence: sequence, hash: hash) }
}

extension Chance {
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

extension [UInt8] {
    /// One byte changed, lost or doubled, the rest cut off, or a character put in that means something.
    mutating func mutate(using dice: inout Chance) {
        guard !isEmpty else { return append(UInt8(truncatingIfNeeded: dice.next())) }
        let place = dice.below(count)
        switch dice.below(6) {
        case 0: self[place] = UInt8(truncatingIfNeeded: dice.next())
        case 1: self[place] ^= 1 << UInt8(dice.below(8))
        case 2: remove(at: place)
        case 3: insert(self[place], at: place)
        case 4: removeLast(count - place)
        default: self[place] = dice.pick(Array("\"\\{}[],:0-9eu \n\u{0}".utf8))
        }
    }
}
