// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Testing

@testable import PanelLink

@Test func record_isTheSame_whenEncodedAndDecoded() throws {
    var random = SeededRandom(1)
    for _ in 0..<2_000 {
        let record = random.record()
        let bytes = encodeRecord(record)
        #expect(bytes.count == recordBytes)
        #expect(try decodeRecord(bytes) == record)
    }
}

/// The journal keeps these bytes for years: a change of the layout must be seen here.
@Test func record_hasTheDocumentedLayout() {
    let raised = Moment(uptime: Uptime(nanoseconds: 0x0102), wallMs: -1, uncertaintyMs: 5)
    var record = AlarmRecord(
        id: alarm(9), point: AlarmPoint(terminal: cell, name: PointName("button")!), alarmClass: .emergency,
        cause: .press, raised: raised, attendanceWired: true, revision: 0x0a0b, presses: 2)
    record.cleared = Deed(afterMs: 1, terminal: postA, officer: nil, ground: .line)
    let bytes = encodeRecord(record)
    #expect(Array(bytes[0..<16]) == Array("cell-101".utf8) + [UInt8](repeating: 0, count: 8))
    #expect(bytes[16] == 1 && bytes[17] == 7 && bytes[25] == 9)
    #expect(Array(bytes[49..<56]) == Array("button".utf8) + [0])
    #expect(Array(bytes[65..<69]) == [3, 1, 2, 0])
    #expect(Array(bytes[69..<71]) == [2, 1] && bytes[77] == 0xff && bytes[85] == 5)
    #expect(Array(bytes[89..<95]) == [0x0b, 0x0a, 0, 0, 2, 0])
    #expect(bytes[101..<286].allSatisfy { $0 == 0 })
    #expect(Array(bytes[286..<292]) == [2, 1, 0, 0, 0, UInt8(ascii: "p")])
}

@Test func record_isRefused_whenAnAbsentDeedIsNotZero() {
    let raised = Moment(uptime: Uptime(nanoseconds: 0), wallMs: 0, uncertaintyMs: 0)
    let point = AlarmPoint(terminal: cell, name: PointName("button")!)
    var bytes = encodeRecord(
        AlarmRecord(id: alarm(), point: point, alarmClass: .cellCall, cause: .press, raised: raised))
    bytes[102] = 1
    #expect(throws: WireRefusal.notZeroWhenAbsent) { try decodeRecord(bytes) }
}
