// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import Facility
import Foundation
import TestBoard

/// A site of `zones` wards with `cells` cells each and one post, `post-a`, in the first.
func makeBook(zones: Int = 1, cells: Int = 3) -> PlaceBook {
    var terminals = [makePlace("post-a", .post, "ward-1")]
    for zone in 1...zones {
        for cell in 1...cells {
            terminals.append(makePlace("cell-\(zone * 1_000 + cell)", .cell, "ward-\(zone)"))
        }
    }
    let site = Site(
        name: "站", terminals: terminals, rings: [:], ladderMs: Limits.ladderDefaultMs,
        officers: [Officer(id: .named("P1042"), name: "王"), Officer(id: .named("P2"), name: "李")])
    return PlaceBook(site: site)
}

private func makePlace(_ id: String, _ role: TerminalRole, _ zone: String) -> Terminal {
    Terminal(
        id: .named(id), role: role, zone: .named(zone), title: "室 \(id)", address: 0x7f00_0001, port: 1,
        publicKey: [UInt8](repeating: 1, count: 32))
}

let ward1 = ZoneID.named("ward-1")
let cell1 = TerminalID.named("cell-1001")
let cell2 = TerminalID.named("cell-1002")

/// `ms` after the beginning: uptime 1 h, wall 2026-11-22 08:00:00 in China.
func at(_ ms: Int) -> Moment {
    Moment(uptime: .ms(3_600_000 + ms), wallMs: beginMs + Int64(ms), uncertaintyMs: 5)
}
let beginMs: Int64 = 1_795_305_600_000

func makeAlarm(
    _ sequence: UInt64, _ alarmClass: AlarmClass = .emergency, at terminal: TerminalID = cell1,
    cause: AlarmCause? = nil, presses: UInt32 = 1, raisedAtMs: Int64 = beginMs,
    change: (inout AlarmRecord) -> Void = { _ in }
) -> DatedAlarm {
    var record = makeRecord(
        alarmClass, id: makeID(sequence, terminal: terminal), cause: cause, presses: presses)
    change(&record)
    return DatedAlarm(record, raisedAtMs: raisedAtMs)
}

func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
