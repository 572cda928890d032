// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Glibc
import Intercom
import Testing

struct OpusCodecTests {
    static func alike(_ codec: any AudioCodec, _ frames: Int = 40) -> Double {
        let count = codec.rateHz / 100
        let (frame, out) = (SampleBlock(count), SampleBlock(5_760))
        var bytes = [UInt8](repeating: 0, count: Limits.voiceFrameMaxBytes)
        var (said, heard) = ([Double](), [Double]())
        for number in 0..<frames {
            for index in 0..<count {
                frame[index] = Int16(
                    8_000 * sin(2 * Double.pi * 440 * Double(number * count + index) / Double(codec.rateHz)))
                said.append(Double(frame[index]))
            }
            let size = codec.encode(frame, count: count, into: &bytes)
            let made = codec.decode(bytes, start: 0, count: size, into: out)
            for index in 0..<made { heard.append(Double(out[index])) }
        }
        var best = 0.0
        for lag in 0..<count where heard.count == said.count {
            var (both, a, b) = (0.0, 1e-9, 1e-9)
            for index in (said.count / 2)..<(said.count - count) {
                both += said[index] * heard[index + lag]
                a += said[index] * said[index]
                b += heard[index + lag] * heard[index + lag]
            }
            best = max(best, both / (a * b).squareRoot())
        }
        return best
    }

    @Test(arguments: [16_000, 48_000]) func tone_survives(rate: Int) throws {
        let codec = try OpusCodec(
            rateHz: rate, bitsPerSecond: 64_000, complexity: 5, fec: true, isQuick: false)
        #expect(Self.alike(codec) > 0.95)
    }

    @Test func rate_isRefused_whenOpusHasNone() {
        #expect(throws: Fault.self) {
            try OpusCodec(rateHz: 11_025, bitsPerSecond: 64_000, complexity: 5, fec: false, isQuick: false)
        }
    }

    @Test func rubbish_isNoFrame_andDoesNoHarm() throws {
        let codec = try OpusCodec(
            rateHz: 16_000, bitsPerSecond: 64_000, complexity: 5, fec: true, isQuick: false)
        let out = SampleBlock(5_760)
        for turn in 0..<3_000 {
            let bytes = (0..<Int.random(in: 0...80)).map { _ in UInt8.random(in: 0...255) }
            #expect(codec.decode(bytes, start: 0, count: bytes.count, into: out) <= 5_760, "\(turn)")
            _ = codec.recover(bytes, start: 0, count: bytes.count, expected: 160, into: out)
        }
        #expect(codec.conceal(160, into: out) == 160)
    }
}
