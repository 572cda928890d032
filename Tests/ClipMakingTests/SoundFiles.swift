// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation

@testable import ClipMaking

/// Files of sound, honest and not, in a folder of their own.
struct SoundFiles {
    let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "wp-sound-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func put(_ bytes: [UInt8], as name: String = "sound") throws -> String {
        let path = "\(folder)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// A WAV file of 16-bit samples; `claims`: what its head says of the length of its sound.
    static func wav(_ samples: [Int16], rateHz: Int = 16_000, channels: Int = 1, claims: Int? = nil)
        -> [UInt8]
    {
        let data = samples.flatMap { little(Int($0), 2) }
        let length = claims ?? data.count
        return Array("RIFF".utf8) + little(36 + length, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
            + little(1, 2) + little(channels, 2) + little(rateHz, 4) + little(rateHz * channels * 2, 4)
            + little(channels * 2, 2) + little(16, 2) + Array("data".utf8) + little(length, 4) + data
    }

    static func sine(_ seconds: Double, rateHz: Int = 16_000, level: Double = 0.25) -> [Int16] {
        (0..<Int(seconds * Double(rateHz))).map {
            Int16(level * 32_767 * sin(2 * .pi * 997 * Double($0) / Double(rateHz)))
        }
    }

    /// Loudness and length of what was made, heard again: through the same strict reading.
    static func heard(_ bytes: [UInt8]) throws -> MadeClip {
        try ClipMaker.make(try SoundSource(bytes: bytes, name: "made"))
    }

    /// From now on this process gets no more memory than it has, and so much.
    static func mayGrow(byMegabytes more: UInt) -> Bool {
        guard let told = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = told.split(separator: " ").first.flatMap({ UInt($0) })
        else { return false }
        let most = pages * 4_096 + more * 1_024 * 1_024
        var limit = rlimit(rlim_cur: most, rlim_max: most)
        return setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0
    }
}
