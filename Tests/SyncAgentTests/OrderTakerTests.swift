// SPDX-License-Identifier: Apache-2.0
import Facility
import TestBoard
import Testing

@testable import SyncAgent

@Test func order_isNotDone_whenItWaitedTooLongBehindOthers() {
    let taker = OrderTaker(terminal: .cell, daemon: "/nowhere/alarm.sock")
    let order = Order(order: 1, kind: "dance", alarm: nil, officer: nil)
    let receivedAt = Uptime.ms(1_000)
    let inTime = taker.perform(
        order, receivedAt: receivedAt, now: receivedAt.advanced(ms: Limits.orderKeptMs - 1))
    #expect(inTime.refusal == "notAllowed", "looked at, and unknown")
    let late = taker.perform(order, receivedAt: receivedAt, now: receivedAt.advanced(ms: Limits.orderKeptMs))
    #expect(late.refusal == "cellUnreachable")
}
