// SPDX-License-Identifier: Apache-2.0
import Audio
import CLinux
import Facility
import Glibc

/// What `watchpost sound calibrate` found for this board's card: kept beside the journal, taken up at the
/// next start. A value. Always true: another card, or a file that is not whole, gives nothing.
struct CalibrationFile: Hashable {
    /// First byte of the file; the first version knew no levels.
    private static let version: UInt8 = 2

    var card: String
    var delayUs: UInt32
    var wallMs: UInt64
    /// nil: of a calibration that did not measure it.
    var level: EchoLevel?

    func write(_ path: String) throws(Fault) {
        let levels = level?.bandsDb.map { Int16(clamping: Int($0 * 100)) } ?? []
        let bytes =
            [levels.isEmpty ? 1 : Self.version] + Self.bytes(delayUs) + Self.bytes(wallMs)
            + levels.flatMap { Self.bytes($0) } + Array(card.utf8)
        let half = path + ".new"
        unlink(half)
        let failed = wp_write_file(half, bytes, bytes.count)
        guard failed == 0, chmod(half, 0o640) == 0, rename(half, path) == 0,
            wp_sync_directory_of(path) == 0
        else {
            throw Fault(
                "keep the calibration", at: path,
                cause: String(cString: strerror(failed == 0 ? errno : failed)),
                hint: "See that the state directory is there and not full; then calibrate again.")
        }
    }

    /// nil: there is none for this card.
    static func read(_ path: String, card: String) -> CalibrationFile? {
        var bytes = [UInt8](repeating: 0, count: Limits.calibrationFileMaxBytes)
        let count = wp_read_file(path, &bytes, bytes.count)
        let levelBytes = bytes[0] == version ? 2 * EchoLevel.bandCount : 0
        guard 1...version ~= bytes[0], count > headBytes + levelBytes else { return nil }
        let name = bytes[(headBytes + levelBytes)..<Int(count)]
        guard Array(name) == Array(card.utf8) else { return nil }
        let levels = stride(from: headBytes, to: headBytes + levelBytes, by: 2).map {
            Float(Int16(truncatingIfNeeded: number(bytes[$0..<($0 + 2)]))) / 100
        }
        return CalibrationFile(
            card: card, delayUs: UInt32(truncatingIfNeeded: number(bytes[1..<5])),
            wallMs: number(bytes[5..<13]), level: EchoLevel(bandsDb: levels))
    }

    // Version, delay, wall time, levels in hundredths of a dB from version 2 on, and the card's name to the
    // end; numbers in network order.
    private static let headBytes = 13

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        stride(from: number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
