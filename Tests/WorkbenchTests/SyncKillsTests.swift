// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Workbench

private let isLong = ProcessInfo.processInfo.environment["WATCHPOST_LONG"] != nil

@Test(.enabled(if: isLong, "WATCHPOST_LONG=1: real processes, minutes"))
func hub_hasWhatTheJournalsHave_whenSyncAndHubAreKilledAtRandom() throws {
    var options = SyncKills.Options()
    options.count = 60
    options.judgesTime = false
    options.seed = UInt64.random(in: 1 ... .max)
    let listener = Listener()
    let outcome = try SyncKills(options, listener.voice(json: true), stopSignals: nil).run()
    #expect(outcome == .done, "\(listener.out + listener.err)")
    #expect(listener.out.last?.contains("\"passed\":true") == true)
}
