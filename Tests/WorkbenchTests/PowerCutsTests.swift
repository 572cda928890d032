// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Workbench

private let isLong = ProcessInfo.processInfo.environment["WATCHPOST_LONG"] != nil

/// Without root or loop devices it says so, and that is done, too.
@Test func journal_losesNothingAcknowledged_whenThePowerIsCut() throws {
    var options = PowerCuts.Options()
    options.cuts = isLong ? 20 : 2
    options.mustLoseWithNormal = isLong
    let listener = Listener()
    let outcome = try PowerCuts(options, listener.voice(json: true)).run()
    #expect(outcome == .done, "\(listener.out + listener.err)")
}
