// SPDX-License-Identifier: Apache-2.0
import CVoiceDSP
import Facility

/// Who is on, and what comes out: what the threads that claim a loudspeaker and the one that plays share. A
/// value inside the speaker's lock. Always true: nothing is allocated while it fills a block, but where a
/// sound ends.
// SAFETY: it is touched inside the speaker's lock alone, and what it holds by nobody else while it holds it.
struct SpeakerStage: @unchecked Sendable {
    private(set) var arbiter = Loudspeaker()
    var sounds: [UInt64: (sound: Sound, start: SoundStart?)] = [:]
    var voices: [(id: UInt64, voice: any HeardVoice)] = []
    var loan: Speaker.Loan?
    var tap: ReferenceLine?
    var volume = SpeakerVolume()
    private var level: Float = 1
    /// What the cap took off, and slowly gives back.
    private var held: Float = 1
    private let releaseStep = Float(Limits.playoutStepUs) / Float(Limits.capReleaseMs * 1_000)
    private var mixer: SoundMixer
    private let one: SampleBlock
    /// The voice that is heard, and how loud it is now.
    private var heard: UInt64?
    private var gain: Float = 0
    private let gainStep: Float

    init(rateHz: Int) {
        mixer = SoundMixer(rateHz: rateHz)
        one = SampleBlock(rateHz * Limits.playoutStepUs / 1_000_000)
        gainStep = Float(Limits.playoutStepUs) / Float(Limits.soundRampMs * 1_000)
    }

    var isClaimed: Bool { !arbiter.claims.isEmpty }
    /// Of the claim that comes before all others.
    var rank: SoundRank? { arbiter.claims.first?.rank }

    mutating func claim(_ claim: Loudspeaker.Claim) {
        arbiter.ask(claim)
        settle()
    }

    mutating func rank(_ id: UInt64, _ rank: SoundRank) {
        arbiter.rank(id, rank)
        settle()
    }

    /// False: nothing of that name was claimed.
    @discardableResult
    mutating func end(_ id: UInt64) -> Bool {
        guard arbiter.claims.contains(where: { $0.id == id }) else { return false }
        arbiter.end(id)
        sounds[id] = nil
        voices.removeAll { $0.id == id }
        settle()
        return true
    }

    private mutating func settle() {
        guard let first = arbiter.sound, let sound = sounds[first] else { return mixer.stop() }
        mixer.play(sound.sound, as: first, start: sound.start)
    }

    /// What the next turn waits for, and whether there is anything to play.
    func look(_ descriptors: inout [Int32]) -> (count: Int, isIdle: Bool, loan: Speaker.Loan?) {
        var count = 1
        for (_, voice) in voices where count + 1 < descriptors.count {
            (descriptors[count], descriptors[count + 1]) = voice.descriptors
            count += 2
        }
        return (count, voices.isEmpty && mixer.isQuiet, loan)
    }

    /// The next samples of all that is on: each voice goes on in time, one of them is heard.
    mutating func fill(_ mixed: SampleBlock, soundsAtNs: UInt64, watch: CardWatch) -> SoundMixer.Event? {
        let count = mixed.capacity
        mixed.silence(count)
        if heard != arbiter.voice, gain == 0 { heard = arbiter.voice }
        let to = heard != nil && heard == arbiter.voice ? min(1, gain + gainStep) : max(0, gain - gainStep)
        for (id, voice) in voices {
            voice.next(one, count: count)
            guard id == heard else { continue }
            wp_ramp(one.base, gain, to, count)
            mixed.base.update(from: one.base, count: count)
        }
        gain = to
        let event = mixer.mix(into: mixed, count: count, soundsAtNs: soundsAtNs)
        limit(mixed, count)
        for (_, voice) in voices {
            voice.played(mixed, count: count, soundsAtNs: soundsAtNs, watch: watch)
        }
        tap?.wrote(mixed, count: count, soundsAtNs: soundsAtNs)
        if case .ended(let id) = event { end(id) }
        return event
    }

    /// The last of all: the volume of whoever comes first. Louder with a ramp, quieter at once: what follows
    /// an alarm's tone is not one sample louder than it may be, and an alarm waits for no ramp.
    private mutating func limit(_ mixed: SampleBlock, _ count: Int) {
        let rank = rank ?? .background
        let wanted = volume.gain(rank)
        let from = min(level, wanted)
        level = min(wanted, from + gainStep)
        if from < 1 || level < 1 { wp_ramp(mixed.base, from, level, count) }
        let most = volume.most(rank)
        guard most < 32_767 else {
            held = 1
            return
        }
        var peak: Float = 0
        for index in 0..<count { peak = max(peak, abs(Float(mixed.base[index]))) }
        let needed = min(1, most / max(1, peak))
        let start = min(held, needed)
        held = min(needed, start + releaseStep)
        if start < 1 || held < 1 { wp_ramp(mixed.base, start, held, count) }
    }
}
