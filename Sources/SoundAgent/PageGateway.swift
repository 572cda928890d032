// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Glibc
import Intercom
import Synchronization
import TalkLink

/// The command room's telephone: `watchpost-sound` on the hub's machine, whose card is a page.
///
///     page ══ hub ══ Unix socket ══ PageGateway ══ SimulatedCard ══ CallDesk, VoiceSession ══ terminal
///
/// A thread of its own. Always true: one page talks at a time, a further one hears `busy`; when the page goes
/// the call is hung up, and when the call ends the page is told why.
final class PageGateway: Sendable {
    private let listener: PageListener
    private let card: SimulatedCard
    private let desk: CallDesk
    private let isStopped = Atomic(false)
    private let thread = Mutex<SoundThread?>(nil)

    /// What the desk last said of the talk; written by tasks, read by the thread.
    private final class Word: Sendable {
        let state = Mutex<TalkState>(.calling)
        let call = Mutex<CallID?>(nil)
    }

    init(path: String, card: SimulatedCard, desk: CallDesk) throws(Fault) {
        listener = try PageListener(path: path)
        self.card = card
        self.desk = desk
    }

    func start() {
        thread.withLock { $0 = SoundThread("wp-page", urgent: false) { self.run() } }
    }

    func stop() {
        isStopped.store(true, ordering: .releasing)
        thread.withLock { $0.take() }?.join()
    }

    private static var now: Uptime { Uptime(nanoseconds: wp_uptime_ns()) }

    private func run() {
        while !isStopped.load(ordering: .acquiring) {
            guard Self.wait(listener.descriptor, nil, ms: 500), let line = listener.accept() else { continue }
            if let request = request(on: line) { talk(request, line) }
        }
    }

    /// True: there is something to read at either.
    private static func wait(_ one: Int32, _ other: Int32?, ms: Int) -> Bool {
        var looks = [one, other].compactMap { $0 }.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        return poll(&looks, nfds_t(looks.count), Int32(ms)) > 0
    }

    /// The first frame, which a hub sends at once.
    private func request(on line: PageLine) -> TalkRequest? {
        let begun = Self.now
        while Self.now.ms(since: begun) < Limits.talkConnectMs {
            _ = Self.wait(line.descriptor, nil, ms: Limits.pagePacketMs)
            guard let frames = line.frames() else { return nil }
            guard let first = frames.first else { continue }
            if case .request(let request) = first { return request }
            return nil
        }
        return nil
    }

    private func talk(_ request: TalkRequest, _ line: PageLine) {
        let word = Word()
        let desk = desk
        Task {
            switch await desk.open(request) {
            case .success(let call): word.call.withLock { $0 = call }
            case .failure(let refused): word.state.withLock { $0 = .ended(refused.why) }
            }
        }
        guard let voice = try? PageVoice(card, now: Self.now) else {
            line.send(.state(.ended(.gatewayFault)))
            return
        }
        carry(voice, line, word)
        if let call = word.call.withLock({ $0 }) { Task { await desk.act(.hangUp, on: call) } }
    }

    /// Until either side ends it.
    private func carry(_ voice: PageVoice, _ line: PageLine, _ word: Word) {
        var told: TalkState?
        var askedAt = Self.now
        while !isStopped.load(ordering: .acquiring) {
            _ = Self.wait(line.descriptor, listener.descriptor, ms: Limits.pagePacketMs / 4)
            if let other = listener.accept() { other.send(.state(.ended(.busy))) }
            guard let frames = line.frames() else { return }
            for frame in frames { take(frame, voice, word) }
            let now = Self.now
            let state = word.state.withLock { $0 }
            if state != told {
                line.send(.state(state))
                told = state
            }
            if case .ended = state { return }
            if case .talking = state, let packet = voice.packet(now: now) { line.send(.voice(packet)) }
            if now.ms(since: askedAt) >= Limits.pageLookMs, let call = word.call.withLock({ $0 }) {
                askedAt = now
                let desk = desk
                Task {
                    let state = await desk.state(of: call)
                    word.state.withLock { $0 = state }
                }
            }
        }
    }

    private func take(_ frame: TalkFrame, _ voice: PageVoice, _ word: Word) {
        switch frame {
        case .voice(let packet): voice.take(packet, now: Self.now)
        case .act(let act):
            let desk = desk
            if let call = word.call.withLock({ $0 }) { Task { await desk.act(act, on: call) } }
        case .request, .state: break
        }
    }
}
