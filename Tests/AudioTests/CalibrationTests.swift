// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Testing

struct CalibrationTests {
    @Test(arguments: [0, 640, 3_200]) func sweep_isFound_atItsDelay(delay: Int) throws {
        let sweep = Calibration.sweep(rateHz: 16_000)
        var heard = [Int16](repeating: 0, count: 24_000)
        var state: UInt32 = 5
        for index in heard.indices {
            state = state &* 1_664_525 &+ 1_013_904_223
            let at = index - delay
            heard[index] =
                Int16(truncatingIfNeeded: Int(state >> 24) - 128)
                + (sweep.indices.contains(at) ? sweep[at] / 8 : 0)
        }
        let result = try #require(Calibration.find(sweep, in: heard, rateHz: 16_000))
        #expect(abs(result.delayMs - Double(delay) / 16) < 0.2)
        #expect(abs(result.gainDb + 18) < 1)
    }

    @Test func sweep_isNotFound_inNoise() {
        var state: UInt32 = 5
        let heard = (0..<24_000).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int16(truncatingIfNeeded: Int(state >> 20) - 2_048)
        }
        #expect(Calibration.find(Calibration.sweep(rateHz: 16_000), in: heard, rateHz: 16_000) == nil)
    }

    @Test func card_isCalibrated_throughItsRoom() throws {
        var settings = SimulatedCard.Settings()
        settings.room = [Float](repeating: 0, count: 640) + [0.5, 0.2, -0.1]
        // A machine too busy for a card's frames says so, and is asked again.
        var found: Calibration.Result?
        for _ in 0..<10 where found == nil {
            found = try? Calibration.run(.simulated(SimulatedCard(settings)), rateHz: 16_000)
        }
        let result = try #require(found)
        #expect(abs(result.delayMs - 40) < 1.5, "\(result)")
    }

    @Test func deadLoudspeaker_isAFault() {
        #expect(throws: Fault.self) { try Calibration.run(.simulated(SimulatedCard()), rateHz: 16_000) }
    }

    @Test func card_isGivenBack_whenItIsWanted() throws {
        var asked = 0
        let result = try Calibration.run(.simulated(SimulatedCard()), rateHz: 16_000) {
            asked += 1
            return asked > 3
        }
        #expect(result == nil && asked < 20)
    }
}
