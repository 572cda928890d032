// SPDX-License-Identifier: Apache-2.0
package import Audio
import CG722
package import Facility

/// G.722 at 64 kbit/s, where libspandsp is installed. As `AudioCodec` says.
package final class G722Codec: AudioCodec {
    package let rateHz = 16_000
    package let delayUs = 1_375
    // SAFETY: made and freed here; its encoder is the capture thread's, its decoder the playback thread's.
    private let codec: OpaquePointer
    private let past = VoicePast(rateHz: 16_000)

    /// Whether it can be offered.
    package static var isThere: Bool { wp_g722_is_there() == 1 }

    package init() throws(Fault) {
        guard let codec = wp_g722_new() else {
            throw Fault(
                "make a codec", at: "G.722", cause: "libspandsp is not installed",
                hint: "Install libspandsp2, or take G.722 off the list of codecs.")
        }
        self.codec = codec
    }

    deinit { wp_g722_free(codec) }

    package func encode(_ samples: SampleBlock, count: Int, into bytes: inout [UInt8]) -> Int {
        guard count / 2 <= bytes.count else { return 0 }
        return max(0, Int(wp_g722_encode(codec, samples.base, Int32(count), &bytes)))
    }

    package func decode(_ bytes: [UInt8], start: Int, count: Int, into samples: SampleBlock) -> Int {
        guard 2 * count <= samples.capacity, start + count <= bytes.count else { return 0 }
        let made = bytes.withUnsafeBufferPointer { all -> Int in
            guard let base = all.baseAddress else { return 0 }
            return max(0, Int(wp_g722_decode(codec, base + start, Int32(count), samples.base)))
        }
        past.came(samples, count: made)
        return made
    }

    package func recover(
        _ bytes: [UInt8], start: Int, count: Int, expected: Int, into samples: SampleBlock
    ) -> Int { 0 }

    package func conceal(_ expected: Int, into samples: SampleBlock) -> Int {
        past.goOn(expected, into: samples)
    }
}
