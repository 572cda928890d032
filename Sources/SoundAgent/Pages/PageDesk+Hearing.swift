// SPDX-License-Identifier: Apache-2.0
import Facility
import Intercom
import PanelLink

// Pages that this terminal is told of.
extension PageDesk {
    /// What has the loudspeaker, and what came of each voice.
    func look(_ now: Uptime) {
        let mine = Set(heard.values.map(\.claim) + ending.map(\.claim))
        perform(reception.occupied(parts.ears.others(mine), now), now)
        for (page, one) in heard {
            let (byGroup, alone) = one.ear.packets
            perform(reception.heard(page, byGroup: byGroup, alone: alone, now), now)
        }
    }

    func perform(_ effects: [PageReception.Effect], _ now: Uptime) {
        for effect in effects {
            switch effect {
            case .begin(let notice, let from): begin(notice, from, now)
            case .end(let page, let at):
                guard let one = heard.removeValue(forKey: page) else { continue }
                if at > now { ending.append((one.claim, at)) } else { parts.ears.end(one.claim) }
            case .answer(let id, let answer): send(.state(answer), to: id)
            case .record(let entry): _ = parts.record(entry)
            }
        }
    }

    private func begin(_ notice: PageNotice, _ from: TerminalID, _ now: Uptime) {
        guard let sender = parts.site.terminal(from) else { return }
        do throws(Fault) {
            let own = try PagePort(at: parts.own.address, ttl: 0)
            var group: PagePort?
            // Where the group cannot be joined, copies are heard.
            do throws(Fault) {
                group = try PagePort(hearing: notice.group, on: parts.own.address)
            } catch { SoundProcess.log("\(error)") }
            let origin = PageHearing.Origin(
                codec: notice.group.codec, host: sender.address, source: notice.source, key: notice.key)
            let ear = PageEar()
            let voice = try PageHearing(
                origin, group: group, own: own, ear: ear, rateHz: parts.rateHz, loses: parts.loses)
            heard[notice.page] = Heard(claim: parts.ears.add(voice, notice.rank), ear: ear)
            perform(reception.opened(notice.page, port: own.number, now), now)
        } catch {
            SoundProcess.log("\(error)")
            perform(reception.opened(notice.page, port: nil, now), now)
        }
    }
}
