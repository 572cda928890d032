// SPDX-License-Identifier: Apache-2.0
import CLoudness
import COpus
package import Facility
import Glibc
import Recordings

//  file ─> SoundSource, once ─> loudness and true peak (libebur128) ─> one gain for all of it
//       └> SoundSource, again ─> × gain ─> Opus ─> pages of an Ogg file

/// A unit's content as it was made: Ogg Opus, one channel, 48 kHz. A value.
package struct MadeClip: Hashable, Sendable {
    package var bytes: [UInt8]
    /// Milliseconds, the last one begun.
    package var ms: Int
    /// By how much it was made louder, dB.
    package var gainDb: Double
    /// What it has now: LUFS, dBTP, both before the codec.
    package var loudnessLufs: Double
    package var peakDb: Double
}

/// Makes units from sound that people bring: all equally loud, none beyond its peak. A thread that may wait.
/// Always true: the same sound gives the same bytes; memory does not grow with the sound, only with what is
/// made of it.
package enum ClipMaker {
    package static func make(_ source: SoundSource) throws(Fault) -> MadeClip {
        let (gainDb, lufs, peakDb) = try gain(source)
        let factor = Float(pow(10, gainDb / 20))
        guard let press = OpusPress() else {
            throw SoundSource.fault(source.name, "there is no memory for the encoder")
        }
        let count = try source.hear { press.add($0.map { $0 * factor }) }
        press.end()
        guard press.failure == nil, press.bytes.count <= Limits.clipMaxBytes else {
            throw SoundSource.fault(source.name, press.failure ?? "what is made of it is too long")
        }
        return MadeClip(
            bytes: press.bytes, ms: (count * 1_000 + Limits.clipRateHz - 1) / Limits.clipRateHz,
            gainDb: gainDb, loudnessLufs: lufs + gainDb, peakDb: peakDb + gainDb)
    }

    /// To −23 LUFS (EBU R 128), or as near as −1 dBTP lets it come.
    private static func gain(_ source: SoundSource) throws(Fault) -> (Double, lufs: Double, peakDb: Double) {
        guard let loudness = wp_loudness_new(UInt(Limits.clipRateHz)) else {
            throw SoundSource.fault(source.name, "there is no memory to measure it")
        }
        defer { wp_loudness_free(loudness) }
        let count = try source.hear { wp_loudness_add(loudness, $0, $0.count) }
        // EBU R 128 knows no loudness of less than 400 ms: a chime is followed by silence.
        let block = Limits.clipRateHz * 2 / 5
        if count < block {
            wp_loudness_add(loudness, [Float](repeating: 0, count: block - count), block - count)
        }
        let (lufs, peak) = (wp_loudness_lufs(loudness), wp_loudness_peak(loudness))
        guard lufs > Limits.clipSilenceDb, peak > 0 else {
            throw SoundSource.fault(source.name, "it is silent")
        }
        let peakDb = 20 * log10(peak)
        return (min(Limits.clipLoudnessDb - lufs, Limits.clipPeakDb - peakDb), lufs, peakDb)
    }
}

/// Samples to an Ogg Opus file in memory (RFC 7845). One thread.
private final class OpusPress {
    private static let frame = Limits.clipRateHz / 50

    // SAFETY: made and freed here, used by the one thread that has this.
    private let encoder: OpaquePointer
    private var pages: OggPages
    private let preSkip: Int
    private var waiting: [Float] = []
    private var packet = [UInt8](repeating: 0, count: 4_000)
    /// Samples that came, and that whole packets hold.
    private var (came, packed) = (0, 0)
    private var packets = 0
    private(set) var bytes: [UInt8]
    private(set) var failure: String?

    init?() {
        var code: Int32 = 0
        guard let encoder = opus_encoder_create(Int32(Limits.clipRateHz), 1, OPUS_APPLICATION_AUDIO, &code)
        else { return nil }
        self.encoder = encoder
        wp_opus_encoder_set(encoder, OPUS_SET_BITRATE_REQUEST, Int32(Limits.clipBitsPerSecondCount))
        preSkip = Int(wp_opus_encoder_lookahead(encoder))
        // One stream alone in its file: the number need not differ, and the same sound gives the same bytes.
        pages = OggPages(serial: 1, preSkip: 0)
        bytes = pages.head(
            channels: 1, rateHz: UInt32(Limits.clipRateHz), preSkip: UInt16(preSkip), title: "")
    }

    deinit { opus_encoder_destroy(encoder) }

    func add(_ samples: [Float]) {
        came += samples.count
        press(samples)
    }

    /// What the encoder holds back is pushed out by silence; the last page says where the sound ends.
    func end() {
        let behind = came + preSkip
        let whole = (behind + Self.frame - 1) / Self.frame * Self.frame
        press([Float](repeating: 0, count: whole - came), end: behind)
        bytes += pages.page(isLast: true)
    }

    private func press(_ samples: [Float], end: Int = .max) {
        waiting += samples
        var at = 0
        while waiting.count - at >= Self.frame, failure == nil {
            let run = Array(waiting[at..<at + Self.frame])
            let made = opus_encode_float(encoder, run, Int32(Self.frame), &packet, Int32(packet.count))
            guard made > 0 else {
                failure = String(cString: opus_strerror(made))
                return
            }
            // A page a second, written before its successor begins, so that the last is never empty.
            if packets > 0, packets % 50 == 0 { bytes += pages.page() }
            pages.add(packet, count: Int(made), samples: min(Self.frame, end - packed))
            packed += Self.frame
            packets += 1
            at += Self.frame
        }
        waiting.removeFirst(at)
    }
}
