// SPDX-License-Identifier: Apache-2.0
import Alarms
import Console
import ConsoleServer
import Facility
import HTTPTypes

/// One thing that the hub's console does.
typealias ConsoleRoute = WebRoute<ConsoleCall>

/// One request that passed every check, with everything a route may use.
struct ConsoleCall: Sendable {
    let hub: HubParts
    /// Whoever is signed in; nil only on routes for anyone.
    let person: SignedIn?
    let path: [String: String]
    let values: [String: JSONValue]
    let address: String
    let cookie: String?
    let lastEventID: Int64?
    /// The header `Range`, where a file is asked for in parts.
    var range: String?

    func text(_ name: String) -> String? { if case .text(let text)? = values[name] { text } else { nil } }
    func texts(_ name: String) -> [String] {
        guard case .list(let list)? = values[name] else { return [] }
        return list.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }
    func int(_ name: String) -> Int64? { if case .int(let value)? = values[name] { value } else { nil } }

    /// Zones that this person sees; nil: all.
    var areas: Set<ZoneID>? { sight.areas }
    /// Nobody sees nothing.
    var sight: Sight { person?.sight ?? Sight(areas: [], devicesOnly: true) }
    var who: String { person?.account.name ?? "-" }

    /// Under whose number a deed is recorded.
    func officer() throws -> OfficerID {
        guard let officer = person?.account.officer else {
            throw Refused(.conflict, ErrorView(AlarmRefusal.unknownOfficer))
        }
        return officer
    }

    /// A zone that this person sees.
    func zone(_ name: String = "zone") throws -> ZoneID {
        guard let zone = text(name).flatMap({ ZoneID($0) }), hub.book.zones.contains(zone),
            areas?.contains(zone) ?? true
        else { throw Refused.notFound }
        return zone
    }

    func terminal(_ name: String = "id") throws -> TerminalID {
        guard let id = path[name].flatMap({ TerminalID($0) }), hub.book.place(id) != nil,
            hub.book.isSeen(id, in: areas)
        else { throw Refused(.notFound, ErrorView(.unknownTerminal)) }
        return id
    }
}
