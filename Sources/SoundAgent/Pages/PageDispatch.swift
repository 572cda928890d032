// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import PanelLink

/// One page on its way from this terminal: whom it is told, again and again until they answered, who gets
/// copies, who heard it. A value of the page desk, which performs its effects in their order; time is an
/// argument.
///
///     telling ── all answered, or pagingLeadMs ──> sounding ── end ──> ending ── all said so ──> over
///
/// Always true: who has not answered is told again; its last word on each terminal is that terminal's own.
struct PageDispatch {
    enum Effect: Hashable, Sendable {
        case send(TerminalID, PageMessage)
        /// The voice may begin, now.
        case sound
        /// From now on that terminal gets copies, or none any more.
        case copy(TerminalID, port: UInt16)
        case uncopy(TerminalID, port: UInt16)
        /// Nothing is to be done any more.
        case over
    }

    /// What is known of one terminal.
    struct Target: Hashable, Sendable {
        /// nil: it has not answered.
        var state: PageState?
        var by: SoundRank?
        var heardMs = 0
        fileprivate(set) var token: UInt64
        fileprivate var port: UInt16 = 0
        fileprivate var hasCopies = false
        fileprivate var needsCopies: Bool
        fileprivate var joinedAt: Uptime?
        fileprivate var askAt: Uptime
        fileprivate var asked = 0
    }

    private enum Phase: Hashable {
        case telling(since: Uptime)
        case sounding(since: Uptime)
        case ending(since: Uptime)
        case over
    }

    let page: Page
    private let notice: PageNotice
    private(set) var targets: [TerminalID: Target]
    private var phase: Phase

    /// `tokens`: what was given for the next page; who has none is asked for one first. `unicast`: those that
    /// get copies from the beginning.
    init(
        _ page: Page, _ notice: PageNotice, to targets: [TerminalID], tokens: [TerminalID: UInt64],
        unicast: Set<TerminalID>, now: Uptime
    ) {
        (self.page, self.notice) = (page, notice)
        self.targets = Dictionary(
            targets.map { id in
                (id, Target(token: tokens[id] ?? 0, needsCopies: unicast.contains(id), askAt: now))
            }, uniquingKeysWith: { first, _ in first })
        phase = .telling(since: now)
    }

    var isOver: Bool { phase == .over }

    // MARK: - Time

    mutating func elapsed(_ now: Uptime) -> [Effect] {
        var effects: [Effect] = []
        switch phase {
        case .telling(let since):
            let areAllHere = targets.values.allSatisfy { $0.state != nil && $0.state != .askAgain }
            if areAllHere || now.ms(since: since) >= Limits.pagingLeadMs {
                phase = .sounding(since: now)
                effects.append(.sound)
            }
        case .sounding(let since): effects += copies(since: since, now)
        case .ending(let since):
            let areAllOver = targets.values.allSatisfy { $0.state?.isFinal == true }
            if areAllOver || now.ms(since: since) >= Limits.pagingEndMs {
                phase = .over
                return [.over]
            }
        case .over: return []
        }
        return effects + tell(now)
    }

    /// Who joined and hears nothing of the group gets the voice alone.
    private mutating func copies(since: Uptime, _ now: Uptime) -> [Effect] {
        var effects: [Effect] = []
        for (id, target) in targets.sorted(by: { $0.key < $1.key }) {
            guard target.state == .joined, target.port > 0, !target.hasCopies, let joinedAt = target.joinedAt,
                target.needsCopies || now.ms(since: max(since, joinedAt)) >= Limits.pagingGroupPatienceMs
            else { continue }
            targets[id]?.hasCopies = true
            effects.append(.copy(id, port: target.port))
        }
        return effects
    }

    private mutating func tell(_ now: Uptime) -> [Effect] {
        var effects: [Effect] = []
        for (id, target) in targets.sorted(by: { $0.key < $1.key })
        where target.askAt <= now && target.state?.isFinal != true {
            effects.append(.send(id, message(target)))
            let askAt = now.advanced(ms: patienceMs(target))
            targets[id]?.asked += 1
            targets[id]?.askAt = askAt
        }
        return effects
    }

    private func message(_ target: Target) -> PageMessage {
        if case .ending = phase { return .end(page: page.id, token: target.token) }
        var notice = notice
        notice.token = target.token
        return .announce(notice)
    }

    private func patienceMs(_ target: Target) -> Int {
        if case .ending = phase { return Limits.pagingEndAskMs }
        if target.state?.isHeard == true || target.state == .waits { return Limits.pagingKeepMs }
        return min(Limits.pagingAskMs << min(target.asked, 8), Limits.pagingAskMaxMs)
    }

    /// When `elapsed` is wanted next; nil: never.
    var deadline: Uptime? {
        let asks = targets.values.filter { $0.state?.isFinal != true }.map(\.askAt).min()
        switch phase {
        case .telling(let since):
            return [asks, since.advanced(ms: Limits.pagingLeadMs)].compactMap { $0 }.min()
        case .sounding(let since):
            let copies = targets.values.filter { $0.state == .joined && !$0.hasCopies }.compactMap { target in
                target.joinedAt.map { max(since, $0).advanced(ms: Limits.pagingGroupPatienceMs) }
            }.min()
            return [asks, copies].compactMap { $0 }.min()
        case .ending(let since):
            return [asks, since.advanced(ms: Limits.pagingEndMs)].compactMap { $0 }.min()
        case .over: return nil
        }
    }

    // MARK: - Answers and the end

    mutating func answered(_ answer: PageAnswer, from: TerminalID, _ now: Uptime) -> [Effect] {
        guard answer.page == page.id, var target = targets[from] else { return [] }
        // What it said before it ended may come after that.
        guard target.state?.isFinal != true else { return [] }
        let (was, hadCopies) = (target.state, target.hasCopies)
        target.token = answer.token
        (target.state, target.by) = (answer.state, answer.by)
        target.heardMs = Int(answer.heardMs)
        if answer.port > 0 { target.port = answer.port }
        if answer.state == .askAgain {
            target.askAt = now
        } else if was == nil || was == .askAgain {
            target.joinedAt = now
            (target.asked, target.askAt) = (0, now.advanced(ms: patienceMs(target)))
        }
        var effects: [Effect] = []
        if hadCopies, answer.state.isFinal || answer.state == .hears {
            target.hasCopies = false
            effects.append(.uncopy(from, port: target.port))
        }
        targets[from] = target
        return effects + elapsed(now)
    }

    /// The voice has ended.
    mutating func end(_ now: Uptime) -> [Effect] {
        switch phase {
        case .telling, .sounding:
            phase = .ending(since: now)
            for id in Array(targets.keys) { targets[id]?.askAt = now }
            return elapsed(now)
        case .ending, .over: return []
        }
    }
}
