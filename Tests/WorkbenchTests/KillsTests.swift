// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Workbench

private let isLong = ProcessInfo.processInfo.environment["WATCHPOST_LONG"] != nil

@Test func press_isNeitherLostNorDoubled_whenProcessesAreKilledAtRandom() throws {
    var options = Kills.Options()
    options.count = isLong ? 1_000 : 12
    options.judgesTime = isLong
    options.seed = UInt64.random(in: 1 ... .max)
    let listener = Listener()
    let outcome = try Kills(options, listener.voice(json: true), stopSignals: nil).run()
    #expect(outcome == .done, "\(listener.out + listener.err)")
    #expect(listener.out.last?.contains("\"passed\":true") == true)
}
