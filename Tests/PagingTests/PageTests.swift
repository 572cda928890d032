// SPDX-License-Identifier: Apache-2.0
import Facility
import Paging
import Testing

struct PageTests {
    @Test func pages_rankAndYield_byTheirKind() throws {
        let id = EventID(terminal: try #require(TerminalID("post-a")), stream: .page, run: 7, sequence: 1)
        var page = Page(id: id, zones: [Samples.ward], voice: .live, isEmergency: false)
        #expect(page.rank == .livePage && page.manners == .leaves)
        page.voice = .unit("fire")
        page.isEmergency = true
        #expect(page.rank == .emergencyPage && page.manners == .waits)
    }
}
