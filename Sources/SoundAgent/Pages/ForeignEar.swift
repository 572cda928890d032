// SPDX-License-Identifier: Apache-2.0
import Facility
import Intercom
import Paging

/// Listens to one sender of others: plain RTP to a group that the site names. Lives on libre's thread; while
/// it is heard, the loudspeaker's thread reads its socket. Always true: nothing is ever sent there, and
/// whoever is not the configured sender is not heard.
final class ForeignEar {
    private struct Heard {
        let claim: UInt64
        let ear: PageEar
        let since: Uptime
    }

    private let sender: PagePlan.Sender
    private let parts: PageDesk.Parts
    private let port: PagePort
    private let changed: () -> Void
    private var watch: ReWatch?
    private var heard: Heard?

    /// `changed`: it is heard from now on.
    init(_ sender: PagePlan.Sender, parts: PageDesk.Parts, changed: @escaping () -> Void) throws(Fault) {
        (self.sender, self.parts, self.changed) = (sender, parts, changed)
        port = try PagePort(hearing: sender.group, on: parts.own.address)
        try listen()
    }

    var isHeard: Bool { heard != nil }

    private func listen() throws(Fault) {
        watch = try ReWatch(port.descriptor) { [unowned self] in came() }
    }

    /// A packet waits: whose?
    private func came() {
        let ear = PageEar()
        let origin = PageHearing.Origin(codec: sender.group.codec, host: sender.source)
        guard heard == nil,
            let voice = try? PageHearing(origin, group: port, own: nil, ear: ear, rateHz: parts.rateHz)
        else { return }
        voice.receive()
        guard ear.packets.byGroup > 0 else { return }
        watch?.end()
        heard = Heard(claim: parts.ears.add(voice, sender.rank), ear: ear, since: PageDesk.now)
        SoundProcess.log("\(sender.name) pages")
        changed()
    }

    func look(_ now: Uptime) {
        guard let known = heard, let last = known.ear.lastAt,
            now.ms(since: last) >= Limits.pagingForeignSilenceMs
        else { return }
        over(known, last)
        do throws(Fault) { try listen() } catch { SoundProcess.log("\(error)") }
    }

    private func over(_ known: Heard, _ last: Uptime) {
        parts.ears.end(known.claim)
        heard = nil
        _ = parts.record(
            PageEntry(
                .pageHeard,
                [
                    ("from", sender.name), ("heardMs", "\(last.ms(since: known.since))"), ("way", "group"),
                    ("rank", "\(sender.rank)"),
                ]))
    }

    func end() {
        if let heard { over(heard, heard.ear.lastAt ?? heard.since) } else { watch?.end() }
    }
}
