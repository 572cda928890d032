// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Testing

@testable import SyncAgent

private let day: Int64 = 86_400_000
/// Far in the future of any machine that runs this, so that no file's own date counts.
private let laterMs: Int64 = 4_000_000_000_000

@Test func floor_isTheLatest_thatAnybodyToldWhomWeBelieve() throws {
    let folder = try freshFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let floor = TimeFloor(directory: folder, signedMs: laterMs)
    #expect(floor.ms == laterMs)
    floor.raise(to: laterMs - day)
    floor.raise(to: 5)
    #expect(floor.ms == laterMs)
    floor.hubSaid(laterMs + 1)
    #expect(floor.ms == laterMs + 1)
    // Another start knows it, though the certificate is older.
    #expect(TimeFloor(directory: folder, signedMs: 0).ms == laterMs + 1)
    floor.hubSaid(laterMs + day)
    #expect(TimeFloor(directory: folder, signedMs: 0).ms == laterMs + 1, "kept to a day")
    floor.hubSaid(laterMs + day + 1)
    #expect(TimeFloor(directory: folder, signedMs: 0).ms == laterMs + day + 1)
}

@Test func floor_isWhenTheIdentityWasWritten_whenNothingElseIsKnown() throws {
    let folder = try freshFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try HubIdentity.write([("hub", "https://localhost:1")], to: folder)
    let floor = TimeFloor(directory: folder, signedMs: 0)
    #expect(floor.ms >= Limits.wallPlausibleFromMs)
    try "nonsense".write(toFile: folder + "/time", atomically: true, encoding: .utf8)
    #expect(TimeFloor(directory: folder, signedMs: 0).ms < laterMs)
}

@Test func certificate_isJudgedByTheClock_whereTheClockIsAfterItsSigning() {
    #expect(TimeFloor.judged(wallMs: 0, floorMs: 100, notBeforeMs: 50) == 100)
    #expect(TimeFloor.judged(wallMs: 60, floorMs: 100, notBeforeMs: 50) == 60)
    #expect(TimeFloor.judged(wallMs: 120, floorMs: 100, notBeforeMs: 150) == 120)
}
