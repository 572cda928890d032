// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Facility
import PanelLink
import Testing

/// A process that takes so many datagrams and then no more until it has read.
private struct Reader {
    var room: Int
    var taken: [UInt8] = []
    var isGone = false

    mutating func take(_ bytes: [UInt8]) -> LocalSending {
        if isGone { return .gone }
        guard room > 0 else { return .full }
        room -= 1
        taken += bytes
        return .sent
    }
}

private let start = Uptime(nanoseconds: 1_000_000_000)

@Test func replies_arriveWholeAndInOrder_whenTheReaderIsSlow() throws {
    var replies = LocalReplies()
    var reader = Reader(room: 10)
    for part in 0..<200 { replies.add([UInt8(part)], to: "tool", now: start) { bytes, _ in reader.take(bytes) } }
    #expect(replies.count == 190)
    var now = start
    while let deadline = replies.deadline {
        #expect(deadline > now)
        now = deadline
        reader.room = 10
        replies.elapsed(now: now) { bytes, _ in reader.take(bytes) }
    }
    #expect(reader.taken == (0..<200).map { UInt8($0) })
    #expect(now.ms(since: start) < Limits.deskAnswerMs)
}

@Test func replies_holdNobodyElseUp_whenOneReaderIsFrozen() {
    var replies = LocalReplies()
    var reader = Reader(room: 10)
    for part in 0..<5 { replies.add([UInt8(part)], to: "frozen", now: start) { _, _ in .full } }
    replies.add([7], to: "tool", now: start) { bytes, _ in reader.take(bytes) }
    #expect(reader.taken == [7])
    let late = start.advanced(ms: Limits.localReplyGiveUpMs)
    replies.elapsed(now: late) { _, _ in .full }
    #expect(replies.count == 0)
    #expect(replies.deadline == nil)
}

@Test func replies_areForgotten_whenTheReaderIsGone() {
    var replies = LocalReplies()
    var reader = Reader(room: 0)
    for part in 0..<5 { replies.add([UInt8(part)], to: "tool", now: start) { bytes, _ in reader.take(bytes) } }
    reader.isGone = true
    replies.elapsed(now: start.advanced(ms: Limits.localReplyRetryMs)) { bytes, _ in reader.take(bytes) }
    #expect(replies.count == 0)
}

@Test func replies_stayBounded_whenNobodyReads() {
    var replies = LocalReplies()
    for _ in 0...Limits.localRepliesMaxCount { replies.add([0], to: "frozen", now: start) { _, _ in .full } }
    #expect(replies.count == Limits.localRepliesMaxCount)
}
