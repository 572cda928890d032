// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Workbench

private let isLong = ProcessInfo.processInfo.environment["WATCHPOST_LONG"] != nil

@Test func alarms_areOnBothLists_whenEveryCellIsPressedAtOnce() throws {
    var options = Storm.Options()
    options.cells = isLong ? 500 : 24
    // Unoptimised and beside other tests only order and number are judged; `watchpost bench storm` times it.
    options.judgesTime = false
    let listener = Listener()
    let outcome = try Storm(options, listener.voice(json: true), stopSignals: nil).run()
    #expect(outcome == .done, "\(listener.out + listener.err)")
    #expect(listener.out.last?.contains("\"ordered\":true") == true)
}
