// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import PanelLink

/// Two terminals that can be started anew, and what each has taken.
private struct Pair {
    let cellKeys = LinkKeys.generate()
    let postKeys = LinkKeys.generate()
    var cellLink: Link
    var postLink: Link
    private var run: UInt64 = 1

    init() {
        cellLink = Link(own: cell, keys: cellKeys, run: 1, peers: [(postA, postKeys.publicKey)])
        postLink = Link(own: postA, keys: postKeys, run: 1, peers: [(cell, cellKeys.publicKey)])
    }

    mutating func restartCell() {
        run += 1
        cellLink = Link(own: cell, keys: cellKeys, run: run, peers: [(postA, postKeys.publicKey)])
    }

    mutating func restartPost() {
        run += 1
        postLink = Link(own: postA, keys: postKeys, run: run, peers: [(cell, cellKeys.publicKey)])
    }

    /// Cell to post until it is taken: at most one challenge is needed.
    mutating func bring(_ message: Message, now: Uptime) -> LinkOutcome {
        let outcome = postLink.open(cellLink.seal(message, to: postA)!, now: now)
        guard case .answer(let challenge, cell) = outcome else { return outcome }
        guard cellLink.open(challenge, now: now) == .renamed(postA) else { return outcome }
        return postLink.open(cellLink.seal(message, to: postA)!, now: now)
    }
}

private func numbered(_ number: UInt64) -> Message {
    .actionReply(ActionReply(actionID: number, refusal: nil, revision: 0))
}

@Test func link_takesTheMessage_afterOneChallenge() {
    var pair = Pair()
    #expect(pair.bring(numbered(1), now: at(ms: 0)) == .message(from: cell, numbered(1), newRun: true))
    #expect(pair.bring(numbered(2), now: at(ms: 0)) == .message(from: cell, numbered(2), newRun: false))
    #expect(pair.postLink.run(of: cell) == 1)
}

@Test func link_joinsAnewAtOnce_whenEitherOrBothRestart() {
    var pair = Pair()
    for turn in 0..<60 {
        if turn % 3 != 0 { pair.restartCell() }
        if turn % 3 != 1 { pair.restartPost() }
        let number = UInt64(turn)
        let now = at(ms: turn)
        #expect(
            pair.bring(numbered(number), now: now) == .message(from: cell, numbered(number), newRun: true))
    }
}

@Test func link_needsNoSecondChallenge_whenBothSidesJoinCrosswise() {
    var pair = Pair()
    let fromCell = pair.cellLink.seal(numbered(1), to: postA)!
    let fromPost = pair.postLink.seal(numbered(2), to: cell)!
    guard case .answer(let toCell, cell) = pair.postLink.open(fromCell, now: at(ms: 0)),
        case .answer(let toPost, postA) = pair.cellLink.open(fromPost, now: at(ms: 0))
    else {
        Issue.record("not challenged")
        return
    }
    #expect(pair.cellLink.open(toCell, now: at(ms: 1)) == .renamed(postA))
    #expect(pair.postLink.open(toPost, now: at(ms: 1)) == .renamed(cell))
    let again = pair.cellLink.seal(numbered(1), to: postA)!
    #expect(pair.postLink.open(again, now: at(ms: 2)) == .message(from: cell, numbered(1), newRun: true))
    let back = pair.postLink.seal(numbered(2), to: cell)!
    #expect(pair.cellLink.open(back, now: at(ms: 2)) == .message(from: postA, numbered(2), newRun: true))
}

@Test func link_refusesEachFlippedBit() {
    var pair = Pair()
    _ = pair.bring(numbered(1), now: at(ms: 0))
    let datagram = pair.cellLink.seal(numbered(2), to: postA)!
    for bit in 0..<datagram.count * 8 {
        var flipped = datagram
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        guard case .refused(let refusal) = pair.postLink.open(flipped, now: at(ms: 1)) else {
            Issue.record("taken with bit \(bit) flipped")
            return
        }
        #expect([.notOurs, .unknownSender, .forged].contains(refusal))
    }
    #expect(pair.postLink.open(datagram, now: at(ms: 1)) == .message(from: cell, numbered(2), newRun: false))
    #expect(pair.postLink.open(datagram, now: at(ms: 1)) == .refused(.repeated))
    #expect(pair.postLink.refusedCount == UInt64(datagram.count * 8) + 1)
    #expect(pair.postLink.count(.repeated) == 1)
}

@Test func link_refusesReflectedAndMisdirectedDatagrams() {
    let keys = (0..<3).map { _ in LinkKeys.generate() }
    let others = [(postA, keys[1].publicKey), (postB, keys[2].publicKey)]
    var cellLink = Link(own: cell, keys: keys[0], run: 1, peers: others)
    var postBLink = Link(
        own: postB, keys: keys[2], run: 1, peers: [(cell, keys[0].publicKey), (postA, keys[1].publicKey)])
    let toA = cellLink.seal(numbered(1), to: postA)!
    #expect(cellLink.open(toA, now: at(ms: 0)) == .refused(.unknownSender))
    // Sent back under the receiver's name: the other direction has another key.
    let reflected = Array(toA[..<4]) + Array("post-a".utf8) + [UInt8](repeating: 0, count: 10) + toA[20...]
    #expect(cellLink.open(reflected, now: at(ms: 0)) == .refused(.forged))
    #expect(postBLink.open(toA, now: at(ms: 0)) == .refused(.forged))
}

