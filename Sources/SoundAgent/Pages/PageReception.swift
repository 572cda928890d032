// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import PanelLink

/// The pages that one terminal is told of: which it takes, which sounds, what their senders are answered. A
/// value of the page desk, which performs its effects in their order; time is an argument.
///
///     announce ─> token? ─> ZoneArbiter ─> begin | refuse
///     voice came | more urgent | gone | end ─> answer, record
///
/// Always true: a sender has at most one page here; a page that has ended here never begins again, whatever
/// is repeated or replayed.
struct PageReception {
    enum Effect: Hashable, Sendable {
        /// Open its sockets and claim the loudspeaker; then `opened`.
        case begin(PageNotice, from: TerminalID)
        /// Leave the loudspeaker at that time.
        case end(EventID, at: Uptime)
        case answer(TerminalID, PageAnswer)
        case record(PageEntry)
    }

    private struct Peer {
        var token: UInt64
        var page: EventID?
        /// Of the last page that ended: its sender may not have heard it.
        var last: PageAnswer?
    }

    private struct Hearing {
        let notice: PageNotice
        let from: TerminalID
        let claim: UInt64
        let joinedAt: Uptime
        var port: UInt16 = 0
        var isSounding = false
        var by: SoundRank?
        var came = (byGroup: 0, alone: 0)
        /// When the last packets of either kind had come.
        var groupAt: Uptime?
        var aloneAt: Uptime?
        var heardMs = 0
        var lookedAt: Uptime

        var lastAt: Uptime? { [groupAt, aloneAt].compactMap { $0 }.max() }

        /// A group that falls silent, as one does behind a switch that forgot us, is heard no more.
        var state: PageState {
            guard isSounding else { return .waits }
            return isFresh(groupAt) ? .hears : isFresh(aloneAt) ? .hearsAlone : .joined
        }

        private func isFresh(_ at: Uptime?) -> Bool {
            at.map { lookedAt.ms(since: $0) < 2 * Limits.pagingGroupPatienceMs } ?? false
        }
    }

    private var peers: [TerminalID: Peer] = [:]
    private var hearings: [EventID: Hearing] = [:]
    private var arbiter = ZoneArbiter()
    private var lastClaim = ZoneArbiter.occupant
    private let random: @Sendable () -> UInt64

