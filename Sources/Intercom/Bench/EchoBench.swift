// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import CVoiceDSP
import Facility
import Glibc

/// The echo canceller in generated rooms, in a time of its own: how much of the loudspeaker it takes (ERLE),
/// and how much of somebody who speaks at the same time.
///
///     echo FAR.wav NEAR.wav [adaptive|speex|webrtc] [seconds per part = 12]
///
/// The other side speaks all the time; from the middle on somebody speaks here as well, 6 dB under the echo.
enum EchoBench {
    struct Room: Hashable {
        var name: String
        var decaySeconds: Double
        var delayMs: Double
        /// What the terminal believes of the delay is wrong by this much.
        var errorMs = 0.0
        var driftPpm = 0.0
        var clips = false
    }

    static let rooms: [Room] = {
        var made: [Room] = []
        for decay in [0.2, 0.6, 0.7] {
            for delay in [40.0, 120.0] {
                made.append(
                    Room(name: "room \(decay) s, \(Int(delay)) ms", decaySeconds: decay, delayMs: delay))
            }
        }
        made.append(Room(name: "0.6 s, 40 ms, clips", decaySeconds: 0.6, delayMs: 40, clips: true))
        made.append(Room(name: "0.7 s, 120 ms, clips", decaySeconds: 0.7, delayMs: 120, clips: true))
        made.append(Room(name: "0.6 s, 120 ms, +60 ms", decaySeconds: 0.6, delayMs: 120, errorMs: 60))
        made.append(Room(name: "0.6 s, 120 ms, -60 ms", decaySeconds: 0.6, delayMs: 120, errorMs: -60))
        made.append(Room(name: "0.6 s, 40 ms, 100 ppm", decaySeconds: 0.6, delayMs: 40, driftPpm: 100))
        made.append(
            Room(
                name: "0.7 s, 120 ms, 100 ppm, clips", decaySeconds: 0.7, delayMs: 120, driftPpm: 100,
                clips: true))
        return made
    }()

    static func run(_ arguments: [String]) throws(Fault) {
        guard arguments.count >= 2 else { return print("{\"error\": \"FAR.wav NEAR.wav\"}") }
        let rate = 16_000
        let (far, near) = (
            try Clip.read(path: arguments[0], rateHz: rate), try Clip.read(path: arguments[1], rateHz: rate)
        )
        let kind: EchoCanceller.Kind =
            arguments.contains("webrtc") ? .webrtc : arguments.contains("speex") ? .speex : .adaptive
        guard kind != .webrtc || EchoCanceller.hasWebRTC else {
            return print("{\"canceller\": \"webrtc\", \"error\": \"not installed\"}")
        }
        let tail = Int(VoiceBench.value("tail", arguments) ?? "") ?? Limits.echoTailMs
        for room in rooms {
            let began = wp_processor_ns()
            let scene = Scene(room, far: far, near: near, rate: rate)
            let made = wp_processor_ns()
            let result = scene.run(EchoCanceller(kind, rateHz: rate, suppressesNoise: false, tailMs: tail))
            let us = Double(wp_processor_ns() - made) / 1_000 / Double(scene.blocks)
            _ = began
            print(
                "{\"canceller\": \"\(kind)\", \"room\": \"\(room.name)\",",
                "\"erleDb\": \(oneDecimal(result.erle)),",
                "\"erleFirst2sDb\": \(oneDecimal(result.erleAtFirst)),",
                "\"nearLossDb\": \(oneDecimal(result.nearLoss)),",
                "\"nearAlikePercent\": \(oneDecimal(result.alike * 100)),",
                "\"usPerFrame\": \(oneDecimal(us))}")
        }
    }

    static func oneDecimal(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

/// One room with its sounds, ready to be heard.
struct Scene {
    let rate: Int
    let blocks: Int
    private var microphone: [Int16] = []
    private var reference: [Int16] = []
    private var near: [Int16] = []
    private var echo: [Float] = []
    private let half: Int
    private let driftPpm: Double
    private let offset: Int

    init(_ room: EchoBench.Room, far: [Int16], near voice: [Int16], rate: Int) {
        self.rate = rate
        driftPpm = room.driftPpm
        half = min(far.count, 24 * rate)
        let count = half + 12 * rate
        blocks = count / (rate / 100)
        // A terminal shifts its reference by what it believes beyond 64 ms: what is wrong with it shifts the
        // echo.
        let believed = max(0, room.delayMs + room.errorMs - 64)
        offset = Int(room.errorMs == 0 ? 0 : believed) * rate / 1_000
        reference = (0..<count).map { far[$0 % far.count] }
        near = (0..<count).map { $0 < half ? 0 : voice[($0 - half) % voice.count] }
        let response = Self.response(room, rate: rate)
        var sounding = [Float](repeating: 0, count: count + response.count)
        for index in 0..<count { sounding[response.count - 1 + index] = Float(reference[index]) }
        if room.clips { wp_soft_clip(&sounding, 9_000, sounding.count) }
        echo = [Float](repeating: 0, count: count)
        wp_convolve_add(sounding, response, response.count, &echo, count)
        // 6 dB over the voice that is near.
        let (echoPower, nearPower) = (power(echo[...]), power(near[half...].map(Float.init)[...]))
        let gain = Float((nearPower * 4 / max(1, echoPower)).squareRoot())
        var generator = UInt32(77)
        microphone = (0..<count).map { index in
            echo[index] *= gain
            generator = generator &* 1_664_525 &+ 1_013_904_223
            let hiss = (Float(generator >> 8) / Float(1 << 24) - 0.5) * 28
            return Int16(max(-32_768, min(32_767, echo[index] + Float(near[index]) + hiss)))
        }
    }

    private static func response(_ room: EchoBench.Room, rate: Int) -> [Float] {
        let start = Int(room.delayMs * Double(rate) / 1_000)
        let length = start + Int(room.decaySeconds * Double(rate))
        var generator = UInt32(4_711)
        return (0..<length).map { index in
            guard index >= start else { return 0 }
            var sum: Float = 0
            for _ in 0..<4 {
                generator = generator &* 1_664_525 &+ 1_013_904_223
                sum += Float(generator >> 8) / Float(1 << 24) - 0.5
            }
            if index == start { return 2 }
            return sum * Float(pow(10, -3 * Double(index - start) / (room.decaySeconds * Double(rate))))
        }
    }

    private func power(_ samples: ArraySlice<Float>) -> Double {
        samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, samples.count))
    }

