// SPDX-License-Identifier: Apache-2.0
import Facility

/// Which sequences of a run were already taken: the newest and the `Limits.replayWindowCount` before it.
///
/// A value of the line thread. No sequence is ever taken twice.
struct ReplayWindow: Sendable {
    private var highest: UInt64 = 0
    private var seen = [UInt64](repeating: 0, count: Limits.replayWindowCount / 64)

    enum Verdict {
        case new
        case repeated
        case tooOld
    }

    mutating func take(_ sequence: UInt64) -> Verdict {
        let size = UInt64(Limits.replayWindowCount)
        guard sequence > 0 else { return .tooOld }
        if sequence > highest {
            let skipped = sequence - highest
            if skipped >= size {
                for word in seen.indices { seen[word] = 0 }
            } else {
                for step in 1...skipped { mark(highest &+ step, false) }
            }
            highest = sequence
        } else if highest - sequence >= size {
            return .tooOld
        } else if isMarked(sequence) {
            return .repeated
        }
        mark(sequence, true)
        return .new
    }

    private func place(_ sequence: UInt64) -> (word: Int, bit: UInt64) {
        let slot = Int(sequence % UInt64(Limits.replayWindowCount))
        return (slot / 64, 1 << UInt64(slot % 64))
    }

    private func isMarked(_ sequence: UInt64) -> Bool {
        let (word, bit) = place(sequence)
        return seen[word] & bit != 0
    }

    private mutating func mark(_ sequence: UInt64, _ taken: Bool) {
        let (word, bit) = place(sequence)
        if taken { seen[word] |= bit } else { seen[word] &= ~bit }
    }
}

/// What stands in front of a message inside the seal.
struct Envelope: Hashable, Sendable {
    static let bytes = 24

    /// The sender's.
    var run: UInt64
    /// The number that the receiver gave to this run of the sender; 0: none known.
    var session: UInt64
    /// Counts from 1 within the sender's run and to this receiver.
    var sequence: UInt64
}

/// The listening half of a pair: which run of the peer is heard, under which session. A value of the line
/// thread.
///
/// Always true: `next` was never named by a datagram that was taken; a run once replaced is never taken again
/// unless it names `next`, which only a living holder of the peer's key can learn.
struct ListeningSession: Sendable {
    private(set) var run: UInt64?
    private var session: UInt64 = 0
    private var window = ReplayWindow()
    private var next = Self.draw()
    /// The latest challenge: which datagram it answers, and when.
    private var challenged: (run: UInt64, sequence: UInt64, at: Uptime)?

    enum Verdict: Hashable {
        case taken(newRun: Bool)
        case repeated
        case tooOld
        /// It names no session of ours; answer with this one.
        case challenge(session: UInt64)
        /// The same, and its run was challenged a moment ago.
        case unnamed
    }

    mutating func judge(_ envelope: Envelope, now: Uptime) -> Verdict {
        if envelope.run == run, envelope.session == session {
            switch window.take(envelope.sequence) {
            case .new: return .taken(newRun: false)
            case .repeated: return .repeated
            case .tooOld: return .tooOld
            }
        }
        if envelope.run != run, envelope.session == next, envelope.sequence > 0 {
            run = envelope.run
            session = next
            next = Self.draw()
            window = ReplayWindow()
            challenged = nil
            _ = window.take(envelope.sequence)
            return .taken(newRun: true)
        }
        // A newer datagram of the run is always answered: a living peer's is newer than any recorded one, so
        // that replays can never use up its challenges.
        if let challenged, challenged.run == envelope.run, envelope.sequence <= challenged.sequence,
            now < challenged.at.advanced(ms: Limits.challengeMinMs)
        {
            return .unnamed
        }
        challenged = (envelope.run, envelope.sequence, now)
        return .challenge(session: envelope.run == run ? session : next)
    }

    /// Never 0, which means *none known*.
    private static func draw() -> UInt64 {
        while true {
            let number = Sodium.random()
            if number != 0 { return number }
        }
    }
}

/// The speaking half of a pair: the session the peer gave us, and the count. A value of the line thread.
struct SpeakingSession: Sendable {
    private var session: UInt64 = 0
    private var sequence: UInt64 = 0
    /// Newest sequence of ours that a taken challenge answered.
    private var answered: UInt64 = 0

    enum Verdict: Hashable {
        case renamed
        /// We name that session already.
        case known
        /// Of another run, of a sequence long past or never sent, or older than one already taken.
        case stale
    }

    mutating func seal(run: UInt64) -> Envelope {
        sequence &+= 1
        return Envelope(run: run, session: session, sequence: sequence)
    }

    /// Each challenge is taken once, and only if it answers something newer than the one before: replaying
    /// old ones, of whatever process of the peer, changes nothing.
    mutating func take(_ challenge: Challenge, run: UInt64) -> Verdict {
        guard challenge.echoRun == run, challenge.session != 0, challenge.echoSequence <= sequence,
            challenge.echoSequence > answered,
            sequence - challenge.echoSequence < UInt64(Limits.replayWindowCount)
        else { return .stale }
        answered = challenge.echoSequence
        guard challenge.session != session else { return .known }
        session = challenge.session
        return .renamed
    }
}
