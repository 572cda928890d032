// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Intercom
import Synchronization

/// What a cell hears in words, Chinese and then English; the program brings it.
enum NoticeClip: Sendable, CaseIterable {
    case helpTold, busy, failed, unreachable

    /// nil: a tone says it.
    init?(_ notice: CallNotice) {
        switch notice {
        case .opened: return nil
        case .busy: self = .busy
        case .failed: self = .failed
        case .unreachable: self = .unreachable
        }
    }

    /// Made by Tests/VoiceQuality/make_notices.sh.
    var bytes: [UInt8] {
        switch self {
        case .helpTold: PackageResources.help_told_opus
        case .busy: PackageResources.busy_opus
        case .failed: PackageResources.failed_opus
        case .unreachable: PackageResources.unreachable_opus
        }
    }

    func samples(rateHz: Int) throws(Fault) -> [Int16] {
        try Clip.read(bytes: bytes, name: "\(self)", rateHz: rateHz)
    }
}

/// Says notices on a loudspeaker. Any thread; clips are unpacked on one of their own, for nobody waits.
/// Always true: what is hushed is not begun any more, and a new notice takes the place of the last.
final class Announcer: Sendable {
    private let speaker: Speaker
    private let name: UInt64
    private let wanted = Mutex(0)

    init(_ speaker: Speaker, as name: UInt64) {
        self.speaker = speaker
        self.name = name
    }

    /// One after another.
    func say(_ clips: [NoticeClip], rank: SoundRank) {
        let turn = wanted.withLock { wanted in
            wanted += 1
            return wanted
        }
        _ = SoundThread("wp-notice", urgent: false) { [self] in
            do throws(Fault) {
                let sound = try sound(clips)
                wanted.withLock { if $0 == turn { speaker.play(sound, as: name, rank: rank) } }
            } catch { SoundProcess.log("\(error)") }
        }
    }

    private func sound(_ clips: [NoticeClip]) throws(Fault) -> Sound {
        var all: [Int16] = []
        for clip in clips {
            if !all.isEmpty {
                all += [Int16](repeating: 0, count: speaker.rateHz * Limits.noticePauseMs / 1_000)
            }
            all += try clip.samples(rateHz: speaker.rateHz)
        }
        return Sound(all)
    }

    func hush() {
        wanted.withLock { wanted in
            wanted += 1
            speaker.end(name)
        }
    }
}
