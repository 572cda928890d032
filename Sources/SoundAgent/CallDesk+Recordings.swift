// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Intercom
import Journal
import Recordings

// The recordings of calls: begun with the voice, ended with it, and each told in the stream `call` before it
// counts.
extension CallDesk {
    /// What is done once its entry is stored.
    enum Shelved {
        case settle(RecordingName)
        case remove(RecordingName)
    }

    /// A leg's voice is over: its threads first, then its recording, which ends on the shelf's thread.
    func stopVoice(_ leg: Leg) {
        leg.handshake?.watch.end()
        guard let voice = leg.voice else { return }
        voice.stop()
        guard let recorder = leg.recorder else { return }
        var quality = leg.quality
        quality.saw(voice.report())
        shelf?.end(recorder, quality)
    }

    /// The shelf has something to tell.
    func takeNews() {
        let now = Self.now
        for news in shelf?.takeNews() ?? [] {
            switch news {
            case .recorded(let sealed, let quality, let missed, let gapMs):
                var entry = CallEntry()
                entry.add("call", sealed.name.call.description)
                entry.add("step", "recorded")
                sealed.write(into: &entry)
                quality?.write(into: &entry)
                if missed > 0 { entry.add("missed", "\(missed)") }
                if gapMs > 0 { entry.add("gap", "\(gapMs)") }
                let id = append(entry, CallEntry.recorded, about: sealed.name.call, now)
                shelved[id] = .settle(sealed.name)
                SoundProcess.log("recorded \(sealed.name.text), \(sealed.lengthMs / 1_000) s")
            case .goes(let name, let isSent, let bytes):
                var entry = CallEntry()
                entry.add("call", name.call.description)
                entry.add("step", "removed")
                entry.add("file", name.text)
                entry.add("bytes", "\(bytes)")
                entry.add("hub", isSent ? "stored" : "missing")
                shelved[append(entry, CallEntry.removed, about: name.call, now)] = .remove(name)
            case .failed(let call, let fault):
                SoundProcess.log("\(fault)")
                guard let call else { continue }
                var entry = CallEntry()
                entry.add("call", call.description)
                entry.add("step", "unrecorded")
                entry.add("why", String("\(fault.cause)".prefix(Limits.callReasonMaxBytes)))
                _ = append(entry, CallEntry.unrecorded, about: call, now)
            }
        }
    }

    private func append(_ entry: CallEntry, _ kind: UInt16, about call: CallID, _ now: Uptime) -> EventID {
        append(entry.payload, kind: kind, about: call, standing: false, urgent: false, now)
    }

    /// Recordings are sealed and told, everything is stored. What is not settled then is at the next
    /// start.
    func endRecord() {
        shelf?.stop()
        takeNews()
        store(Self.now)
        journal.stop()
        for report in journal.takeReports() {
            if case .stored(let entry) = report, case .settle(let name) = shelved[entry] {
                shelf?.settleNow(name)
            }
        }
    }

    /// The journal says that this entry is on the disk.
    func stored(_ entry: EventID) {
        switch shelved.removeValue(forKey: entry) {
        case .settle(let name): shelf?.settle(name)
        case .remove(let name): shelf?.remove(name)
        case nil: break
        }
    }
}
