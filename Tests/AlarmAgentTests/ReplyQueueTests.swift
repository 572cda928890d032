// SPDX-License-Identifier: Apache-2.0
import AlarmAgent
import Facility
import TestBoard
import Testing

@Suite struct ReplyQueueTests {
    @Test func replies_arriveWholeAndInOrder_whenTheReaderHasRoomForTen() {
        var queue = ReplyQueue()
        var unread: [UInt8] = []
        var read: [UInt8] = []
        let send: ([UInt8], String) -> ReplyQueue.Sending = { bytes, _ in
            guard unread.count < 10 else { return .full }
            unread += bytes
            return .sent
        }
        for number in 0..<200 { queue.reply([UInt8(number)], to: "tool", now: .ms(0), send: send) }
        var ms = 0
        while queue.deadline(now: .ms(ms)) != nil, ms < 1_000 {
            read += unread
            unread = []
            ms += Limits.localReplyRetryMs
            queue.elapsed(now: .ms(ms), send: send)
        }
        #expect(read + unread == (0..<200).map { UInt8($0) })
    }

    @Test func reader_isGivenUp_whenItReadsNothing() {
        var queue = ReplyQueue()
        queue.reply([1], to: "tool", now: .ms(0)) { _, _ in .full }
        queue.elapsed(now: .ms(Limits.localReaderMs + 1)) { _, _ in .full }
        #expect(queue.deadline(now: .ms(Limits.localReaderMs + 1)) == nil)
    }

    @Test func reader_isGivenUp_whenItLagsBehindTheBound() {
        var queue = ReplyQueue()
        for _ in 0...Limits.localRepliesMaxCount {
            queue.reply([1], to: "tool", now: .ms(0)) { _, _ in .full }
        }
        #expect(queue.deadline(now: .ms(0)) == nil)
    }

    @Test func reader_isForgotten_whenItIsGone() {
        var queue = ReplyQueue()
        queue.reply([1], to: "tool", now: .ms(0)) { _, _ in .full }
        queue.elapsed(now: .ms(1)) { _, _ in .gone }
        #expect(queue.deadline(now: .ms(1)) == nil)
    }
}
