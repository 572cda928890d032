// SPDX-License-Identifier: Apache-2.0
package import Facility

/// A ledger as it is kept on the terminal's disk. What cannot be read is thrown: the desk then starts with an
/// empty one and says so.
extension PlayLedger {
    private static let magic = "WPPL1"

    package func encode() -> [UInt8] {
        var out = FixedWriter(magic: Self.magic)
        out.add(settledMs ?? .min)
        out.add(held) { out, one in
            out.add(one.occurrence)
            out.add(UInt8(one.hasBegun ? 1 : 0))
            out.add(one.positionMs)
            out.add(one.cause.rawValue)
        }
        out.add(begun) { $0.add($1) }
        return out.sealed()
    }

    package static func decode(_ bytes: [UInt8], at place: String) throws(Fault) -> PlayLedger {
        do throws(FixedDamage) {
            var reader = try FixedReader(bytes, magic: magic, maxBytes: Limits.timetableMaxBytes)
            let settled: Int64 = try reader.number()
            guard settled == .min || abs(settled / 2) < 1 << 50 else {
                throw FixedDamage(cause: "a time lies beyond all calendars")
            }
            let held = try reader.list(max: Limits.unitsHeldMaxCount) { reader throws(FixedDamage) in
                let occurrence = try reader.occurrence()
                let flag: UInt8 = try reader.number()
                let position: Int64 = try reader.number()
                guard (0...Int64(Limits.unitMaxMs)).contains(position) else {
                    throw FixedDamage(cause: "a place lies outside its unit")
                }
                return Held(
                    occurrence, hasBegun: flag == 1, positionMs: position, cause: try reader.choice())
            }
            let begun = try reader.list(max: 2 * Limits.playedMaxCount) { reader throws(FixedDamage) in
                try reader.occurrenceID()
            }
            try reader.end()
            return PlayLedger(settledMs: settled == .min ? nil : settled, held: held, begun: begun)
        } catch {
            throw Fault(
                "read what was played", at: place, cause: error.cause,
                hint: "It is begun anew; what sounded today is told by the journal.")
        }
    }
}

extension FixedWriter {
    mutating func add(_ id: OccurrenceID) {
        add(id.routine)
        add(id.day.number)
        add(id.at.seconds)
    }

    mutating func add(_ one: Occurrence) {
        add(one.id)
        add(one.title)
        add(one.unit)
        for byte in [one.rank.rawValue, one.resume.rawValue, one.isLeftOut ? 1 : 0] { add(byte) }
        for number in [one.start, one.end, one.cutoff] { add(number) }
        for number in [one.lasts, one.late] { add(number) }
    }
}

extension FixedReader {
    mutating func occurrenceID() throws(FixedDamage) -> OccurrenceID {
        let routine: RoutineID = try identifier()
        let day = CivilDay(number: try number())
        guard let at = ClockTime(seconds: try number()) else {
            throw FixedDamage(cause: "a time is no time of the day")
        }
        return OccurrenceID(routine: routine, day: day, at: at)
    }

    mutating func occurrence() throws(FixedDamage) -> Occurrence {
        let id = try occurrenceID()
        let (title, unit) = (try text(), try text())
        let rank: SoundRank = try choice()
        let resume: ResumePolicy = try choice()
        let flag: UInt8 = try number()
        let (start, end, cutoff): (Int64, Int64, Int64) = (try number(), try number(), try number())
        let (lasts, late): (Int32, Int32) = (try number(), try number())
        // Multiplied by a thousand later.
        guard [start, end, cutoff].allSatisfy({ abs($0 / 2) < 1 << 40 }), lasts > 0, late >= 0 else {
            throw FixedDamage(cause: "a time lies beyond all calendars")
        }
        return Occurrence(
            id: id, title: title, unit: unit, rank: rank, resume: resume, start: start, end: end,
            cutoff: cutoff, lasts: lasts, late: late, isLeftOut: flag == 1)
    }
}
