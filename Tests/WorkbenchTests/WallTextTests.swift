// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Workbench

@Test func wall_isATime_whenTheClockWasSet() throws {
    let zone = try #require(TimeZone(identifier: "Asia/Shanghai"))
    #expect(wallText(ms: 1_735_689_600_000, zone: zone) == "2025-01-01 08:00:00")
}

@Test func wall_isAQuestionMark_whenTheClockWasNeverSet() {
    #expect(wallText(ms: 5_000).hasPrefix("?"))
}
