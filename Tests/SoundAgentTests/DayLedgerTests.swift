// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Foundation
import Paging
import Testing

@testable import SoundAgent

struct DayLedgerTests {
    @Test func ledger_isThere_afterItWasSaved_andADamagedOneIsSaid() throws {
        let path = "/tmp/wpl-" + String(UInt32.random(in: .min ... .max), radix: 36)
        defer { unlink(path) }
        let file = DayLedger(path: path)
        #expect(try file.read() == PlayLedger())
        try file.save(PlayLedger())
        #expect(wp_file_size(path) > 0 && wp_file_size(path + ".new") < 0)
        #expect(try file.read() == PlayLedger())
        try Data("WPPL1 and no more".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: Fault.self) { try file.read() }
        #expect(throws: Fault.self) { try DayLedger(path: "/tmp/no-such-folder/x").save(PlayLedger()) }
    }
}
