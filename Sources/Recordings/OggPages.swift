// SPDX-License-Identifier: Apache-2.0

/// Pages of an Ogg file with one Opus stream (RFC 3533, RFC 7845), made one at a time so that a file that is
/// cut still plays to its last whole page; and how far the whole pages of such a file go. A value.
package struct OggPages {
    private let serial: UInt32
    private var page: UInt32 = 0
    private var granule: UInt64
    private var packets: [UInt8] = []
    private var lengths: [Int] = []

    /// `preSkip`: samples at 48 kHz that a player leaves out at the beginning.
    package init(serial: UInt32, preSkip: UInt16) {
        self.serial = serial
        granule = UInt64(preSkip)
        packets.reserveCapacity(32_768)
        lengths.reserveCapacity(256)
    }

    /// The two pages that every file begins with.
    package mutating func head(channels: UInt8, rateHz: UInt32, preSkip: UInt16, title: String) -> [UInt8] {
        var head = Array("OpusHead".utf8) + [1, channels]
        head += [UInt8(truncatingIfNeeded: preSkip), UInt8(preSkip >> 8)] + Self.little(rateHz) + [0, 0, 0]
        let (vendor, comment) = (Array("watchpost".utf8), Array(("TITLE=" + title).utf8))
        let tags =
            Array("OpusTags".utf8) + Self.little(UInt32(vendor.count)) + vendor + Self.little(1)
            + Self.little(UInt32(comment.count)) + comment
        let first = made([head], granule: 0, flags: 2)
        return first + made([tags], granule: 0, flags: 0)
    }

    /// A packet that lasts so many samples at 48 kHz.
    package mutating func add(_ bytes: [UInt8], count: Int, samples: Int) {
        packets += bytes[..<count]
        lengths.append(count)
        granule += UInt64(samples)
    }

    /// A page with what was added, empty when there is nothing.
    package mutating func page(isLast: Bool = false) -> [UInt8] {
        guard !lengths.isEmpty || isLast else { return [] }
        var parts: [[UInt8]] = []
        var at = 0
        for length in lengths {
            parts.append(Array(packets[at..<at + length]))
            at += length
        }
        packets.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        return made(parts, granule: granule, flags: isLast ? 4 : 0)
    }

    /// One packet that is none of Opus.
    mutating func page(
        holding bytes: [UInt8], granule: UInt64, isFirst: Bool = false, isLast: Bool = false
    ) -> [UInt8] {
        made([bytes], granule: granule, flags: (isFirst ? 2 : 0) | (isLast ? 4 : 0))
    }

    private mutating func made(_ parts: [[UInt8]], granule: UInt64, flags: UInt8) -> [UInt8] {
        var lacing: [UInt8] = []
        for part in parts {
            lacing += [UInt8](repeating: 255, count: part.count / 255) + [UInt8(part.count % 255)]
        }
        precondition(lacing.count <= 255, "a page has at most 255 segments")
        var bytes = Array("OggS".utf8) + [0, flags]
        bytes += Self.little(UInt32(truncatingIfNeeded: granule)) + Self.little(UInt32(granule >> 32))
        bytes += Self.little(serial) + Self.little(page) + [0, 0, 0, 0, UInt8(lacing.count)] + lacing
        for part in parts { bytes += part }
        let sum = Self.little(Self.checksum(bytes))
        for index in 0..<4 { bytes[22 + index] = sum[index] }
        page += 1
        return bytes
    }

    /// How far whole pages go from the beginning: their bytes, the place in the sound at which the last of
    /// them ends, and the samples that a player leaves out, where the first of them says it.
    package struct Whole: Hashable, Sendable {
        package var byteCount = 0
        package var granule: UInt64?
        package var preSkip: UInt64?
    }

    /// `checks`: a page whose sum is wrong is no page.
    package static func whole(_ bytes: [UInt8], checks: Bool = false) -> Whole {
        var found = Whole()
        while let count = pageBytes(bytes, at: found.byteCount) {
            let at = found.byteCount
            if checks {
                var page = Array(bytes[at..<at + count])
                let told = page[22..<26].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                for index in 22..<26 { page[index] = 0 }
                guard checksum(page) == told else { return found }
            }
            let head = at + 27 + Int(bytes[at + 26])
            let content = bytes[min(head, at + count)..<at + count]
            let skip = content.starts(with: "OpusHead".utf8) ? 10 : RecordingBox.magic.count
            if content.count > 12, skip == 10 || content.starts(with: RecordingBox.magic) {
                found.preSkip = UInt64(bytes[head + skip]) | UInt64(bytes[head + skip + 1]) << 8
            }
            found.granule = bytes[at + 6..<at + 14].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            found.byteCount += count
        }
        return found
    }

    /// The longest head of a page.
    static let longestHead = 27 + 255

    /// Where what a page holds begins and ends, by its head, from that on; nil: no page begins at `start`.
    static func content(_ bytes: [UInt8], at start: Int) -> Range<Int>? {
        guard bytes.count - start >= 27, bytes[start..<start + 4].elementsEqual("OggS".utf8) else {
            return nil
        }
        let head = 27 + Int(bytes[start + 26])
        guard bytes.count - start >= head else { return nil }
        return head..<head + bytes[start + 27..<start + head].reduce(0) { $0 + Int($1) }
    }

    /// Of the page that begins there; nil: none does, or it is not whole.
    private static func pageBytes(_ bytes: [UInt8], at start: Int) -> Int? {
        guard let content = content(bytes, at: start), bytes.count - start >= content.upperBound else {
            return nil
        }
        return content.upperBound
    }

    private static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index) << 24
        for _ in 0..<8 { value = value & 0x8000_0000 != 0 ? value << 1 ^ 0x04c1_1db7 : value << 1 }
        return value
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0
        for byte in bytes { sum = sum << 8 ^ table[Int(UInt8(sum >> 24) ^ byte)] }
        return sum
    }
}