    func run(_ canceller: EchoCanceller) -> (
        erle: Double, erleAtFirst: Double, nearLoss: Double, alike: Double
    ) {
        let step = rate / 100
        let (heard, played, out) = (SampleBlock(step), SampleBlock(step), SampleBlock(step))
        let line = ReferenceLine(rateHz: rate)
        var left = [Float](repeating: 0, count: blocks * step)
        let begin: UInt64 = 1_000_000_000_000
        let late = canceller.delayUs * rate / 1_000_000
        var generator = UInt32(99)
        let drifts = driftPpm != 0
        var written = 0
        for block in 0..<blocks {
            let start = block * step
            // The loudspeaker's clock: its frames sound at their own time.
            while written < min(reference.count, start + 4 * step) {
                for index in 0..<step {
                    let at = written + index - offset
                    played[index] = at >= 0 && at < reference.count ? reference[at] : 0
                }
                generator = generator &* 1_664_525 &+ 1_013_904_223
                let noiseNs = drifts ? Double(generator >> 8) / Double(1 << 24) * 1e6 - 5e5 : 0
                let at = Double(written) / Double(rate) * 1e9 + noiseNs
                line.wrote(played, count: step, soundsAtNs: begin + UInt64(max(0, at)))
                written += step
            }
            for index in 0..<step { heard[index] = sample(start + index) }
            // The last frame of this block, as the microphone's drifting clock places it.
            let endNs = Double(start + step) / Double(rate) * 1e9 * (1 + driftPpm * 1e-6)
            line.read(played, count: step, lastNs: begin + UInt64(endNs))
            canceller.run(heard, reference: played, into: out)
            for index in 0..<step { left[start + index] = Float(out[index]) }
        }
        return judge(left, late: late)
    }

    /// The microphone, as a clock hears it that runs slower than the loudspeaker's.
    private func sample(_ index: Int) -> Int16 {
        guard driftPpm != 0 else { return microphone[index] }
        var one: Float = 0
        let position = Double(index) * (1 + driftPpm * 1e-6)
        let whole = Int(position)
        let from = max(0, whole - 16)
        var window = [Int16](repeating: 0, count: 64)
        for offset in 0..<40 where from + offset < microphone.count {
            window[offset] = microphone[from + offset]
        }
        wp_air_add(window, 64, 0, 40, position - Double(from), 1, 1, &one, 1)
        return Int16(max(-32_768, min(32_767, one)))
    }

    private func judge(_ left: [Float], late: Int) -> (Double, Double, Double, Double) {
        func loss(_ range: Range<Int>) -> Double {
            10
                * log10(
                    power(echo[range])
                        / max(1e-9, power(left[(range.lowerBound + late)..<(range.upperBound + late)])))
        }
        var levels: [Double] = []
        var (both, ofNear, ofLeft) = (0.0, 1e-9, 1e-9)
        let step = rate / 50
        for start in stride(from: half + rate, to: left.count - step - late, by: step) {
            let said = near[start..<start + step].map(Float.init)
            let loud = power(said[...])
            guard loud > 250_000 else { continue }
            let got = left[(start + late)..<(start + late + step)]
            levels.append(10 * log10(loud / max(1e-9, power(got))))
            for (index, value) in got.enumerated() {
                both += Double(value) * Double(said[index])
                ofNear += Double(said[index]) * Double(said[index])
                ofLeft += Double(value) * Double(value)
            }
        }
        levels.sort()
        return (
            loss(2 * rate..<half - late), loss(rate / 2..<2 * rate),
            levels.isEmpty ? 0 : levels[levels.count / 2],
            both / (ofNear * ofLeft).squareRoot()
        )
    }
}
