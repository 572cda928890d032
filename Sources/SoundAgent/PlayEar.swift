// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Synchronization

/// Listens to the terminal's own loudspeaker until `PlayProof` is certain, or it is told to stop: a thread of
/// its own, which opens the microphone and closes it. Any thread stops it. Always true: `told` is called
/// once, with the microphone closed; nothing of what it heard is left by then but how loud the room was in
/// its pauses.
final class PlayEar: Sendable {
    private let isStopped = Atomic(false)

    /// `told`: on the ear's thread.
    init(
        _ card: SoundCard, _ speaker: Speaker, _ known: CalibrationFile, _ level: EchoLevel,
        told: @escaping @Sendable (PlayProof.Result, _ roomDb: Double?) -> Void
    ) {
        _ = SoundThread("wp-ear", urgent: false) { [self] in
            let (result, roomDb) = listen(
                card, speaker, delayNs: UInt64(known.delayUs) * 1_000, level)
            told(result, roomDb)
        }
    }

    /// It ends within a block of 10 ms, or within `Limits.cardWaitMs` of a card that gives none.
    func stop() { isStopped.store(true, ordering: .releasing) }

    private func listen(
        _ card: SoundCard, _ speaker: Speaker, delayNs: UInt64, _ level: EchoLevel
    ) -> (PlayProof.Result, roomDb: Double?) {
        let (rate, line) = (speaker.rateHz, ReferenceLine(rateHz: speaker.rateHz))
        let (heard, played) = (SampleBlock(rate / 100), SampleBlock(rate / 100))
        let capture = SteadyCapture(card, rateHz: rate)
        var proof = PlayProof(rateHz: rate, level: level)
        var room = RoomNoise()
        speaker.tap(line)
        defer {
            speaker.untap(line)
            capture.close()
        }
        while !isStopped.load(ordering: .acquiring) {
            // A card that is gone hears nothing, and proves nothing.
            guard capture.read(heard, count: heard.capacity) else { continue }
            line.read(played, count: played.capacity, lastNs: capture.lastFrameNs - delayNs)
            room.feed(played: played.power, heard: heard.power)
            if let result = proof.feed(played, heard, count: heard.capacity) { return (result, room.roomDb) }
        }
        return (proof.measure(), room.roomDb)
    }
}
