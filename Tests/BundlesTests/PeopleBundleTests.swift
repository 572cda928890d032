// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import Bundles

struct PeopleBundleTests {
    private func officer(_ id: String, _ role: Role, areas: [String] = []) throws -> PostOfficer {
        PostOfficer(
            id: try #require(OfficerID(id)), name: "王 \(id)", role: role,
            areas: areas.compactMap { ZoneID($0) },
            pin: "$argon2id$v=19$x")
    }

    @Test func officers_comeBack_asTheyWereSent() throws {
        let all = [
            try officer("P2", .supervisor), try officer("P1", .officer, areas: ["ward-1", "ward-2"]),
        ]
        let read = try PeopleBundle.decode(PeopleBundle.encode(all), at: "here")
        #expect(read.count == 2 && Set(read.values) == Set(all))
        #expect(PeopleBundle.encode(all) == PeopleBundle.encode(all.reversed()))
    }

    @Test func officer_seesNothing_withoutAreas() throws {
        #expect(try officer("P1", .officer).seen == [])
        #expect(try officer("P1", .supervisor).seen == nil)
    }

    @Test(arguments: ["", "[]", "{\"people\":[{}]}", "{\"people\":3}"])
    func list_isRefused_whenItIsNone(text: String) {
        #expect(throws: Fault.self) { try PeopleBundle.decode(Array(text.utf8), at: "here") }
    }
}
