// SPDX-License-Identifier: Apache-2.0
package import Facility
import FoundationEssentials

/// An officer as a post knows one, without any hub.
package struct PostOfficer: Hashable, Sendable {
    package var id: OfficerID
    package var name: String
    package var role: Role
    /// Zones whose records an officer may look into; the other roles see all.
    package var areas: [ZoneID]
    /// libsodium's own text of Argon2id.
    package var pin: String

    package init(id: OfficerID, name: String, role: Role, areas: [ZoneID], pin: String) {
        self.id = id
        self.name = name
        self.role = role
        self.areas = areas
        self.pin = pin
    }

    /// Zones that this officer sees; nil: all. Deny by default: an officer without zones sees none.
    package var seen: Set<ZoneID>? {
        switch role {
        case .officer: Set(areas)
        case .supervisor, .technician, .auditor, .administrator: nil
        }
    }
}

/// The content of a bundle of the kind `people`: who may sign in at posts. Pure; what is read was checked.
///
///     {"people":[{"areas":["ward-1"],"id":"P1042","name":"王建国","pin":"$argon2id$…","role":"officer"}]}
package enum PeopleBundle {
    private struct Person: Codable {
        var id: String
        var name: String
        var role: String
        var areas: [String]
        var pin: String
    }
    private struct Content: Codable { var people: [Person] }

    /// The same officers give the same bytes.
    package static func encode(_ officers: [PostOfficer]) -> [UInt8] {
        let people = officers.sorted { $0.id < $1.id }.map {
            Person(
                id: $0.id.text, name: $0.name, role: $0.role.rawValue, areas: $0.areas.map(\.text).sorted(),
                pin: $0.pin)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(Content(people: people))).map { Array($0) } ?? []
    }

    package static func decode(_ bytes: [UInt8], at place: String) throws(Fault) -> [OfficerID: PostOfficer] {
        guard bytes.count <= Limits.peopleMaxBytes,
            let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)),
            content.people.count <= Limits.siteRowsMaxCount
        else { throw damaged(place, "it is no list of officers, or too long") }
        var officers: [OfficerID: PostOfficer] = [:]
        for person in content.people {
            let areas = person.areas.map { ZoneID($0) }
            guard let id = OfficerID(person.id), let role = Role(rawValue: person.role), !areas.contains(nil),
                person.name.utf8.count <= Limits.titleMaxBytes, person.pin.hasPrefix("$argon2id$"),
                person.pin.utf8.count < 128, officers[id] == nil
            else { throw damaged(place, "its entry `\(person.id.prefix(16))` is not right") }
            officers[id] = PostOfficer(
                id: id, name: person.name, role: role, areas: areas.compactMap { $0 }, pin: person.pin)
        }
        return officers
    }

    private static func damaged(_ place: String, _ cause: String) -> Fault {
        Fault(
            "read officers", at: place, cause: cause,
            hint: "Change an account at the hub: it makes the list anew.")
    }
}
