// SPDX-License-Identifier: Apache-2.0
package import Audio
import COpus
package import Facility

/// Opus, one channel. As `AudioCodec` says.
package final class OpusCodec: AudioCodec {
    package let rateHz: Int
    package let delayUs: Int
    // SAFETY: made and freed here; the encoder is the capture thread's, the decoder the playback thread's.
    private let encoder: OpaquePointer
    private let decoder: OpaquePointer

    /// `isQuick`: 4 ms less delay, without in-band copies: for lines that have redundancy of their own.
    package init(rateHz: Int, bitsPerSecond: Int, complexity: Int, fec: Bool, isQuick: Bool) throws(Fault) {
        var failure: Int32 = 0
        let use = isQuick ? OPUS_APPLICATION_RESTRICTED_LOWDELAY : OPUS_APPLICATION_VOIP
        guard let encoder = opus_encoder_create(Int32(rateHz), 1, use, &failure) else {
            throw Self.fault(failure)
        }
        guard let decoder = opus_decoder_create(Int32(rateHz), 1, &failure) else {
            opus_encoder_destroy(encoder)
            throw Self.fault(failure)
        }
        self.rateHz = rateHz
        self.encoder = encoder
        self.decoder = decoder
        let settings: [(Int32, Int)] = [
            (OPUS_SET_BITRATE_REQUEST, bitsPerSecond), (OPUS_SET_COMPLEXITY_REQUEST, complexity),
            (OPUS_SET_INBAND_FEC_REQUEST, fec ? 1 : 0),
            (OPUS_SET_PACKET_LOSS_PERC_REQUEST, fec ? Limits.opusExpectedLossPercent : 0),
            (OPUS_SET_SIGNAL_REQUEST, Int(OPUS_SIGNAL_VOICE)),
        ]
        for (request, value) in settings { wp_opus_encoder_set(encoder, request, Int32(value)) }
        delayUs = Int(wp_opus_encoder_lookahead(encoder)) * 1_000_000 / rateHz
    }

    deinit {
        opus_encoder_destroy(encoder)
        opus_decoder_destroy(decoder)
    }

    private static func fault(_ number: Int32) -> Fault {
        Fault(
            "make a codec", at: "opus", cause: String(cString: opus_strerror(number)),
            hint: "Set the voice rate to 16000 or 48000.")
    }

    package func encode(_ samples: SampleBlock, count: Int, into bytes: inout [UInt8]) -> Int {
        max(
            0, Int(opus_encode(encoder, samples.base, Int32(count), &bytes, Int32(Limits.voiceFrameMaxBytes)))
        )
    }

    /// The other side is told to lose so much: the encoder spends more on copies.
    package func expectLoss(percent: Int) {
        wp_opus_encoder_set(encoder, OPUS_SET_PACKET_LOSS_PERC_REQUEST, Int32(percent))
    }

    package func decode(_ bytes: [UInt8], start: Int, count: Int, into samples: SampleBlock) -> Int {
        bytes.withUnsafeBufferPointer { all in
            guard let base = all.baseAddress, start + count <= all.count, count > 0 else { return 0 }
            return max(
                0,
                Int(
                    opus_decode(decoder, base + start, Int32(count), samples.base, Int32(samples.capacity), 0)
                ))
        }
    }

    package func recover(
        _ bytes: [UInt8], start: Int, count: Int, expected: Int, into samples: SampleBlock
    ) -> Int {
        bytes.withUnsafeBufferPointer { all in
            guard let base = all.baseAddress, start + count <= all.count, count > 0 else { return 0 }
            return max(
                0, Int(opus_decode(decoder, base + start, Int32(count), samples.base, Int32(expected), 1)))
        }
    }

    package func conceal(_ expected: Int, into samples: SampleBlock) -> Int {
        max(0, Int(opus_decode(decoder, nil, 0, samples.base, Int32(expected), 0)))
    }
}
