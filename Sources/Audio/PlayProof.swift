// SPDX-License-Identifier: Apache-2.0
import CVoiceDSP
import Facility
import Glibc

/// How much of the loudspeaker a board's microphone hears when all is well: power in dB against what is
/// played, in `bandCount` bands of 500 Hz from about 300 Hz on. A value; found by `Calibration`.
package struct EchoLevel: Hashable, Sendable {
    package static let bandCount = Int(WP_PROOF_BANDS)

    package let bandsDb: [Float]

    /// nil: another number of bands.
    package init?(bandsDb: [Float]) {
        guard bandsDb.count == Self.bandCount, bandsDb.allSatisfy({ $0.isFinite }) else { return nil }
        self.bandsDb = bandsDb
    }
}

/// Whether what the loudspeaker plays is in what the microphone hears. Fed with both, side by side; says so
/// as soon as it is certain. A value; one thread at a time; time is what was fed. Nothing is allocated after
/// the beginning.
///
///     loudspeaker's reference ─┐ frames of 64 ms
///     microphone, calibrated ──┴─> way from one to the other, place by place ─> against EchoLevel ─> verdict
///
/// Always true: of the microphone nothing is kept but the frame in hand and sums over spectra, from which no
/// word can be had back. Whoever opens a microphone for it shows and records that.
package struct PlayProof: ~Copyable {
    package enum Verdict: UInt8, Hashable, Sendable, CaseIterable {
        case heard = 1, notHeard, tooQuiet
        /// The room was too loud, or the sound too short, to tell.
        case unsure
    }

    package struct Result: Hashable, Sendable {
        package var verdict: Verdict
        /// Against the calibrated level.
        package var levelDb: Double
        /// How far off that may be.
        package var offDb: Double
        /// How much was played until it was certain.
        package var afterMs: Int
    }

    // SAFETY: made and freed here; this value alone has it.
    private let sums: OpaquePointer?
    private let gain: [Float]
    private let least: Double
    private var frames = 0
    private var lookedAt = 0

    package init(rateHz: Int, level: EchoLevel) {
        sums = wp_proof_new(rateHz)
        gain = level.bandsDb.map { pow(10, $0 / 10) }
        least = pow(10, Limits.proofPlayedLeastDb / 10) * 32_768 * 32_768
    }

    deinit { wp_proof_free(sums) }

    /// Each frame counts half a frame of 64 ms.
    private var playedMs: Int { frames * 32 }

    /// Blocks of the same time. The verdict as soon as it is certain.
    package mutating func feed(_ played: SampleBlock, _ heard: SampleBlock, count: Int) -> Result? {
        frames += wp_proof_add(sums, played.base, heard.base, min(count, played.capacity), least)
        guard playedMs >= Limits.proofLeastMs, playedMs - lookedAt >= Limits.proofLookMs else { return nil }
        lookedAt = playedMs
        let result = measure()
        return result.verdict == .unsure ? nil : result
    }

    /// All that was fed; `unsure` where it does not tell.
    package func measure() -> Result {
        var found = wp_proof_found(ratio: 0, noise: .infinity, spread: .infinity, places: 0)
        wp_proof_read(sums, gain, &found)
        let off = Limits.proofErrorsCount * found.spread
        let most = found.ratio + off
        // Noise alone does not look like this.
        let isThere =
            found.ratio - Limits.proofErrorsCount * found.noise > Self.power(Limits.proofNotHeardDb)
        let isTold = found.places >= Limits.proofPlacesCount
        let verdict: Verdict =
            if isTold, most < Self.power(Limits.proofNotHeardDb) {
                .notHeard
            } else if isTold, isThere, most < Self.power(Limits.proofTooQuietDb) {
                .tooQuiet
            } else if isThere, found.ratio > Self.power(Limits.proofTooQuietDb) {
                .heard
            } else {
                .unsure
            }
        return Result(
            verdict: verdict, levelDb: Self.decibels(found.ratio),
            offDb: Self.decibels(1 + min(1e6, off / max(1e-6, found.ratio))), afterMs: playedMs)
    }

    private static func power(_ decibels: Double) -> Double { pow(10, decibels / 10) }
    private static func decibels(_ power: Double) -> Double { 10 * log10(max(1e-6, power)) }

    /// What a board's level is, by one sweep that was heard well.
    package static func level(played: [Int16], heard: [Int16], rateHz: Int) -> EchoLevel? {
        guard let sums = wp_proof_new(rateHz) else { return nil }
        defer { wp_proof_free(sums) }
        _ = wp_proof_add(sums, played, heard, min(played.count, heard.count), 0)
        var gain = [Float](repeating: 0, count: EchoLevel.bandCount)
        wp_proof_gain(sums, &gain)
        return EchoLevel(bandsDb: gain.map { 10 * log10(max(1e-9, $0)) })
    }
}
