// SPDX-License-Identifier: Apache-2.0
import Alarms
import Facility
import Testing

@testable import PanelLink

private func request(_ id: UInt64) -> ActionRequest {
    ActionRequest(
        actionID: id, alarm: alarm(), action: .acknowledge, source: ActionSource(post: postA, officer: nil))
}

private func reply(_ id: UInt64, _ refusal: AlarmRefusal? = nil) -> ActionReply {
    ActionReply(actionID: id, refusal: refusal, revision: 1)
}

@Test func action_isRepeatedAndGivenUp_whenTheCellIsSilent() {
    var sender = ActionSender()
    #expect(sender.submit(request(1), to: cell, now: at(ms: 0)) == true)
    var times: [Int] = []
    var givenUp: [Int] = []
    for ms in 0..<12_000 {
        times += sender.due(at(ms: ms)).map { _ in ms }
        givenUp += sender.givenUp(at(ms: ms)).map { _ in ms }
    }
    #expect(times == [0, 50, 150, 400, 1_000, 2_000, 4_000, 6_000, 8_000, 10_000])
    #expect(givenUp == [10_000] && sender.deadline == nil)
}

@Test func action_endsWithItsReply_fromTheCellAlone() {
    var sender = ActionSender()
    _ = sender.submit(request(1), to: cell, now: at(ms: 0))
    _ = sender.submit(request(1), to: cell, now: at(ms: 1))
    #expect(sender.count == 1)
    #expect(sender.reply(from: postB, reply(1)) == nil && sender.reply(from: cell, reply(2)) == nil)
    #expect(sender.reply(from: cell, reply(1)) == request(1))
    #expect(sender.reply(from: cell, reply(1)) == nil && sender.due(at(ms: 50)).isEmpty)
}

@Test func action_isSentAtOnce_whenTheLinkIsRenamed() {
    var sender = ActionSender()
    _ = sender.submit(request(1), to: cell, now: at(ms: 0))
    #expect(sender.due(at(ms: 0)).count == 1)
    sender.renamed(cell, now: at(ms: 5))
    #expect(sender.deadline == at(ms: 5) && sender.due(at(ms: 5)).count == 1)
}

@Test func action_isRefused_whenTooManyAreUnderWay() {
    var sender = ActionSender()
    for id in 0..<UInt64(Limits.actionsMaxCount) {
        #expect(sender.submit(request(id), to: cell, now: at(ms: 0)) == true)
    }
    #expect(sender.submit(request(9_999), to: cell, now: at(ms: 0)) == false)
}

@Test func memory_answersARepeatAlike_andForgetsTheOldestFirst() {
    var memory = ActionMemory()
    memory.remember(reply(1), to: postA)
    memory.remember(reply(1, .alreadyCleared), to: postA)
    #expect(memory.reply(to: 1, from: postA) == reply(1) && memory.reply(to: 1, from: postB) == nil)
    for id in 2...UInt64(Limits.actionMemoryCount) { memory.remember(reply(id), to: postA) }
    #expect(memory.reply(to: 1, from: postA) != nil)
    memory.remember(reply(5_000), to: postA)
    #expect(memory.reply(to: 1, from: postA) == nil && memory.reply(to: 2, from: postA) != nil)
    for id in 6_000..<8_000 as Range<UInt64> { memory.remember(reply(id), to: postA) }
    #expect(memory.reply(to: 7_999, from: postA) != nil && memory.reply(to: 5_000, from: postA) == nil)
}
