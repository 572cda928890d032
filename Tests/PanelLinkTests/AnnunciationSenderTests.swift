// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import PanelLink

private func heard(_ id: EventID, _ revision: UInt32, _ sounding: Sounding = .confirmed) -> Receipt {
    Receipt(id: id, revision: revision, listed: true, sounding: sounding)
}

/// When each terminal is sent to, looked at every millisecond.
private func times(_ sender: inout AnnunciationSender, _ range: Range<Int>) -> [TerminalID: [Int]] {
    var times: [TerminalID: [Int]] = [:]
    for ms in range {
        for (terminal, _) in sender.due(at(ms: ms)) { times[terminal, default: []].append(ms) }
    }
    return times
}

@Test func sender_repeatsAndWidens_whenNobodyAnswers() {
    var sender = AnnunciationSender()
    sender.publish(
        alarm(), revision: 1, rings: [[postA], [], [postB], [postC]], needsSound: true, now: at(ms: 0))
    let sent = times(&sender, 0..<6_500)
    #expect(sent[postA] == [0, 50, 150, 400, 1_000, 2_000, 4_000, 6_000])
    #expect(sent[postB]?.first == 400)
    #expect(sent[postC]?.first == 800)
    #expect(sender.deadline == at(ms: 6_800))
}

@Test func sender_staysSilent_whenConfirmed() {
    var sender = AnnunciationSender()
    sender.publish(alarm(), revision: 1, rings: [[postA], [postB]], needsSound: true, now: at(ms: 0))
    _ = times(&sender, 0..<10)
    let outcome = sender.receipt(from: postA, heard(alarm(), 1), now: at(ms: 10))
    #expect(outcome.firstConfirmation && outcome.targetDone && !outcome.finished)
    #expect(sender.confirmedBy(alarm()) == [postA])
    #expect(times(&sender, 10..<10_000).isEmpty)
    #expect(sender.deadline == nil)
    #expect(!sender.receipt(from: postA, heard(alarm(), 1), now: at(ms: 20)).firstConfirmation)
}

@Test func sender_keepsOnAndWidens_whenListedButNotHeard() {
    var sender = AnnunciationSender()
    sender.publish(alarm(), revision: 1, rings: [[postA], [postB]], needsSound: true, now: at(ms: 0))
    _ = times(&sender, 0..<10)
    let outcome = sender.receipt(from: postA, heard(alarm(), 1, .failed), now: at(ms: 10))
    #expect(!outcome.firstConfirmation && !outcome.targetDone)
    let sent = times(&sender, 10..<5_000)
    #expect(sent[postA] == [2_010, 4_010] && sent[postB]?.first == 400)
    #expect(sender.receipt(from: postA, heard(alarm(), 1), now: at(ms: 5_000)).firstConfirmation)
    #expect(sender.confirmedBy(alarm()) == [postA])
}

@Test func sender_takesAListForAConfirmation_whenNoSoundIsNeeded() {
    var sender = AnnunciationSender()
    sender.publish(alarm(), revision: 1, rings: [[postA]], needsSound: false, now: at(ms: 0))
    #expect(sender.receipt(from: postA, heard(alarm(), 1, .failed), now: at(ms: 1)).targetDone)
}

@Test func sender_keepsOn_whenThePostHasNoRoom() {
    var sender = AnnunciationSender()
    sender.publish(alarm(), revision: 1, rings: [[postA]], needsSound: false, now: at(ms: 0))
    let full = Receipt(id: alarm(), revision: 1, listed: false, sounding: .confirmed)
    #expect(sender.receipt(from: postA, full, now: at(ms: 1)) == SenderOutcome())
    #expect(!times(&sender, 1..<3_000).isEmpty)
}