    init(random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: 1 ... .max) }) {
        self.random = random
    }

    var pages: [EventID] { hearings.keys.sorted { $0.description < $1.description } }

    // MARK: - What is told

    mutating func take(_ message: PageMessage, from: TerminalID, _ now: Uptime) -> [Effect] {
        switch message {
        case .announce(let notice): announced(notice, from, now)
        case .end(let page, let token): ended(page, token, from, now)
        case .state: []
        }
    }

    private mutating func announced(_ notice: PageNotice, _ from: TerminalID, _ now: Uptime) -> [Effect] {
        let peer = peers[from] ?? Peer(token: random())
        peers[from] = peer
        if let last = peer.last, last.page == notice.page { return [.answer(from, last)] }
        guard notice.token == peer.token else {
            return [.answer(from, PageAnswer(page: notice.page, state: .askAgain, token: peer.token))]
        }
        if peer.page == notice.page { return answer(notice.page) }
        // It was started anew, and does not know of the page before.
        var effects = peer.page.map { over($0, .over, now) } ?? []
        peers[from]?.page = notice.page
        lastClaim += 1
        let claim = lastClaim
        hearings[notice.page] = Hearing(
            notice: notice, from: from, claim: claim, joinedAt: now, lookedAt: now)
        let manners: ZoneClaim.Manners = notice.waits ? .waits : .leaves
        let settled = arbiter.begin(ZoneClaim(id: claim, rank: notice.rank, manners: manners))
        effects += settle(settled, now)
        if hearings[notice.page] != nil { effects.append(.begin(notice, from: from)) }
        return effects
    }

    private mutating func ended(
        _ page: EventID, _ token: UInt64, _ from: TerminalID, _ now: Uptime
    ) -> [Effect] {
        guard let peer = peers[from] else { return [] }
        if let last = peer.last, last.page == page { return [.answer(from, last)] }
        guard token == peer.token, peer.page == page else { return [] }
        return over(page, .over, now)
    }

    // MARK: - What became of it

    /// Its sockets are open; copies come to `port`. nil: they cannot be opened.
    mutating func opened(_ page: EventID, port: UInt16?, _ now: Uptime) -> [Effect] {
        guard let port else { return over(page, .unable, now) }
        hearings[page]?.port = port
        return answer(page)
    }

    /// What came of its voice so far.
    mutating func heard(_ page: EventID, byGroup: Int, alone: Int, _ now: Uptime) -> [Effect] {
        guard var hearing = hearings[page] else { return [] }
        let before = hearing.state
        if byGroup > hearing.came.byGroup { hearing.groupAt = now }
        if alone > hearing.came.alone { hearing.aloneAt = now }
        hearing.came = (byGroup, alone)
        if before.isHeard { hearing.heardMs += now.ms(since: hearing.lookedAt) }
        hearing.lookedAt = now
        hearings[page] = hearing
        if now.ms(since: hearing.lastAt ?? hearing.joinedAt) >= Limits.pagingSilenceMs {
            return over(page, .over, now)
        }
        return hearing.state == before ? [] : answer(page)
    }

    /// What is no page has the loudspeaker, or left it.
    mutating func occupied(_ rank: SoundRank?, _ now: Uptime) -> [Effect] {
        settle(arbiter.occupy(rank), now)
    }

    private mutating func settle(_ effects: [ZoneEffect], _ now: Uptime) -> [Effect] {
        effects.flatMap { effect -> [Effect] in
            switch effect {
            case .sound(let claim): return turn(claim, isSounding: true, by: nil)
            case .pause(let claim, let by): return turn(claim, isSounding: false, by: by)
            case .cut(let claim, let by):
                guard let page = page(of: claim) else { return [] }
                hearings[page]?.by = by
                return over(page, .cut, now)
            case .refuse(let claim, let by):
                guard let page = page(of: claim) else { return [] }
                hearings[page]?.by = by
                return over(page, .refused, now)
            }
        }
    }

    private mutating func turn(_ claim: UInt64, isSounding: Bool, by: SoundRank?) -> [Effect] {
        guard let page = page(of: claim) else { return [] }
        hearings[page]?.isSounding = isSounding
        hearings[page]?.by = by
        // One that has only been told of is answered when its sockets are open.
        return hearings[page]?.port == 0 ? [] : answer(page)
    }

    private func page(of claim: UInt64) -> EventID? { hearings.first { $0.value.claim == claim }?.key }

    private func answer(_ page: EventID) -> [Effect] {
        guard let hearing = hearings[page], let peer = peers[hearing.from] else { return [] }
        return [
            .answer(
                hearing.from,
                PageAnswer(
                    page: page, state: hearing.state, token: peer.token, port: hearing.port, by: hearing.by,
                    heardMs: UInt32(clamping: hearing.heardMs)))
        ]
    }

    /// It has ended here: answered with the token of the next, and recorded.
    private mutating func over(_ page: EventID, _ state: PageState, _ now: Uptime) -> [Effect] {
        guard let hearing = hearings.removeValue(forKey: page) else { return [] }
        let token = random()
        let answer = PageAnswer(
            page: page, state: state, token: token, by: hearing.by, heardMs: UInt32(clamping: hearing.heardMs)
        )
        peers[hearing.from] = Peer(token: token, last: answer)
        let step: PageEntry.Step =
            switch state {
            case .cut: .pageCut
            case .refused: .pageRefused
            case .askAgain, .joined, .hears, .hearsAlone, .waits, .over, .unable:
                hearing.heardMs > 0 || hearing.lastAt != nil ? .pageHeard : .pageNotHeard
            }
        let way = hearing.came.byGroup > 0 ? "group" : hearing.came.alone > 0 ? "copies" : nil
        let entry = PageEntry(
            step,
            [
                ("page", "\(page)"), ("from", hearing.from.text), ("heardMs", "\(hearing.heardMs)"),
                ("way", way), ("by", hearing.by.map { "\($0)" }),
                ("emergency", hearing.notice.isEmergency ? "true" : nil),
            ])
        let isDrained = state == .over
        let at = isDrained ? now.advanced(ms: Limits.pagingDrainMs) : now
        return [.end(page, at: at), .answer(hearing.from, answer), .record(entry)]
            + settle(arbiter.end(hearing.claim), now)
    }
}
