// SPDX-License-Identifier: Apache-2.0
package import Facility

/// Which file of the clip library is which unit: the file `index` of its folder, a line for each unit,
///
///     roll-call 3f9c…(64 digits) 12040
///
/// name, SHA-256 of the content and so the file's name, milliseconds; in the order of names. Whoever spreads
/// the library puts a new index in the place of the old one by rename. A value; any thread.
package struct ClipIndex: Hashable, Sendable {
    package struct Clip: Hashable, Sendable {
        /// 64 lower-case hexadecimal digits.
        package var sha256: String
        package var lengthMs: Int
    }

    package private(set) var clips: [String: Clip] = [:]

    package init() {}

    /// Refused as a whole when any line of it is none: half a library would be silent half of the day without
    /// a word.
    package init(_ bytes: [UInt8], at place: String) throws(Fault) {
        guard bytes.count <= Limits.clipIndexMaxBytes else { throw Self.fault(place, "it is too long") }
        var last = ""
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            guard words.count == 3, number < Limits.clipIndexMaxCount,
                let name = RoutineID(String(decoding: words[0], as: UTF8.self)),
                words[1].count == 64, words[1].allSatisfy(Self.isDigit),
                let length = UInt32(String(decoding: words[2], as: UTF8.self)),
                name.text > last
            else { throw Self.fault(place, "line \(number + 1) is no unit, or not in its order") }
            last = name.text
            clips[last] = Clip(sha256: String(decoding: words[1], as: UTF8.self), lengthMs: Int(length))
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func fault(_ place: String, _ cause: String) -> Fault {
        Fault(
            "read the clip index", at: place, cause: cause,
            hint: "It comes anew with the next library; `watchpost clips verify` says what is wrong here.")
    }
}