@Test func sender_bringsANewRevisionToAllAddressed_andIgnoresOlderReceipts() {
    var sender = AnnunciationSender()
    let rings = [[postA], [postB], [postC]]
    sender.publish(alarm(), revision: 1, rings: rings, needsSound: true, now: at(ms: 0))
    _ = times(&sender, 0..<500)
    _ = sender.receipt(from: postA, heard(alarm(), 1), now: at(ms: 500))
    sender.publish(alarm(), revision: 2, rings: rings, needsSound: false, now: at(ms: 600))
    #expect(times(&sender, 600..<601).keys.sorted() == [postA, postB])
    #expect(!sender.receipt(from: postA, heard(alarm(), 1), now: at(ms: 610)).targetDone)
    #expect(sender.receipt(from: postA, heard(alarm(), 2, .notRequired), now: at(ms: 620)).targetDone)
    #expect(sender.receipt(from: postA, heard(alarm(), 3), now: at(ms: 630)) == SenderOutcome())
    sender.publish(alarm(), revision: 1, rings: rings, needsSound: true, now: at(ms: 640))
    #expect(times(&sender, 640..<645)[postA] == nil)
}

@Test func sender_reachesAFurtherRing_whenTheLadderSaysSo() {
    var sender = AnnunciationSender()
    sender.publish(
        alarm(), revision: 1, rings: [[postA], [postB], [postC]], needsSound: true, now: at(ms: 0))
    _ = sender.receipt(from: postA, heard(alarm(), 1), now: at(ms: 1))
    sender.reach(alarm(), ring: 1, now: at(ms: 30_000))
    #expect(times(&sender, 30_000..<30_001) == [postB: [30_000]])
    sender.reach(alarm(), ring: 99, now: at(ms: 60_000))
    #expect(sender.addressed(alarm()) == [postA, postB, postC])
}

@Test func sender_ringsElsewhereAtOnce_whenTheConfirmingPostIsLost() {
    var sender = AnnunciationSender()
    sender.publish(alarm(), revision: 1, rings: [[postA], [postB]], needsSound: true, now: at(ms: 0))
    _ = sender.receipt(from: postA, heard(alarm(), 1), now: at(ms: 1))
    #expect(times(&sender, 1..<9_000).isEmpty)
    sender.peerLost(postA, now: at(ms: 9_000))
    #expect(sender.confirmedBy(alarm()).isEmpty)
    #expect(times(&sender, 9_000..<9_001)[postB] == [9_000])
    _ = sender.receipt(from: postB, heard(alarm(), 1), now: at(ms: 9_002))
    #expect(sender.confirmedBy(alarm()) == [postB])
}

@Test func sender_asksAnewEverySecond_whileItStaysAsked() {
    var sender = AnnunciationSender()
    let rings = [[postA], [postB]]
    sender.publish(alarm(), revision: 1, rings: rings, needsSound: true, staysAsked: true, now: at(ms: 0))
    var asked: [Int] = []
    for ms in 0..<60_000 {
        for (terminal, id) in sender.due(at(ms: ms)) {
            #expect(terminal == postA)
            asked.append(ms)
            let outcome = sender.receipt(from: terminal, heard(id, 1), now: at(ms: ms))
            #expect(outcome.firstConfirmation == (asked.count == 1))
        }
    }
    #expect((500..<1_500).contains(asked[1]))
    #expect(zip(asked.dropFirst(), asked.dropFirst(2)).allSatisfy { $1 - $0 == Limits.confirmationAskMs })
    sender.publish(alarm(), revision: 2, rings: rings, needsSound: false, now: at(ms: 60_000))
    #expect(times(&sender, 60_000..<60_001) == [postA: [60_000]])
    _ = sender.receipt(from: postA, heard(alarm(), 2, .notRequired), now: at(ms: 60_001))
    #expect(times(&sender, 60_001..<90_000).isEmpty, "attended: nobody is asked any more")
    #expect(sender.confirmedBy(alarm()) == [postA])
}

