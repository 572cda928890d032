// SPDX-License-Identifier: Apache-2.0
import Audio
import CVoiceDSP
import Facility
import Testing

/// The bounds of what is said, in rooms without chance; `ProofBenchTests` has the rooms with it.
struct PlayProofTests {
    private static let rateHz = 16_000

    private static func noise(_ count: Int, seed: UInt32, loud: Int) -> [Int16] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int16(Int(state >> 16) % (2 * loud + 1) - loud)
        }
    }

    /// What was measured of a board that hears itself so loud.
    private static func level(_ gain: Float) throws -> EchoLevel {
        try #require(
            EchoLevel(bandsDb: Array(repeating: 20 * Float(gain == 0.1 ? -1 : 0), count: EchoLevel.bandCount))
        )
    }

    private static func hear(_ gain: Float, level: EchoLevel, room: Int = 3, lateMs: Int = 0) -> (
        PlayProof.Result, isCertain: Bool
    ) {
        var proof = PlayProof(rateHz: rateHz, level: level)
        let played = noise(3 * rateHz, seed: 1, loud: 8_000)
        let other = noise(3 * rateHz, seed: 2, loud: room)
        let (a, b) = (SampleBlock(160), SampleBlock(160))
        for start in stride(from: 0, to: played.count, by: 160) {
            for index in 0..<160 {
                a[index] = played[start + index]
                let at = start + index - lateMs * rateHz / 1_000
                b[index] = Int16((at >= 0 ? Float(played[at]) * gain : 0) + Float(other[start + index]))
            }
            if let result = proof.feed(a, b, count: 160) { return (result, true) }
        }
        return (proof.measure(), false)
    }

    @Test func loudspeaker_isHeard_atItsLevel() throws {
        let (result, isCertain) = Self.hear(0.1, level: try Self.level(0.1))
        #expect(isCertain && result.verdict == .heard && abs(result.levelDb) < 0.5, "\(result)")
        #expect(result.afterMs < 1_500)
    }

    @Test(arguments: [0, 300]) func deadLoudspeaker_isNotHeard_inQuietAndInNoise(room: Int) throws {
        let (result, isCertain) = Self.hear(0, level: try Self.level(0.1), room: room)
        #expect(isCertain && result.verdict == .notHeard, "\(result)")
    }

    @Test func tenDecibelsLess_areTooQuiet_andMeasured() throws {
        let (result, isCertain) = Self.hear(0.0316, level: try Self.level(0.1))
        #expect(isCertain && result.verdict == .tooQuiet && abs(result.levelDb + 10) < 1, "\(result)")
    }

    @Test func delay_mayBeWrong_byTenMilliseconds() throws {
        #expect(Self.hear(0.1, level: try Self.level(0.1), lateMs: 10).0.verdict == .heard)
    }

    @Test func loudRoom_leavesItOpen() throws {
        let (result, isCertain) = Self.hear(0.001, level: try Self.level(0.1), room: 30_000)
        #expect(!isCertain && result.verdict == .unsure, "\(result)")
    }

    @Test func silence_provesNothing() throws {
        var proof = PlayProof(rateHz: Self.rateHz, level: try Self.level(0.1))
        let silence = SampleBlock(160)
        for _ in 0..<500 { #expect(proof.feed(silence, silence, count: 160) == nil) }
        let result = proof.measure()
        #expect(result.verdict == .unsure && result.afterMs == 0)
    }

    @Test func level_isMeasured_byTheSweepOfACalibration() throws {
        let sweep = Calibration.sweep(rateHz: Self.rateHz)
        let quiet = [Int16](repeating: 0, count: 8_000)
        let heard = (quiet.prefix(480) + sweep + quiet).map { $0 / 10 }
        let found = try #require(Calibration.find(sweep, in: heard, rateHz: Self.rateHz)?.level)
        #expect(found.bandsDb.allSatisfy { abs($0 + 20) < 1 }, "\(found)")
        #expect(EchoLevel(bandsDb: []) == nil && EchoLevel(bandsDb: .init(repeating: .nan, count: 7)) == nil)
    }
}
