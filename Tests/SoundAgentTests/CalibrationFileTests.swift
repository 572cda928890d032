// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility
import Foundation
import Testing

@testable import SoundAgent

struct CalibrationFileTests {
    private let path = "/tmp/wpc-" + String(UInt32.random(in: .min ... .max), radix: 36)

    @Test func calibration_isRead_forItsCardAlone() throws {
        defer { unlink(path) }
        let file = CalibrationFile(card: "alsa:hw:CARD=Codec", delayUs: 41_250, wallMs: 1_790_000_000_000)
        try file.write(path)
        #expect(CalibrationFile.read(path, card: file.card) == file)
        #expect(CalibrationFile.read(path, card: "alsa:hw:CARD=Other") == nil)
        try CalibrationFile(card: file.card, delayUs: 7, wallMs: 0).write(path)
        #expect(CalibrationFile.read(path, card: file.card)?.delayUs == 7)
    }

    @Test func levels_areRead_toAHundredth_andAnOlderFileHasNone() throws {
        defer { unlink(path) }
        let bands = (0..<EchoLevel.bandCount).map { -20.25 - Float($0) }
        let file = CalibrationFile(
            card: "null", delayUs: 7, wallMs: 1, level: EchoLevel(bandsDb: bands))
        try file.write(path)
        #expect(CalibrationFile.read(path, card: "null") == file)
        try CalibrationFile(card: "null", delayUs: 7, wallMs: 1).write(path)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).first == 1)
        #expect(CalibrationFile.read(path, card: "null")?.level == nil)
    }

    @Test func file_thatIsNotWhole_givesNothing() throws {
        defer { unlink(path) }
        #expect(CalibrationFile.read(path, card: "null") == nil)
        try CalibrationFile(card: "null", delayUs: 7, wallMs: 1).write(path)
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        for count in 0..<whole.count {
            try Data(whole.prefix(count)).write(to: URL(fileURLWithPath: path))
            #expect(CalibrationFile.read(path, card: "null") == nil)
        }
        try Data(whole + [0]).write(to: URL(fileURLWithPath: path))
        #expect(CalibrationFile.read(path, card: "null") == nil)
    }

    @Test func disk_thatRefuses_isAFault() {
        #expect(throws: Fault.self) {
            try CalibrationFile(card: "null", delayUs: 7, wallMs: 1).write("/proc/none/calibration")
        }
    }
}
