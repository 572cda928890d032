// SPDX-License-Identifier: Apache-2.0
import Facility

/// What a terminal says of its library to its hub. A value; any thread.
///
///     <version> <units> <bytes> <missing>\n
///     <sha256>\n                              each content that was here and was not what its name says
package struct ClipReport: Hashable, Sendable {
    /// Of the index that the hub sent last; 0: none yet.
    package var version: Int64
    /// Units whose content is here and whole, and what those contents take, bytes.
    package var unitCount: Int
    package var byteCount: Int64
    /// Units that wait for their content: the library before is in force.
    package var missingCount: Int
    /// Thrown away since the last report.
    package var refused: [String]

    package init(
        version: Int64, unitCount: Int, byteCount: Int64, missingCount: Int, refused: [String] = []
    ) {
        (self.version, self.unitCount, self.byteCount) = (version, unitCount, byteCount)
        (self.missingCount, self.refused) = (missingCount, refused)
    }

    package var text: String {
        "\(version) \(unitCount) \(byteCount) \(missingCount)\n" + refused.map { $0 + "\n" }.joined()
    }

    /// Nil for anything but what `text` writes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count <= Limits.clipReportMaxBytes, let text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let numbers = (lines.first ?? "").split(separator: " ").compactMap { Int64($0) }
        guard numbers.count == 4, numbers.allSatisfy({ $0 >= 0 }),
            numbers[1] <= Limits.clipsMaxCount, numbers[2] <= Limits.clipsBudgetBytes,
            numbers[3] <= Limits.clipsMaxCount
        else { return nil }
        self.init(
            version: numbers[0], unitCount: Int(numbers[1]), byteCount: numbers[2],
            missingCount: Int(numbers[3]), refused: lines.dropFirst().dropLast().map(String.init))
        guard refused.count <= Limits.clipReportMaxCount, refused.allSatisfy({ ClipIndex.isHash($0) }),
            self.text == text
        else { return nil }
    }
}
