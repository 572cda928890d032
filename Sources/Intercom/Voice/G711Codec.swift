// SPDX-License-Identifier: Apache-2.0
package import Audio
import CVoiceDSP

/// G.711, A-law and µ-law. As `AudioCodec` says.
package final class G711Codec: AudioCodec {
    /// Whose law.
    package enum Law: Sendable { case a, u }

    package let rateHz = 8_000
    package let delayUs = 0
    private let law: Law
    private let past = VoicePast(rateHz: 8_000)

    package init(_ law: Law) { self.law = law }

    package func encode(_ samples: SampleBlock, count: Int, into bytes: inout [UInt8]) -> Int {
        guard count <= bytes.count else { return 0 }
        switch law {
        case .a: wp_alaw_encode(samples.base, &bytes, count)
        case .u: wp_ulaw_encode(samples.base, &bytes, count)
        }
        return count
    }

    package func decode(_ bytes: [UInt8], start: Int, count: Int, into samples: SampleBlock) -> Int {
        guard count <= samples.capacity, start + count <= bytes.count else { return 0 }
        bytes.withUnsafeBufferPointer { all in
            guard let base = all.baseAddress else { return }
            switch law {
            case .a: wp_alaw_decode(base + start, samples.base, count)
            case .u: wp_ulaw_decode(base + start, samples.base, count)
            }
        }
        past.came(samples, count: count)
        return count
    }

    package func recover(
        _ bytes: [UInt8], start: Int, count: Int, expected: Int, into samples: SampleBlock
    ) -> Int { 0 }

    package func conceal(_ expected: Int, into samples: SampleBlock) -> Int {
        past.goOn(expected, into: samples)
    }
}
