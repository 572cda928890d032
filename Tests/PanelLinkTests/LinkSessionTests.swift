// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import PanelLink

@Test func window_takesEachSequenceOnce_whateverTheOrder() {
    var random = SeededRandom(2)
    var window = ReplayWindow()
    var taken: Set<UInt64> = []
    var highest: UInt64 = 0
    for _ in 0..<50_000 {
        let low = highest > 1_500 ? highest - 1_500 : 0
        let sequence = UInt64.random(in: low...highest + 200, using: &random)
        let expected =
            sequence > 0 && !taken.contains(sequence)
            && (sequence > highest || highest - sequence < UInt64(Limits.replayWindowCount))
        if (window.take(sequence) == .new) != expected { Issue.record("wrong verdict on \(sequence)") }
        if expected {
            taken.insert(sequence)
            highest = max(highest, sequence)
        }
    }
}

@Test func window_staysSound_whenSequenceJumpsToTheEnd() {
    var window = ReplayWindow()
    #expect(window.take(1) == .new)
    #expect(window.take(.max) == .new)
    #expect(window.take(.max) == .repeated)
    #expect(window.take(.max - 1) == .new)
    #expect(window.take(1) == .tooOld && window.take(0) == .tooOld)
}

@Test func listening_challengesAStaleRunOncePerInterval_andTheRealOneAlways() {
    var listening = ListeningSession()
    let old = Envelope(run: 1, session: 0, sequence: 9)
    guard case .challenge(let session) = listening.judge(old, now: at(ms: 0)) else {
        Issue.record("not challenged")
        return
    }
    #expect(listening.judge(old, now: at(ms: 1)) == .unnamed)
    let real = Envelope(run: 2, session: 0, sequence: 1)
    #expect(listening.judge(real, now: at(ms: 1)) == .challenge(session: session))
    // A replay of the same run uses the interval up; the living sender's newer datagram is answered all the
    // same.
    #expect(listening.judge(real, now: at(ms: 2)) == .unnamed)
    let newer = Envelope(run: 2, session: 0, sequence: 2)
    #expect(listening.judge(newer, now: at(ms: 2)) == .challenge(session: session))
    #expect(listening.judge(old, now: at(ms: 8)) == .challenge(session: session))
}

@Test func listening_neverTakesAnOldRunAgain_whenANewOneWasTaken() {
    var listening = ListeningSession()
    guard
        case .challenge(let first) = listening.judge(
            Envelope(run: 1, session: 0, sequence: 1), now: at(ms: 0))
    else { return }
    // Both runs were given the same number; the one that comes first uses it up.
    let held = Envelope(run: 1, session: first, sequence: 2)
    #expect(
        listening.judge(Envelope(run: 2, session: first, sequence: 1), now: at(ms: 9)) == .taken(newRun: true)
    )
    guard case .challenge(let second) = listening.judge(held, now: at(ms: 20)) else {
        Issue.record("taken")
        return
    }
    #expect(second != first)
}

@Test func speaking_takesAChallengeOnce_andNoneOfAnotherRun() {
    var speaking = SpeakingSession()
    for _ in 0..<3 { _ = speaking.seal(run: 5) }
    #expect(speaking.take(Challenge(echoRun: 4, echoSequence: 2, session: 8), run: 5) == .stale)
    #expect(speaking.take(Challenge(echoRun: 5, echoSequence: 4, session: 8), run: 5) == .stale)
    #expect(speaking.take(Challenge(echoRun: 5, echoSequence: 2, session: 0), run: 5) == .stale)
    #expect(speaking.take(Challenge(echoRun: 5, echoSequence: 2, session: 8), run: 5) == .renamed)
    #expect(speaking.take(Challenge(echoRun: 5, echoSequence: 2, session: 9), run: 5) == .stale)
    #expect(speaking.take(Challenge(echoRun: 5, echoSequence: 3, session: 8), run: 5) == .known)
    #expect(speaking.seal(run: 5) == Envelope(run: 5, session: 8, sequence: 4))
    for _ in 0..<Limits.replayWindowCount { _ = speaking.seal(run: 5) }
    #expect(speaking.take(Challenge(echoRun: 5, echoSequence: 4, session: 9), run: 5) == .stale)
}
