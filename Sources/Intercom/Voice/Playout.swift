// SPDX-License-Identifier: Apache-2.0
package import Audio
import CVoiceDSP
package import Facility

/// Turns one stream's frames into an even flow of samples. The playback thread's; nothing is allocated after
/// the beginning. Always true: it gives exactly as many samples as were asked for.
///
///     JitterBuffer ─> decode | recover | conceal ─> [rate] ─> shorten | lengthen ─> ring ─> speed ─> out
///           └── excessUs: what waits too long, or too short ─────────┘                       │
///                                              └─────────────────────── 1 ± 0.8 % ───────────┘
package final class Playout {
    private static let ringSize = 1 << 14
    private var buffer: JitterBuffer
    private let codec: any AudioCodec
    private let rateHz: Int
    private let change: RateChange
    private let decoded = SampleBlock(5_760)
    private let frame = SampleBlock(2 * 5_760)
    private let ring = SampleBlock(Playout.ringSize)
    private var floats: [Float] = Array(repeating: 0, count: Limits.soundBlockMaxCount)
    private var end: Int64 = 0
    private var position = 0.0
    private var speed = 1.0
    private var isCorrecting = false
    private var silentMs = 0
    package private(set) var concealedCount = 0
    package private(set) var recoveredCount = 0
    package private(set) var stretchedCount = 0

    package init(codec: any AudioCodec, choice: VoiceCodecChoice, frameMs: Int, rateHz: Int) {
        self.codec = codec
        self.rateHz = rateHz
        buffer = JitterBuffer(clockRate: choice.clockRate, frameMs: frameMs)
        buffer.hasInbandCopies = choice.hasInbandCopies
        change = RateChange(from: codec.rateHz, to: rateHz)
    }

    /// As `JitterBuffer.put`.
    package func put(
        _ packet: [UInt8], start: Int, count: Int, sequence: UInt16, timestamp: UInt32, at now: Uptime,
        isCopy: Bool = false
    ) -> JitterBuffer.Arrival {
        buffer.put(
            sequence: sequence, timestamp: timestamp, packet: packet, start: start, count: count, at: now,
            isCopy: isCopy)
    }

    package var lostCount: Int { buffer.lostCount }
    package var lateCount: Int { buffer.lateCount }
    package var copyCount: Int { buffer.copyCount }

    private var pendingCount: Int { max(0, Int(Double(end) - position)) }
    private var pendingUs: Int { pendingCount * 1_000_000 / rateHz }

    /// How long a frame waits from its arrival until it leaves here, µs.
    package func waitUs(at now: Uptime) -> Int { buffer.waitUs(at: now, pendingUs: pendingUs) }

    /// The next `count` samples.
    package func pull(_ out: SampleBlock, count: Int, at now: Uptime) {
        let ahead = 12
        var turns = 0
        while Double(end) - position < Double(count) * speed + Double(ahead), turns < 8 {
            decodeNext(at: now)
            turns += 1
        }
        steer(at: now)
        for index in 0..<count { floats[index] = 0 }
        wp_air_add(
            ring.base, Self.ringSize, max(0, end - Int64(Self.ringSize)), end, position, speed, 1, &floats,
            count)
        wp_to_samples(floats, out.base, count)
        position += Double(count) * speed
    }

    /// The speed that brings the wait to what it should be.
    private func steer(at now: Uptime) {
        let off = buffer.excessUs(at: now, pendingUs: pendingUs) - marginUs
        let begins = off > Limits.playoutDeadUs || off < -Limits.playoutDeadUs / 2
        if isCorrecting ? abs(off) < Limits.playoutDeadUs / 8 : begins { isCorrecting.toggle() }
        guard isCorrecting else {
            speed = 1
            return
        }
        let most = Double(Limits.playoutRateMaxPpm) * 1e-6
        speed = 1 + max(-most, min(most, Double(off) * 1e-6))
    }

    /// A frame must be there a step before it is needed.
    private var marginUs: Int { Limits.playoutStepUs + Limits.jitterMarginUs + 12 * 1_000_000 / rateHz }

    private func decodeNext(at now: Uptime) {
        let expected = codec.rateHz * buffer.frameUs / 1_000_000
        switch buffer.next(at: now, pendingUs: pendingUs) {
        case .play(let slot):
            var count = decode(slot, expected: expected, into: 0)
            // The frame that was just taken waits as well.
            let excess = buffer.excessUs(at: now, pendingUs: pendingUs + buffer.frameUs) - marginUs
            // Two frames have room for two periods of any voice.
            if excess > Limits.playoutShortenUs, buffer.isNextThere,
                case .play(let second) = buffer.next(at: now, pendingUs: pendingUs)
            {
                count += decode(second, expected: expected, into: count)
                let shorter = wp_shorten(frame.base, count, rateHz / 400, rateHz / 100)
                if shorter < count { stretchedCount += 1 }
                count = shorter
            } else if excess < -Limits.playoutLengthenUs {
                let longer = wp_lengthen(frame.base, count, rateHz / 400, min(rateHz / 100, count / 2))
                if longer > count { stretchedCount += 1 }
                count = longer
            }
            append(count)
        case .recover(let slot):
            let made = codec.recover(
                buffer.bytes, start: slot * buffer.slotBytes, count: buffer.slots[slot].count,
                expected: expected, into: decoded)
            if made > 0 { recoveredCount += 1 } else { concealedCount += 1 }
            append(changed(made > 0 ? made : codec.conceal(expected, into: decoded), into: 0))
        case .conceal:
            concealedCount += 1
            append(changed(codec.conceal(expected, into: decoded), into: 0))
        case .nothing:
            let count = rateHz / 400
            frame.silence(count)
            append(count)
        }
    }

    private func decode(_ slot: Int, expected: Int, into offset: Int) -> Int {
        let made = codec.decode(
            buffer.bytes, start: slot * buffer.slotBytes, count: buffer.slots[slot].count, into: decoded)
        guard made > 0 else {
            concealedCount += 1
            return changed(codec.conceal(expected, into: decoded), into: offset)
        }
        return changed(made, into: offset)
    }

    /// From the codec's rate to ours, behind what the frame holds already.
    private func changed(_ count: Int, into offset: Int) -> Int {
        guard codec.rateHz != rateHz else {
            let kept = min(count, frame.capacity - offset)
            (frame.base + offset).update(from: decoded.base, count: kept)
            return kept
        }
        return change.run(decoded, count: count, into: frame, at: offset)
    }

    private func append(_ count: Int) {
        for index in 0..<count {
            ring.base[Int(end + Int64(index)) & (Self.ringSize - 1)] = frame.base[index]
        }
        end += Int64(count)
    }
}
