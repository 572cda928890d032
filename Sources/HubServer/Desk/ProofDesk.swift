// SPDX-License-Identifier: Apache-2.0
import Facility
package import Sync

//  POST /v1/events, empty ─> ProofDesk ─ one view of the store for all who wait ─> replies
//                                ├─ something has to be written ─> IntakeDesk
//                                └─ who lives ─> WallDesk; into the store every proofsKeptMs, together

/// Answers proofs of life, which are nearly all that a hub of many terminals hears, beside the way that
/// entries take, so that an alarm never waits behind them.
///
/// An actor; the view is read on the store's threads. Always true: what a terminal is told comes from the
/// store; of each terminal only the latest proof waits to be written; what a proof says that must not be
/// lost (another boot, a restored hub) goes by `IntakeDesk`.
package actor ProofDesk {
    private struct Waiting {
        let delivery: IntakeDesk.Delivery
        let done: CheckedContinuation<Answer?, any Error>
    }

    fileprivate struct Answer: Sendable {
        var reply: SyncReply
        var behind: Int64
    }

    private struct HeldProof: Sendable {
        let atMs: Int64
        let hello: SyncHello
        let behind: Int64
    }

    private let store: any HubStore
    private let clock: HubClock
    private let intake: IntakeDesk
    private let told: @Sendable ([IntakeNews]) async -> Void
    private var waiting: [Waiting] = []
    private var isBusy = false
    private var held: [TerminalID: HeldProof] = [:]
    private var speakers: Set<TerminalID> = []

    package init(
        store: any HubStore, clock: HubClock, intake: IntakeDesk,
        told: @escaping @Sendable ([IntakeNews]) async -> Void
    ) {
        self.store = store
        self.clock = clock
        self.intake = intake
        self.told = told
    }

    package func take(_ delivery: IntakeDesk.Delivery) async throws -> SyncReply {
        speakers.insert(delivery.terminal)
        let answer = try await withCheckedThrowingContinuation { done in
            waiting.append(Waiting(delivery: delivery, done: done))
            if !isBusy {
                isBusy = true
                Task { await drain() }
            }
        }
        var reply = if let answer { answer.reply } else { try await intake.take(delivery) }
        reply.proofMs = proofMs
        return reply
    }

    /// Many terminals each prove less often that they live; nil: as ever.
    private var proofMs: Int? {
        let wanted = speakers.count * 1_000 / Limits.hubProofsPerSecondCount
        return wanted > Limits.syncProofMs ? min(wanted, Limits.syncProofSlowMs) : nil
    }

    private func drain() async {
        while !waiting.isEmpty {
            let group = Array(waiting.prefix(Limits.intakeBeatsGroupCount))
            waiting.removeFirst(group.count)
            await answer(group)
        }
        isBusy = false
    }

    private func answer(_ group: [Waiting]) async {
        let (deliveries, now) = (group.map(\.delivery), clock.now())
        do {
            let answers = try await store.read { session in
                let called = try session.terminalsWithOrders(
                    sinceMs: now.wallMs - Int64(Limits.orderAnswerMs))
                let restored = try session.setting("restored-at")
                return try deliveries.map { try session.answer($0, called, restored, now) }
            }
            var news: [IntakeNews] = []
            for (one, answer) in zip(group, answers) {
                one.done.resume(returning: answer)
                guard let answer else { continue }
                held[one.delivery.terminal] = HeldProof(
                    atMs: now.wallMs, hello: one.delivery.hello, behind: answer.behind)
                news.append(IntakeNews(terminal: one.delivery.terminal, at: now))
            }
            await told(news)
        } catch {
            for one in group { one.done.resume(throwing: error) }
        }
    }

    /// Writes down who lives; asked every `proofsKeptMs`, and at the end.
    package func keep() async throws {
        guard !held.isEmpty else { return }
        let proofs = held
        held = [:]
        do {
            // In the order of their names, so that two hubs never wait for each other.
            try await store.write { session in
                for (terminal, proof) in proofs.sorted(by: { $0.key < $1.key }) {
                    try session.setProof(
                        of: terminal, atMs: proof.atMs, hello: proof.hello, behind: proof.behind)
                }
            }
        } catch {
            held.merge(proofs) { newer, _ in newer }
            throw error
        }
    }
}

extension HubSession {
    /// Nil: it says what has to be written with its answer.
    fileprivate func answer(
        _ delivery: IntakeDesk.Delivery, _ called: Set<TerminalID>, _ restored: String?, _ now: Moment
    ) throws -> ProofDesk.Answer? {
        let terminal = delivery.terminal
        if let restored, try setting("restored-at:\(terminal)") != restored { return nil }
        let known = try boots(of: terminal)
        // Whose boot is not the last one that spoke has restarted, or is a second machine.
        guard delivery.hello.boot == nil || delivery.hello.boot == known.last else { return nil }
        let cursors = try cursors(of: terminal)
        return ProofDesk.Answer(
            reply: SyncReply(cursors: cursors, nowMs: now.wallMs, hasOrders: called.contains(terminal)),
            behind: delivery.hello.heads.ahead(of: cursors))
    }

    /// As `cursors(of:)` of many, for one.
    private func cursors(of terminal: TerminalID) throws -> [Stream: UInt64] {
        var cursors: [Stream: UInt64] = [:]
        for row in try rows("SELECT stream, sequence FROM cursor WHERE origin = ?", .id(terminal)) {
            if let stream = UInt8(exactly: row.int(0)).flatMap(Stream.init(rawValue:)) {
                cursors[stream] = row.uint(1)
            }
        }
        return cursors
    }
}
