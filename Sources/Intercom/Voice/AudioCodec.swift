// SPDX-License-Identifier: Apache-2.0
package import Audio
import Facility

/// A codec of one call, both ways. The encoder's half belongs to the capture thread, the decoder's to the
/// playback thread; nothing is allocated after the beginning.
package protocol AudioCodec: AnyObject {
    /// The samples that it takes and gives in a second.
    var rateHz: Int { get }
    /// What it adds to the delay by itself, µs.
    var delayUs: Int { get }
    /// Encodes into `bytes` from its beginning; how many, 0 when it failed.
    func encode(_ samples: SampleBlock, count: Int, into bytes: inout [UInt8]) -> Int
    /// Decodes; how many samples, 0 when the bytes are none of this codec's.
    func decode(_ bytes: [UInt8], start: Int, count: Int, into samples: SampleBlock) -> Int
    /// The frame before one that is there, from the copy inside it; 0: it has none.
    func recover(
        _ bytes: [UInt8], start: Int, count: Int, expected: Int, into samples: SampleBlock
    ) -> Int
    /// Something that sounds like the voice going on, `expected` samples.
    func conceal(_ expected: Int, into samples: SampleBlock) -> Int
}

extension VoiceCodecChoice {
    package var hasInbandCopies: Bool {
        if case .opus(_, let fec, _) = self { fec } else { false }
    }

    /// Makes the codec; `rateHz` is what the path works at.
    func made(_ settings: VoiceSettings, frameMs: Int, isOwn: Bool) throws(Fault) -> any AudioCodec {
        switch self {
        case .opus(_, let fec, _):
            try OpusCodec(
                rateHz: settings.sampleRateHz,
                bitsPerSecond: isOwn ? settings.ownBitsPerSecond : settings.opusBitsPerSecond,
                complexity: settings.opusComplexity, fec: fec && !isOwn, isQuick: isOwn)
        case .g722: try G722Codec()
        case .pcma: G711Codec(.a)
        case .pcmu: G711Codec(.u)
        }
    }
}