@Test func sender_ringsElsewhereInFourSeconds_whenTheConfirmingPostFallsSilent() {
    var sender = AnnunciationSender()
    sender.publish(
        alarm(), revision: 1, rings: [[postA], [postB]], needsSound: true, staysAsked: true, now: at(ms: 0))
    _ = sender.receipt(from: postA, heard(alarm(), 1), now: at(ms: 1))
    let sent = times(&sender, 1..<4_001)
    #expect(sent[postB] == nil && (sent[postA]?.count ?? 0) >= 5, "it is asked as often as at first")
    #expect(
        sender.confirmedBy(alarm()) == [postA] && !sender.isSilent(postA, about: alarm(), now: at(ms: 4_000)))
    #expect(times(&sender, 4_001..<4_002)[postB] == [4_001])
    #expect(sender.confirmedBy(alarm()).isEmpty && sender.isSilent(postA, about: alarm(), now: at(ms: 4_001)))
    let outcome = sender.receipt(from: postA, heard(alarm(), 1), now: at(ms: 5_000))
    #expect(!outcome.firstConfirmation && sender.confirmedBy(alarm()) == [postA], "it was only the cable")
}

@Test func sender_ringsNobodyFurther_whenOneOfTwoConfirmingPostsFallsSilent() {
    var sender = AnnunciationSender()
    sender.publish(
        alarm(), revision: 1, rings: [[postA, postB], [postC]], needsSound: true, staysAsked: true,
        now: at(ms: 0))
    for terminal in [postA, postB] { _ = sender.receipt(from: terminal, heard(alarm(), 1), now: at(ms: 1)) }
    for ms in 1..<20_000 {
        for (terminal, id) in sender.due(at(ms: ms)) where terminal != postA {
            #expect(terminal == postB)
            _ = sender.receipt(from: terminal, heard(id, 1), now: at(ms: ms))
        }
    }
    #expect(sender.confirmedBy(alarm()) == [postB])
}

@Test func sender_spreadsItsAskings_whenAFullListStands() {
    var sender = AnnunciationSender()
    for sequence in 1...500 as ClosedRange<UInt64> {
        sender.publish(
            alarm(sequence), revision: 1, rings: [[postA]], needsSound: true, staysAsked: true, now: at(ms: 0)
        )
    }
    var busiest = 0
    var count = 0
    for ms in 0..<11_500 {
        let sends = sender.due(at(ms: ms))
        for (terminal, id) in sends { _ = sender.receipt(from: terminal, heard(id, 1), now: at(ms: ms)) }
        guard ms >= 1_500 else { continue }
        busiest = max(busiest, sends.count)
        count += sends.count
    }
    #expect(count == 5_000 && busiest <= 10, "\(count) in ten seconds, \(busiest) in one millisecond")
}

@Test func sender_startsAnewForAPeer_whenItRestarted() {
    var sender = AnnunciationSender()
    sender.publish(alarm(), revision: 1, rings: [[postA], [postB]], needsSound: true, now: at(ms: 0))
    _ = sender.receipt(from: postA, heard(alarm(), 1), now: at(ms: 1))
    sender.peerRestarted(postA, now: at(ms: 5_000))
    // It gets the time of a first sending to confirm again before others are rung.
    let sent = times(&sender, 5_000..<5_500)
    #expect(sent[postA] == [5_000, 5_050, 5_150, 5_400] && sent[postB] == [5_400, 5_450])
}

@Test func sender_sendsAtOnce_whenTheLinkIsRenamed() {
    var sender = AnnunciationSender()
    sender.publish(alarm(), revision: 1, rings: [[postA, postB]], needsSound: true, now: at(ms: 0))
    #expect(sender.due(at(ms: 0)).count == 2)
    sender.renamed(postA, now: at(ms: 3))
    #expect(times(&sender, 3..<40) == [postA: [3]])
}

