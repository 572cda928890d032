// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Loudness as people read it. Values; full scale is 0 dB, silence −96.
package enum Decibel {
    package static let silence = -96.0

    /// Of a mean square of samples.
    package static func of(power: Double) -> Double {
        power < 0.3 ? silence : 10 * log10(power / (32_768.0 * 32_768.0))
    }

    /// Of one mean square against another; nil when there is nothing to divide by.
    package static func ratio(_ power: Double, to other: Double) -> Double? {
        other > 0 && power > 0 ? 10 * log10(power / other) : nil
    }
}
