// SPDX-License-Identifier: Apache-2.0
import Audio
import Clips
import Facility
import Intercom
import Journal
import Paging
import PanelLink
import Recordings

// Pages: what an officer orders at this post, and what the page desk needs of calls, lamp and record.
extension CallDesk {
    /// Calls go on without pages.
    func beginPages() {
        guard let plan = book.plan.pages, plan.ports[book.own.id] != nil else { return }
        do throws(Fault) {
            let timer = try ReWatch(timer: { [unowned self] in assumeIsolated { $0.pages?.turn() } })
            let desk = try PageDesk(
                PageDesk.Parts(
                    own: book.own, site: book.site, plan: plan, keys: { [book] in book.keys($0) },
                    rateHz: speaker.rateHz, ears: PageDesk.Ears(speaker),
                    record: { [plays, dayClock] in plays.add($0, dayClock().moment()) },
                    sign: { [unowned self] on in assumeIsolated { $0.signPage(on) } },
                    wake: { timer.set($0, now: CallDesk.now) }))
            watches.append(
                try ReWatch(desk.socket.descriptor) { [unowned self] in assumeIsolated { $0.pages?.hear() } })
            watches.append(timer)
            pages = desk
            desk.begin()
        } catch { SoundProcess.log("\(error)") }
    }

    private func signPage(_ on: Bool) {
        isSigned = on
        tellAlarm(Self.now)
    }

    /// Answers when it is on its way: a file is read on a thread of its own first.
    func page(_ order: PageOrder, _ command: SoundCommand, from sender: String, _ now: Uptime) -> CallRefusal?
    {
        guard book.own.role == .post else { return .notAllowed }
        guard pages != nil else { return .noPages }
        switch order.voice {
        case .live:
            // One microphone: a call has it, or the page.
            guard machine.calls.isEmpty, testing == nil else { return .busy }
            stopListening()
            return speak(order, .microphone(card), command.officer, now)
        case .file(let path):
            read(order, command, sender) { rate throws(Fault) in try Clip.read(path: path, rateHz: rate) }
        case .unit(let name):
            read(order, command, sender) { [folder = clipFolder] rate throws(Fault) in
                try ClipShelf.read(name, folder.index(), folder, rateHz: rate)
            }
        }
        return nil
    }

    private func read(
        _ order: PageOrder, _ command: SoundCommand, _ sender: String,
        _ reading: @escaping @Sendable (Int) throws(Fault) -> [Int16]
    ) {
        _ = SoundThread("wp-page-file", urgent: false) { [self, rate = speaker.rateHz] in
            var samples: [Int16] = []
            do throws(Fault) { samples = try reading(rate) } catch { SoundProcess.log("\(error)") }
            Task { [samples] in await self.have(samples, order, command, sender) }
        }
    }

    private func have(_ samples: [Int16], _ order: PageOrder, _ command: SoundCommand, _ sender: String) {
        let refusal =
            samples.isEmpty ? CallRefusal.noSound : speak(order, .sound(samples), command.officer, Self.now)
        reply(.reply(token: command.token, refusal: refusal), to: sender)
    }

    private func speak(
        _ order: PageOrder, _ voice: PageDesk.Voice, _ officer: OfficerID?, _ now: Uptime
    ) -> CallRefusal? {
        guard let pages else { return .noPages }
        do throws(CallRefusal) {
            let id = try pages.speak(order, voice, officer: officer, at: now)
            if voice.isLive { audit(id, order, officer, now) }
            return nil
        } catch { return error }
    }

    /// The microphone of this post is opened to zones: an entry as for a call's gate.
    private func audit(_ page: EventID, _ order: PageOrder, _ officer: OfficerID?, _ now: Uptime) {
        var entry = CallEntry()
        entry.add("call", "\(page)")
        entry.add("step", "\(CallStep.gateOpened)")
        entry.add("mode", "page")
        entry.add("with", order.zones.map(\.text).joined(separator: " "))
        entry.add("officer", officer?.text)
        pageEntry = append(
            entry.payload, kind: CallEntry.gate, about: page, standing: false, urgent: true, now)
    }

    /// An entry is on the disk.
    func pageStored(_ entry: EventID, _ now: Uptime) {
        guard entry == pageEntry else { return }
        pageEntry = nil
        pages?.recorded(now)
    }

    /// A call needs the microphone.
    func yieldMicrophone() {
        guard pages?.speaking?.isLive == true else { return }
        pages?.stopSpeaking(why: "a call took the microphone")
    }

    func listPage(_ token: UInt64, to sender: String, _ now: Uptime) {
        pages?.felt(now)
        guard let line = pages?.line() else {
            return reply(.end(token: token, count: 0), to: sender)
        }
        reply(.page(token: token, line.page), to: sender)
        for terminal in line.terminals { reply(.paged(token: token, terminal), to: sender) }
        reply(.end(token: token, count: UInt32(line.terminals.count + 1)), to: sender)
    }
}
