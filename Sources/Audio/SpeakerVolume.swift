// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc

/// How loud a loudspeaker may be: what follows the noise of its room, and the cap of the night above that. A
/// value; any thread. Always true: only what raises or carries an alarm is louder than the cap, and nothing
/// is ever louder than it was made.
package struct SpeakerVolume: Hashable, Sendable {
    /// No sample of anything else is louder, dB under full scale; nil: it is day.
    package var capDb: Double?
    /// The noise of the room, dB under full scale; nil: nobody knows.
    package var roomDb: Double?

    package init(capDb: Double? = nil, roomDb: Double? = nil) {
        (self.capDb, self.roomDb) = (capDb, roomDb)
    }

    /// What the samples of a claim of that rank are multiplied by.
    func gain(_ rank: SoundRank) -> Float {
        switch rank {
        case .emergencyPage, .alarmTone, .alarmCall, .routineCall: 1
        case .livePage, .routine, .background: Float(pow(10, followed / 20))
        }
    }

    /// The largest sample that a claim of that rank may have.
    func most(_ rank: SoundRank) -> Float {
        switch rank {
        case .emergencyPage, .alarmTone, .alarmCall: 32_768
        case .livePage, .routineCall, .routine, .background:
            Float(32_767 * pow(10, min(0, capDb ?? 0) / 20))
        }
    }

    /// From as loud as it was made, in a loud room or one that nobody knows, to `roomLeastDb` in a quiet one.
    private var followed: Double {
        guard let roomDb else { return 0 }
        let (quiet, loud) = (Limits.roomQuietDb, Limits.roomLoudDb)
        let share = (min(loud, max(quiet, roomDb)) - quiet) / (loud - quiet)
        return Limits.roomLeastDb * (1 - share)
    }
}

/// The noise of a room, heard in the pauses of what is played: the quietest of the last stretches. A value;
/// one thread. Always true: nothing is kept of the sound but its power.
package struct RoomNoise: Hashable, Sendable {
    private var power = 0.0
    private var blocks = 0
    private var afterPlayed = 0
    private var least: Double?

    package init() {}

    /// dB under full scale; nil: there was no pause.
    package var roomDb: Double? { least.map { 10 * log10(max(1e-10, $0)) } }

    /// 10 ms of both, as mean squares of samples.
    package mutating func feed(played: Double, heard: Double) {
        afterPlayed = played > 1 ? 0 : afterPlayed + 1
        // What was played still fills the room for a while.
        guard afterPlayed > Limits.roomSettleMs / 10 else { return (power, blocks) = (0, 0) }
        (power, blocks) = (power + heard, blocks + 1)
        guard blocks * 10 >= Limits.roomStretchMs else { return }
        let mean = power / Double(blocks) / 32_768 / 32_768
        least = min(least ?? mean, mean)
        (power, blocks) = (0, 0)
    }
}
