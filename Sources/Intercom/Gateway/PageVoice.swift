// SPDX-License-Identifier: Apache-2.0
package import Audio
import CLinux
package import Facility

/// A page's voice at a card of software. One thread.
///
///     page's packets ─> Opus ─> AirLine ─> card's microphone ─> VoiceSession ─> RTP
///     page's packets <─ Opus <─ card's loudspeaker (AirLine) <─ VoiceSession <─ RTP
///
/// Always true: sound that came in a heap is left out, so that what follows is heard in time.
package final class PageVoice {
    private static let rateHz = 16_000
    private static let frames = rateHz * Limits.pagePacketMs / 1_000

    private let card: SimulatedCard
    private let mouth = AirLine()
    private let clock: CardClock
    private let codec: OpusCodec
    private let block = SampleBlock(rateHz / 5)
    private var packet = [UInt8](repeating: 0, count: Limits.voicePacketMaxBytes)
    /// The next frame of the page's voice on the clock.
    private var next: Int64 = 0
    /// From when the loudspeaker has not yet been sent.
    private var sentNs: UInt64

    package init(_ card: SimulatedCard, now: Uptime) throws(Fault) {
        self.card = card
        codec = try OpusCodec(
            rateHz: Self.rateHz, bitsPerSecond: 32_000, complexity: 5, fec: false, isQuick: false)
        clock = CardClock(rateHz: Self.rateHz, driftPpm: 0, startNs: now.nanoseconds)
        sentNs = now.nanoseconds
        mouth.open(clock, at: Int64(clock.frames(at: now.nanoseconds)))
        card.hearsOnly(mouth)
    }

    /// What the page said.
    package func take(_ bytes: [UInt8], now: Uptime) {
        let count = codec.decode(bytes, start: 0, count: bytes.count, into: block)
        guard count > 0 else { return }
        let at = Int64(clock.frames(at: now.nanoseconds))
        if next < at { next = at + Int64(Self.rateHz * Limits.pageLeadMs / 1_000) }
        guard next <= at + Int64(Self.rateHz * Limits.pageLagMs / 1_000) else { return }
        mouth.write(block, count: count, at: next)
        next += Int64(count)
    }

    /// What the terminal said, as soon as a packet of it is there.
    package func packet(now: Uptime) -> [UInt8]? {
        let span = UInt64(Limits.pagePacketMs) * 1_000_000
        guard now.nanoseconds >= sentNs + span else { return nil }
        // After a stall the past is past.
        if now.nanoseconds > sentNs + 5 * span { sentNs = now.nanoseconds - span }
        let heard = card.loudspeaker.listen(fromNs: sentNs, count: Self.frames, rateHz: Self.rateHz)
        sentNs += span
        for index in 0..<Self.frames { block[index] = heard[index] }
        let count = codec.encode(block, count: Self.frames, into: &packet)
        return count > 0 ? Array(packet[..<count]) : nil
    }
}
