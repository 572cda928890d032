// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import Workbench

private let isLong = ProcessInfo.processInfo.environment["WATCHPOST_LONG"] != nil

@Test func datagrams_areRefusedToTheLast_whenTheyAreForgedOrReplayed() throws {
    var options = Forge.Options()
    options.count = isLong ? 100_000 : 1_000
    options.rate = isLong ? 20_000 : 1_000
    options.judgesTime = false
    let listener = Listener()
    let outcome = try Forge(options, listener.voice(json: true), stopSignals: nil).run()
    #expect(outcome == .done, "\(listener.out + listener.err)")
    #expect(listener.out.last?.contains("\"accepted\":0") == true)
}