@Test func link_keepsItsSession_whenOldChallengesAreReplayed() {
    var pair = Pair()
    var challenges: [[UInt8]] = []
    for turn in 0..<50 {
        if turn % 2 == 0 { pair.restartPost() }
        let datagram = pair.cellLink.seal(numbered(UInt64(turn)), to: postA)!
        guard case .answer(let challenge, _) = pair.postLink.open(datagram, now: at(ms: turn * 10)) else {
            continue
        }
        challenges.append(challenge)
        _ = pair.cellLink.open(challenge, now: at(ms: turn * 10))
    }
    #expect(challenges.count >= 25)
    _ = pair.bring(numbered(100), now: at(ms: 1_000))
    for (turn, challenge) in challenges.enumerated() {
        #expect(pair.cellLink.open(challenge, now: at(ms: 2_000)) == .refused(.staleChallenge))
        let datagram = pair.cellLink.seal(numbered(UInt64(200 + turn)), to: postA)!
        let outcome = pair.postLink.open(datagram, now: at(ms: 2_000))
        #expect(outcome == .message(from: cell, numbered(UInt64(200 + turn)), newRun: false))
    }
}

@Test func link_isNotStarved_whenOldDatagramsOfTheLivingRunAreReplayed() {
    var pair = Pair()
    _ = pair.bring(numbered(0), now: at(ms: 0))
    let recorded = (1..<2_000).map { pair.cellLink.seal(numbered($0), to: postA)! }
    pair.restartPost()
    for datagram in recorded[..<500] { _ = pair.postLink.open(datagram, now: at(ms: 1)) }
    let outcome = pair.bring(numbered(9_999), now: at(ms: 1))
    #expect(outcome == .message(from: cell, numbered(9_999), newRun: true))
}

/// Anything but the one datagram that was sent, once: replayed, reordered, flipped, cut, forged, of runs gone
/// by, against listeners that restart too.
@Test func link_takesNothingTwiceAndNothingForeign_in100000Attacks() {
    var random = SeededRandom(42)
    var pair = Pair()
    var stock: [[UInt8]] = []
    var genuine: Set<[UInt8]> = []
    var runOf: [UInt64: UInt64] = [:]
    var taken: Set<UInt64> = []
    var newestRunTaken: UInt64 = 0
    var number: UInt64 = 0
    var lastChallenge: [UInt8]?
    for turn in 0..<100_000 {
        let now = at(ms: turn)
        var datagram: [UInt8]
        switch Int.random(in: 0..<100, using: &random) {
        case 0 where turn % 7 == 0:
            pair.restartCell()
            continue
        case 1 where turn % 11 == 0:
            pair.restartPost()
            newestRunTaken = 0
            continue
        case 0..<15:
            number += 1
            runOf[number] = pair.cellLink.run
            datagram = pair.cellLink.seal(numbered(number), to: postA)!
            genuine.insert(datagram)
            if stock.count < 3_000 { stock.append(datagram) } else { stock[turn % 3_000] = datagram }
            // Some are held back, to arrive late.
            if random.chance(30) { continue }
        case 15..<20 where lastChallenge != nil: datagram = lastChallenge!
        case 15..<25: datagram = random.bytes(Int.random(in: 0...1_300, using: &random))
        case 25..<60 where !stock.isEmpty: datagram = stock.randomElement(using: &random)!
        default:
            guard !stock.isEmpty else { continue }
            datagram = stock.randomElement(using: &random)!
            let place = Int.random(in: 0..<datagram.count, using: &random)
            if random.chance(20) {
                datagram.removeLast(datagram.count - place)
            } else {
                datagram[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
        }
        switch pair.postLink.open(datagram, now: now) {
        case .message(let from, .actionReply(let reply), _):
            let isFirst = taken.insert(reply.actionID).inserted
            #expect(isFirst && from == cell && genuine.contains(datagram))
            #expect(runOf[reply.actionID]! >= newestRunTaken)
            newestRunTaken = max(newestRunTaken, runOf[reply.actionID]!)
        case .answer(let challenge, _):
            #expect(genuine.contains(datagram))
            lastChallenge = challenge
            if random.chance(80) { _ = pair.cellLink.open(challenge, now: now) }
        case .message, .renamed: Issue.record("not to be")
        case .refused: break
        }
    }
    #expect(taken.count > 1_000)
}

@Test func link_neverTraps_whateverTheBytes() {
    var random = SeededRandom(8)
    var pair = Pair()
    let real = pair.cellLink.seal(numbered(1), to: postA)!
    for count in 0..<1_400 {
        _ = pair.postLink.open(random.bytes(count), now: at(ms: 0))
        let headed = Array(real[..<min(count, 44)]) + random.bytes(max(count - 44, 0))
        let outcome = pair.postLink.open(headed[...], now: at(ms: 0))
        if case .refused = outcome { continue }
        Issue.record("not refused: \(count) bytes")
    }
}

@Test func link_refusesLocalMessages_inBothDirections() {
    var pair = Pair()
    for kind in MessageKind.allCases where kind.isLocal {
        var random = SeededRandom(1)
        #expect(pair.cellLink.seal(random.message(kind), to: postA) == nil)
    }
    #expect(pair.cellLink.seal(numbered(1), to: postC) == nil)
}

@Test func link_leavesOutPeers_whoseKeyIsUnusable() {
    let own = LinkKeys.generate()
    let good = LinkKeys.generate().publicKey
    let link = Link(
        own: cell, keys: own, run: 1,
        peers: [
            (postA, good), (postB, [1, 2, 3]), (postC, [UInt8](repeating: 0, count: 32)),
            (TerminalID("post-d")!, own.publicKey), (cell, own.publicKey),
        ])
    #expect(link.peers == [postA])
    #expect(link.unusable == [postB, postC, TerminalID("post-d")!])
}
