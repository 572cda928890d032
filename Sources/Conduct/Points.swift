// SPDX-License-Identifier: Apache-2.0
import Facility

/// 分: points of conduct, in hundredths, so that every sum is exact. A value; any thread.
///
/// Always true: within ± `Limits.hundredthsMaxCount` where it was read; sums of entries cannot overflow.
package struct Points: Hashable, Comparable, Sendable, AdditiveArithmetic {
    package var hundredths: Int64

    package init(hundredths: Int64) { self.hundredths = hundredths }
    package init(_ whole: Int64) { hundredths = whole * 100 }

    /// `35`, `0.5`, `-12.25`, `+3`; at most two places. nil: none of these, or out of bounds.
    package init?(_ text: some StringProtocol) {
        var rest = text.utf8[...]
        let sign: Int64 = rest.first == UInt8(ascii: "-") ? -1 : 1
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let parts = rest.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...7).contains(parts[0].count),
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }),
            parts.count == 1 || parts[1].count <= 2
        else { return nil }
        var value: Int64 = 0
        for digit in parts[0] { value = value * 10 + Int64(digit - 0x30) }
        var places = parts.count == 2 ? Array(parts[1]) : []
        while places.count < 2 { places.append(0x30) }
        for digit in places { value = value * 10 + Int64(digit - 0x30) }
        guard value <= Limits.hundredthsMaxCount else { return nil }
        hundredths = sign * value
    }

    package static let zero = Points(hundredths: 0)
    package static func < (a: Self, b: Self) -> Bool { a.hundredths < b.hundredths }
    package static func + (a: Self, b: Self) -> Self { Self(hundredths: a.hundredths + b.hundredths) }
    package static func - (a: Self, b: Self) -> Self { Self(hundredths: a.hundredths - b.hundredths) }
    package static prefix func - (a: Self) -> Self { Self(hundredths: -a.hundredths) }

    /// A share of it, towards zero: nobody is given or loses a hundredth by rounding up.
    package func share(_ numerator: Int64, of denominator: Int64) -> Points {
        Points(hundredths: hundredths * numerator / denominator)
    }
}

extension Points: CustomStringConvertible {
    /// `12.5`, `-3`.
    package var description: String {
        let size = hundredths.magnitude
        let (whole, rest) = (size / 100, size % 100)
        var text = hundredths < 0 ? "-\(whole)" : "\(whole)"
        if rest != 0 { text += rest % 10 == 0 ? ".\(rest / 10)" : "." + Digits.padded(Int(rest), 2) }
        return text
    }
}
