// SPDX-License-Identifier: Apache-2.0
import Audio
import Testing

/// Sounds that have their time, on a card whose clock the test moves.
struct SoundStartTests {
    /// What a card plays whose crystal is off by `ppm`, from `fromNs` on; `noiseNs`: how wrong it says when.
    static func play(
        _ mixer: inout SoundMixer, fromNs: Int64, ms: Int, ppm: Double = 0, noiseNs: Int64 = 0
    ) -> (made: [Int16], atNs: [Double], events: [SoundMixer.Event]) {
        let (block, stepNs) = (SampleBlock(40), 62_500 / (1 + ppm * 1e-6))
        var (made, times, events): ([Int16], [Double], [SoundMixer.Event]) = ([], [], [])
        for number in 0..<(ms * 16 / 40) {
            let at = Double(fromNs) + Double(number * 40) * stepNs
            block.silence(40)
            let wrong = noiseNs == 0 ? 0 : Int64(number) * 7_919 % (2 * noiseNs) - noiseNs
            let told = UInt64(Int64(at) + wrong)
            if let event = mixer.mix(into: block, count: 40, soundsAtNs: told) { events.append(event) }
            for index in 0..<40 {
                made.append(block[index])
                times.append(at + Double(index) * stepNs)
            }
        }
        return (made, times, events)
    }

    /// Each sample says its place.
    static let ramp = Sound((0..<32_000).map { Int16($0) })

    @Test func first_sample_isAtItsTime_toTheSample() throws {
        var mixer = SoundMixer(rateHz: 16_000)
        mixer.play(
            Sound([Int16](repeating: 8_000, count: 1_600)), as: 7, start: SoundStart(zeroNs: 50_000_000))
        let (made, times, events) = Self.play(&mixer, fromNs: 10_000_000, ms: 300)
        let first = try #require(made.firstIndex { $0 != 0 })
        // The ramp's first samples are too quiet to be any.
        #expect(abs(times[first] - 50_000_000) <= 2 * 62_500)
        #expect(events == [.began(7), .ended(7)])
        #expect(made.suffix(800).allSatisfy { $0 == 0 } && mixer.isQuiet)
    }

    @Test func late_sound_skipsWhatIsPast_andAResumedOneWhatWasHeard() {
        var mixer = SoundMixer(rateHz: 16_000)
        mixer.play(Self.ramp, as: 1, start: SoundStart(zeroNs: 0))
        let late = Self.play(&mixer, fromNs: 500_000_000, ms: 100)
        #expect(late.made.last.map { abs(Int($0) - 9_599) <= 1 } == true)
        mixer = SoundMixer(rateHz: 16_000)
        mixer.play(Self.ramp, as: 2, start: SoundStart(zeroNs: 0, first: 8_000))
        let resumed = Self.play(&mixer, fromNs: 400_000_000, ms: 200)
        #expect(resumed.made.prefix(1_598).allSatisfy { $0 == 0 })
        #expect(resumed.made.last.map { abs(Int($0) - 9_599) <= 1 } == true)
    }

    @Test(arguments: [-100.0, 0, 100])
    func sound_staysInStep_onACardThatRunsFastOrSlow(ppm: Double) throws {
        var mixer = SoundMixer(rateHz: 16_000)
        mixer.play(Self.ramp, as: 1, start: SoundStart(zeroNs: 100_000_000))
        let (made, times, _) = Self.play(&mixer, fromNs: 1_000_000, ms: 2_000, ppm: ppm, noiseNs: 100_000)
        // After the ramp, each sample is the one of its time within 100 µs, though every reading of the card
        // may be wrong by as much; a sample's fraction is cut off.
        for index in stride(from: 16 * 400, to: made.count, by: 97) {
            let place = (times[index] - 100_000_000) / 62_500
            #expect(abs(Double(made[index]) + 0.5 - place) < 1.6, "at \(index)")
        }
    }

    @Test func card_thatLostItsPlace_isInStepAgainAtOnce() {
        var mixer = SoundMixer(rateHz: 16_000)
        mixer.play(Self.ramp, as: 1, start: SoundStart(zeroNs: 0))
        _ = Self.play(&mixer, fromNs: 0, ms: 300)
        let after = Self.play(&mixer, fromNs: 700_000_000, ms: 10)
        #expect(after.made.last.map { abs(Int($0) - 11_359) <= 1 } == true)
    }
}
