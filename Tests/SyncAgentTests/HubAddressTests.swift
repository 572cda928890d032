// SPDX-License-Identifier: Apache-2.0
import Facility
import Foundation
import Journal
import NIOSSL
import Testing

@testable import HubServer
@testable import SyncAgent

struct HubAddressTests {
    @Test func address_isKept_andReadAgain_unlessItIsNone() throws {
        let folder = try freshFolder()
        let address = try #require(HubAddress(hub: "https://hub.invalid:7443", directory: folder))
        #expect(address.host == "hub.invalid" && address.last == nil)
        address.found("10.20.30.40")
        address.found("fe80::1")
        address.found("not an address")
        address.found(nil)
        #expect(HubAddress(hub: "https://hub.invalid:7443", directory: folder)?.last == "fe80::1")
        try Data("half".utf8).write(to: URL(fileURLWithPath: folder + "/address"))
        #expect(HubAddress(hub: "https://hub.invalid:7443", directory: folder)?.last == nil)
        #expect(HubAddress(hub: "https://10.0.0.1:7443", directory: folder) == nil)
        #expect(HubAddress(hub: "https://[::1]:7443", directory: folder) == nil)
    }

    /// No name server knows `hub.invalid`; some answer so at once, some never.
    @Test func hub_isReached_whereItWasLast_whenNobodyKnowsItsName() async throws {
        let joined = try await TestJoined(name: "hub.invalid")
        let address = try #require(try HubIdentity.read(joined.identity).address())
        address.found("127.0.0.1")
        joined.grow()
        #expect(try await becomes { (try? await joined.entries(.health).journal.count) == 1 })
        let hub = Task { try await joined.hub.run(endsOnSignals: false) { _, _ in } }
        try await joined.syncing { () async throws in
            #expect(try await becomes { (try? await joined.isLevel()) == true })
            // What came later, too, and over what was a lie in between: the next try is by the address again.
            joined.grow()
            #expect(try await becomes { (try? await joined.isLevel()) == true })
        }
        hub.cancel()
        _ = try? await hub.value
    }

    /// An address where somebody else answers, or nobody, is given up for the name.
    @Test func hub_isFoundByName_whenItIsNoLongerWhereItWas() async throws {
        let joined = try await TestJoined()
        let address = try #require(try HubIdentity.read(joined.identity).address())
        address.found("127.0.0.77")
        joined.grow()
        #expect(try await becomes { (try? await joined.entries(.health).journal.count) == 1 })
        let hub = Task { try await joined.hub.run(endsOnSignals: false) { _, _ in } }
        try await joined.syncing { () async throws in
            #expect(try await becomes { (try? await joined.isLevel()) == true })
        }
        #expect(try HubIdentity.read(joined.identity).address()?.last != "127.0.0.77")
        hub.cancel()
        _ = try? await hub.value
    }
}
