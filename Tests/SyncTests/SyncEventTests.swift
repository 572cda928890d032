// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Sync

struct SyncEventTests {
    @Test func boot_comesBack_fromItsText() {
        let boot = BootID(bytes: (1...16).map { UInt8($0) })
        #expect(boot?.description == "0102030405060708090a0b0c0d0e0f10")
        #expect(boot.flatMap { BootID($0.description) } == boot && boot != nil)
        #expect(BootID("0102030405060708090A0B0C0D0E0F10") == nil)
    }

    @Test func boot_isNone_whenTheKernelDoesNotTell() {
        #expect(BootID(bytes: [UInt8](repeating: 0, count: 16)) == nil)
        #expect(BootID(bytes: [1]) == nil)
    }

    @Test func refusal_namesItsPlace_inWords() {
        #expect("\(SyncRefusal(.doubled, at: 7, name: "id"))" == "byte 7, id: this attribute stands twice")
        #expect(SyncRefusal(.tooMany, at: 0).isTooLarge && !SyncRefusal(.ended, at: 0).isTooLarge)
    }
}
