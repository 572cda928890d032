// SPDX-License-Identifier: Apache-2.0
import CSpeexDSP

/// Samples of one rate to another (speexdsp), for codecs that know only theirs. One thread; nothing is
/// allocated after the beginning.
package final class RateChange {
    // SAFETY: made and freed here, used by the one thread that has this.
    private let state: OpaquePointer?

    /// Any two rates; the same ones: samples pass unaltered.
    package init(from: Int, to: Int) {
        var failure: Int32 = 0
        state = from == to ? nil : speex_resampler_init(1, UInt32(from), UInt32(to), 4, &failure)
        if let state { speex_resampler_skip_zeros(state) }
    }

    deinit { if let state { speex_resampler_destroy(state) } }

    /// How many samples it made of `count`, from place `offset` of `out` on.
    package func run(_ samples: SampleBlock, count: Int, into out: SampleBlock, at offset: Int = 0) -> Int {
        guard let state else {
            let kept = min(count, out.capacity - offset)
            (out.base + offset).update(from: samples.base, count: kept)
            return kept
        }
        var (taken, made) = (UInt32(count), UInt32(out.capacity - offset))
        speex_resampler_process_int(state, 0, samples.base, &taken, out.base + offset, &made)
        return Int(made)
    }
}