@Test func sender_letsGo_whenAllHaveTheClear_andKeepsItForALostPost() {
    var sender = AnnunciationSender()
    sender.publish(alarm(), revision: 1, rings: [[postA, postB], [postC]], needsSound: true, now: at(ms: 0))
    _ = sender.receipt(from: postA, heard(alarm(), 1), now: at(ms: 1))
    sender.peerLost(postB, now: at(ms: 2))
    sender.publish(
        alarm(), revision: 2, rings: [[postA, postB], [postC]], needsSound: false, now: at(ms: 3))
    #expect(sender.finish(alarm()) == false)
    #expect(!sender.receipt(from: postA, heard(alarm(), 2, .notRequired), now: at(ms: 4)).finished)
    let sent = times(&sender, 4..<8_000)
    #expect(sent[postA] == nil && sent[postC] == nil && sent[postB]?.isEmpty == false)
    sender.peerRestarted(postB, now: at(ms: 8_000))
    #expect(sender.receipt(from: postB, heard(alarm(), 2, .notRequired), now: at(ms: 8_001)).finished)
    #expect(!sender.contains(alarm()) && sender.finish(alarm()))
}

@Test func sender_refusesAtItsBound_unlessSomethingIsFinished() {
    var sender = AnnunciationSender(deliveriesMax: 2)
    for sequence in 1...2 as ClosedRange<UInt64> {
        #expect(
            sender.publish(alarm(sequence), revision: 1, rings: [[postA]], needsSound: true, now: at(ms: 0))
                == true)
    }
    #expect(
        sender.publish(alarm(3), revision: 1, rings: [[postA]], needsSound: true, now: at(ms: 0)) == false)
    sender.finish(alarm(2))
    #expect(sender.publish(alarm(3), revision: 1, rings: [[postA]], needsSound: true, now: at(ms: 0)) == true)
    #expect(sender.count == 2 && !sender.contains(alarm(2)))
    sender.forget(alarm(1))
    sender.forget(peer: postA)
    #expect(sender.addressed(alarm(3)).isEmpty)
}

/// Posts that lose datagrams and receipts, restart and fall silent; revisions that come on. In the end all
/// addressed have the newest revision.
@Test(arguments: [0, 10, 30, 60, 90, 95])
func sender_endsWithEverybodyAtTheNewestRevision_whateverIsLost(lossPercent: Int) {
    for seed in 0..<20 as Range<UInt64> {
        var random = SeededRandom(seed &* 100 &+ UInt64(lossPercent))
        var sender = AnnunciationSender()
        var revisions: [EventID: UInt32] = [:]
        var known: [TerminalID: [EventID: UInt32]] = [:]
        let rings = [[postA], [postB], [postC]]
        func receive(_ terminal: TerminalID, _ id: EventID, _ now: Uptime) {
            if random.chance(lossPercent) { return }
            known[terminal, default: [:]][id] = revisions[id]
            if random.chance(lossPercent) { return }
            _ = sender.receipt(
                from: terminal, heard(id, revisions[id]!, random.chance(10) ? .failed : .confirmed), now: now)
        }
        var ms = 0
        while ms < 20_000 {
            let now = at(ms: ms)
            if random.chance(20) {
                let id = alarm(.random(in: 1...6, using: &random))
                revisions[id, default: 0] += 1
                sender.publish(
                    id, revision: revisions[id]!, rings: rings, needsSound: random.chance(50),
                    staysAsked: random.chance(50), now: now)
            }
            if random.chance(5) {
                let terminal = rings.randomElement(using: &random)![0]
                if random.chance(50) {
                    known[terminal] = [:]
                    sender.peerRestarted(terminal, now: now)
                } else {
                    sender.peerLost(terminal, now: now)
                }
            }
            for (terminal, id) in sender.due(now) { receive(terminal, id, now) }
            ms += Int.random(in: 1...100, using: &random)
        }
        // Nothing new any more; driven by its own deadlines alone.
        for id in revisions.keys { sender.finish(id) }
        var turns = 0
        while let deadline = sender.deadline, turns < 100_000 {
            turns += 1
            for (terminal, id) in sender.due(deadline) { receive(terminal, id, deadline) }
            for id in revisions.keys where sender.contains(id) == false {
                for terminal in known.keys where known[terminal]?[id] != nil {
                    #expect(known[terminal]?[id] == revisions[id])
                }
            }
        }
        #expect(sender.count == 0 && sender.deadline == nil)
        for id in revisions.keys { #expect(known[postA]?[id] == revisions[id]) }
    }
}
