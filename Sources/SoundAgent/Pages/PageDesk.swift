// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Intercom
import Paging
import PanelLink

/// The pages of one terminal, performed: those that it is told of, those of senders of others, and the one
/// that it speaks.
///
///     announcements ──> PageReception ──> PageHearing ──> loudspeaker
///     groups of others ─────────────────> PageHearing ──>     "
///     watchpost page ─> PageDispatch ───> PageStream ═══> groups, copies
///
/// Used by one thread: libre's. Always true: what it is told is opened with the keys of
/// the terminal that says so, or forgotten; only posts page.
final class PageDesk {
    /// The loudspeaker, as pages see it.
    struct Ears {
        /// A page's voice claims it; the claim's name.
        let add: (_ voice: sending PageHearing, _ rank: SoundRank) -> UInt64
        let end: (_ claim: UInt64) -> Void
        /// The most urgent of what else claims it.
        let others: (_ than: Set<UInt64>) -> SoundRank?
    }

    struct Parts {
        let own: Terminal
        let site: Site
        let plan: PagePlan
        let keys: (TerminalID) -> CallKeys?
        let rateHz: Int
        let ears: Ears
        /// Written into the stream `page`.
        let record: (PageEntry) -> EventID
        /// The lamp that says a microphone is open.
        let sign: (Bool) -> Void
        /// `turn` is wanted then; nil: not before something is heard.
        let wake: (Uptime?) -> Void
        /// True: this datagram is lost. For benches.
        var loses: @Sendable () -> Bool = { false }
    }

    struct Heard {
        let claim: UInt64
        let ear: PageEar
    }

    let parts: Parts
    let socket: DatagramSocket
    var reception = PageReception()
    var heard: [EventID: Heard] = [:]
    /// Claims that are still played to their end.
    var ending: [(claim: UInt64, at: Uptime)] = []
    var foreign: [ForeignEar] = []
    var speaking: Speaking?
    /// Given for the next page of this terminal.
    var tokens: [TerminalID: UInt64] = [:]
    private var buffer = [UInt8](repeating: 0, count: Limits.pagingDatagramMaxBytes + 1)

    static var now: Uptime { Uptime(nanoseconds: wp_uptime_ns()) }

    init(_ parts: Parts) throws(Fault) {
        self.parts = parts
        guard let port = parts.plan.ports[parts.own.id] else {
            throw Fault(
                "hear pages", at: parts.own.id.text, cause: "the site gives it no port for pages",
                hint: "Run watchpost check on the site file, then watchpost apply.")
        }
        do throws(Fault) {
            socket = try DatagramSocket(address: parts.own.address, port: port)
        } catch {
            throw Fault("open page socket", at: error.place, cause: error.cause, hint: error.hint)
        }
    }

    /// Listens to the senders of others, too. `hear` is wanted when `socket` is readable.
    func begin() {
        for sender in parts.plan.senders where sender.zones.contains(parts.own.zone) {
            do throws(Fault) {
                foreign.append(try ForeignEar(sender, parts: parts) { [unowned self] in turn() })
            } catch { SoundProcess.log("\(error)") }
        }
    }

    /// Nothing of this is used after.
    func end() {
        stopSpeaking(why: nil)
        for one in heard.values { parts.ears.end(one.claim) }
        for one in ending { parts.ears.end(one.claim) }
        for one in foreign { one.end() }
    }

    // MARK: - The wire

    func hear() {
        let now = Self.now
        for _ in 0..<Limits.pagingMessagesPerTurnCount {
            guard let letter = socket.receive(into: &buffer) else { break }
            let bytes = Array(buffer[..<letter.count])
            guard !parts.loses(), let from = CallKeys.sender(of: bytes), let keys = parts.keys(from),
                let opened = keys.opened(bytes, from: from, to: parts.own.id),
                let message = try? PageMessage(decoding: opened)
            else { continue }
            switch message {
            case .announce, .end:
                // Nobody pages from a cell.
                guard parts.site.terminal(from)?.role == .post else { continue }
                look(now)
                perform(reception.take(message, from: from, now), now)
            case .state(let answer): answered(answer, from: from, now)
            }
        }
        wake(now)
    }

    func send(_ message: PageMessage, to id: TerminalID) {
        guard let terminal = parts.site.terminal(id), let port = parts.plan.ports[id],
            let keys = parts.keys(id)
        else { return }
        socket.send(
            keys.sealed(message.encode(), from: parts.own.id, to: id), address: terminal.address, port: port)
    }

    // MARK: - Time

    /// Whatever is due.
    func turn() {
        let now = Self.now
        look(now)
        for one in ending where one.at <= now { parts.ears.end(one.claim) }
        ending.removeAll { $0.at <= now }
        for one in foreign { one.look(now) }
        lookAtSpeaking(now)
        wake(now)
    }

    func wake(_ now: Uptime) {
        let isHearing = !heard.isEmpty || foreign.contains { $0.isHeard }
        let next = [
            isHearing ? now.advanced(ms: Limits.pagingHeardLookMs) : nil, ending.map(\.at).min(),
            speakingDeadline(now),
        ].compactMap { $0 }.min()
        parts.wake(next)
    }
}

extension PageDesk.Ears {
    init(_ speaker: Speaker) {
        self.init(
            add: { speaker.add($0, rank: $1) }, end: { speaker.end($0) },
            others: { mine in speaker.claims.first { !mine.contains($0.id) }?.rank })
    }
}
