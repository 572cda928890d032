// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Glibc

/// Speech through encoder, losses, jitter buffer and decoder in a time of its own: the same result on every
/// machine, whatever else it does. What it leaves out: cards, sockets and threads.
enum StillBench {
    static func run(_ arguments: [String]) throws(Fault) {
        guard arguments.count >= 2 else { return print("{\"error\": \"IN.wav OUTFOLDER\"}") }
        let losses = (VoiceBench.value("loss", arguments) ?? "0,5,10,20").split(separator: ",").compactMap {
            Int($0)
        }
        for loss in losses {
            var line = try Line(arguments, lossPercent: loss)
            let heard = try line.talk(try Clip.read(path: arguments[0], rateHz: line.rateHz))
            try Clip.write(heard, rateHz: line.rateHz, path: "\(arguments[1])/loss\(loss).wav")
            print(
                "{\"loss\": \(loss), \"concealed\": \(line.playout.concealedCount),",
                "\"recovered\": \(line.playout.recoveredCount), \"copies\": \(line.playout.copyCount),",
                "\"stretched\": \(line.playout.stretchedCount), \"late\": \(line.playout.lateCount),",
                "\"bitsPerSecond\": \(line.bits * 100 / max(1, line.steps))}")
        }
    }

    /// A sender, a wire and a receiver.
    struct Line {
        let rateHz: Int
        let playout: Playout
        private let codec: any AudioCodec
        private let choice: VoiceCodecChoice
        private let frameMs: Int
        private var redundant: RedundantFrames?
        private let lossPercent: Int
        private let jitterMs: Double
        private let driftPpm: Double
        private var generator: UInt64 = 0x2545_f491_4f6c_dd1d
        private var blocks = [Redundancy.Block](
            repeating: Redundancy.Block(offset: 0, bytes: 0..<0, payloadType: 0), count: 8)
        private(set) var bits = 0
        private(set) var steps = 0

        init(_ arguments: [String], lossPercent: Int) throws(Fault) {
            var settings = VoiceSettings()
            settings.sampleRateHz = Int(VoiceBench.value("rate", arguments) ?? "") ?? 16_000
            settings.opusBitsPerSecond =
                Int(VoiceBench.value("bits", arguments) ?? "") ?? settings.opusBitsPerSecond
            settings.ownBitsPerSecond =
                Int(VoiceBench.value("bits", arguments) ?? "") ?? settings.ownBitsPerSecond
            settings.opusComplexity = Int(VoiceBench.value("complexity", arguments) ?? "") ?? 5
            rateHz = settings.sampleRateHz
            frameMs = Int(VoiceBench.value("ms", arguments) ?? "") ?? 10
            let isPlain = arguments.contains("fec") || arguments.contains("plain")
            choice =
                arguments.contains("pcmu")
                ? .pcmu(payloadType: 0)
                : arguments.contains("g722")
                    ? .g722(payloadType: 9)
                    : .opus(payloadType: 111, fec: arguments.contains("fec"), stereo: false)
            codec = try choice.made(settings, frameMs: frameMs, isOwn: !isPlain)
            playout = Playout(
                codec: try choice.made(settings, frameMs: frameMs, isOwn: !isPlain), choice: choice,
                frameMs: frameMs, rateHz: rateHz)
            redundant =
                isPlain ? nil : RedundantFrames(depth: Int(VoiceBench.value("red", arguments) ?? "") ?? 2)
            self.lossPercent = lossPercent
            jitterMs = Double(VoiceBench.value("jitter", arguments) ?? "") ?? 0.3
            driftPpm = Double(VoiceBench.value("drift", arguments) ?? "") ?? 0
        }

        private mutating func random() -> Double {
            generator ^= generator << 13
            generator ^= generator >> 7
            generator ^= generator << 17
            return Double(generator >> 11) / Double(1 << 53)
        }

        mutating func talk(_ speech: [Int16]) throws(Fault) -> [Int16] {
            let change = RateChange(from: rateHz, to: codec.rateHz)
            let (frame, coded) = (SampleBlock(rateHz * frameMs / 1_000), SampleBlock(5_760))
            let out = SampleBlock(rateHz * Limits.playoutStepUs / 1_000_000)
            var encoded = [UInt8](repeating: 0, count: 1_275)
            var packet = [UInt8](repeating: 0, count: 4_500)
            var (heard, nextUs, timestamp) = ([Int16](), 1_000_000.0, UInt32(7_000))
            var arrivals: [(us: Double, sequence: UInt16, timestamp: UInt32, packet: [UInt8])] = []
            var sequence: UInt16 = 65_000
            for start in stride(from: 0, to: speech.count - frame.capacity, by: frame.capacity) {
                for index in 0..<frame.capacity { frame[index] = speech[start + index] }
                let made = change.run(frame, count: frame.capacity, into: coded)
                let count = codec.encode(coded, count: made, into: &encoded)
                let end =
                    redundant?.write(
                        encoded, count: count, timestamp: timestamp, payloadType: 111, to: &packet, at: 12)
                    ?? 0
                if end == 0 { for index in 0..<count { packet[12 + index] = encoded[index] } }
                bits += (end == 0 ? count : end - 12) * 8
                steps += frameMs / 10
                let sentUs =
                    1_000_000 + Double(start + frame.capacity) * 1e6 / Double(rateHz) * (1 + driftPpm * 1e-6)
                let late = -log(max(1e-9, random())) * jitterMs * 1_000
                if random() * 100 >= Double(lossPercent) {
                    arrivals.append(
                        (sentUs + late, sequence, timestamp, Array(packet[..<(end == 0 ? count + 12 : end)])))
                }
                sequence &+= 1
                timestamp &+= UInt32(choice.clockRate * frameMs / 1_000)
            }
            arrivals.sort { $0.us < $1.us }
            var next = 0
            while heard.count < speech.count + rateHz / 4 {
                while next < arrivals.count, arrivals[next].us <= nextUs {
                    deliver(arrivals[next])
                    next += 1
                }
                playout.pull(out, count: out.capacity, at: Uptime(nanoseconds: UInt64(nextUs * 1_000)))
                for index in 0..<out.capacity { heard.append(out[index]) }
                nextUs += Double(Limits.playoutStepUs)
            }
            return heard
        }

        private mutating func deliver(
            _ came: (us: Double, sequence: UInt16, timestamp: UInt32, packet: [UInt8])
        ) {
            let now = Uptime(nanoseconds: UInt64(came.us * 1_000))
            guard redundant != nil else {
                _ = playout.put(
                    came.packet, start: 12, count: came.packet.count - 12, sequence: came.sequence,
                    timestamp: came.timestamp, at: now)
                return
            }
            let ticks = choice.clockRate * frameMs / 1_000
            guard
                let count = try? Redundancy.read(came.packet, payload: 12..<came.packet.count, into: &blocks)
            else { return }
            for block in blocks[..<count].reversed() {
                _ = playout.put(
                    came.packet, start: block.bytes.lowerBound, count: block.bytes.count,
                    sequence: came.sequence &- UInt16(block.offset / ticks),
                    timestamp: came.timestamp &- UInt32(block.offset), at: now, isCopy: block.offset > 0)
            }
        }
    }
}
