// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import Journal

private func waiting(_ sequence: UInt64, _ stream: Facility.Stream, urgent: Bool = false)
    -> JournalQueue.Waiting
{
    .init(
        event: JournalTrial.event(sequence, stream: stream), urgent: urgent,
        since: Uptime(nanoseconds: sequence))
}

@Test func queue_givesUpTroublesBeforeAlarms_whenOnlyTheAlarmStreamWaits() {
    var queue = JournalQueue()
    queue.add(waiting(1, .alarm, urgent: true))
    queue.add(waiting(2, .alarm))
    let urgent = waiting(3, .alarm, urgent: true)
    for _ in 0..<(Limits.journalQueueCount - 2) { queue.add(urgent) }
    queue.add(urgent)
    #expect(queue.depth == Limits.journalQueueCount)
    #expect(queue.take(alarmsOnly: true).prefix(2).map(\.id.sequence) == [1, 3])
    queue.giveBack()
    queue.add(urgent)
    #expect(queue.takeReports() == [.dropped(2)])
    #expect(queue.take(alarmsOnly: false).first?.id.sequence == 3)
}

@Test func queue_keepsTheOrderWithinAStream_whenABatchIsGivenBack() {
    var queue = JournalQueue()
    for sequence in 1...300 { queue.add(waiting(UInt64(sequence), sequence % 3 == 0 ? .alarm : .health)) }
    _ = queue.take(alarmsOnly: false)
    queue.add(waiting(301, .health))
    queue.giveBack()
    var taken: [JournalEvent] = []
    while true {
        let batch = queue.take(alarmsOnly: false)
        if batch.isEmpty { break }
        #expect(batch.count <= Limits.journalBatchCount)
        taken += batch
        queue.stored()
    }
    #expect(taken.count == 301 && queue.depth == 0)
    for stream in [Facility.Stream.alarm, .health] {
        let order = taken.filter { $0.id.stream == stream }.map(\.id.sequence)
        #expect(order == order.sorted())
    }
}

@Test func queue_takesOnlyAlarms_whenSpaceIsShort() {
    var queue = JournalQueue()
    queue.add(waiting(1, .health))
    queue.add(waiting(2, .alarm))
    #expect(queue.take(alarmsOnly: true).map(\.id.sequence) == [2])
    queue.stored()
    #expect(queue.take(alarmsOnly: true).isEmpty && queue.depth == 1)
}
