// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
package import Paging

/// The system's time zones (TZif, RFC 8536), read by the tool and compiled into the timetable. Pure but for
/// one file; the tool's thread.
package enum ZoneInfo {
    package static let directory = "/usr/share/zoneinfo"
    /// Transitions are written out for these years; a rule of the zone file goes on as long.
    static let years = 2019...2099

    /// nil: there is no such zone, or its file is no zone.
    package static func offsets(_ name: String, in directory: String = directory) -> ZoneOffsets? {
        guard isName(name), let data = FileManager.default.contents(atPath: directory + "/" + name),
            data.count <= Limits.configurationTextMaxBytes
        else { return nil }
        return parse([UInt8](data), name: name)
    }

    static func isName(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return name.utf8.count <= 64 && parts.count <= 3
            && parts.allSatisfy { part in
                !part.isEmpty && part.first != "."
                    && part.utf8.allSatisfy { byte in
                        (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte)
                            || (0x30...0x39).contains(byte) || "+-_".utf8.contains(byte)
                    }
            }
    }

    /// The second block has 64 bits; behind it stands the rule for the time after its last transition.
    static func parse(_ bytes: [UInt8], name: String) -> ZoneOffsets? {
        guard let old = Header(bytes, at: 0), old.version >= UInt8(ascii: "2"),
            let header = Header(bytes, at: 44 + old.length(timeBytes: 4))
        else { return nil }
        let body = 44 + old.length(timeBytes: 4) + 44
        let end = body + header.length(timeBytes: 8)
        guard end + 1 < bytes.count, bytes[end] == 10, bytes.last == 10, header.types > 0 else { return nil }
        let typesAt = body + header.transitions * 9
        func offset(_ type: Int) -> Int32? {
            type < header.types ? Int32(truncatingIfNeeded: big(bytes, typesAt + type * 6, 4)) : nil
        }
        guard var inForce = offset(0) else { return nil }
        let begin = CivilDay(years.lowerBound, 1, 1)?.localStart ?? 0
        var first = inForce
        var table: [ZoneOffsets.Transition] = []
        var last = begin
        for index in 0..<header.transitions {
            let at = big(bytes, body + index * 8, 8)
            guard let next = offset(Int(bytes[body + header.transitions * 8 + index])) else { return nil }
            last = max(last, at)
            if at <= begin {
                first = next
            } else if next != inForce {
                table.append(.init(at: at, offset: next))
            }
            inForce = next
        }
        let footer = String(decoding: bytes[(end + 1)...].prefix { $0 != 10 }, as: UTF8.self)
        if !footer.isEmpty {
            guard let rule = ZoneRule(footer) else { return nil }
            for change in rule.transitions(years) where change.at > last {
                if change.offset != inForce { table.append(change) }
                inForce = change.offset
            }
            if table.isEmpty, rule.saving == nil { first = rule.standard }
        }
        return ZoneOffsets(name: name, first: first, transitions: table)
    }

    private struct Header {
        var version: UInt8
        var transitions: Int
        var types: Int
        private var others: Int
        private var leaps: Int

        init?(_ bytes: [UInt8], at place: Int) {
            guard bytes.count >= place + 44, bytes[place..<(place + 4)].elementsEqual("TZif".utf8) else {
                return nil
            }
            version = bytes[place + 4]
            let counts = (0..<6).map { Int(ZoneInfo.big(bytes, place + 20 + $0 * 4, 4)) }
            guard counts.allSatisfy({ (0...65_536).contains($0) }) else { return nil }
            (transitions, types, leaps) = (counts[3], counts[4], counts[2])
            others = counts[0] + counts[1] + counts[5]
        }

        func length(timeBytes: Int) -> Int {
            transitions * (timeBytes + 1) + types * 6 + others + leaps * (timeBytes + 4)
        }
    }

    private static func big(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int64 {
        var value: Int64 = bytes[place] & 0x80 == 0 ? 0 : -1
        for byte in bytes[place..<(place + count)] { value = value << 8 | Int64(byte) }
        return value
    }
}
