// SPDX-License-Identifier: Apache-2.0
package import Facility

/// What people call the zones, terminals and officers of a site. A value; any thread. Always true: every
/// terminal's zone is listed, and the order is the site's own.
package struct PlaceBook: Sendable, Hashable {
    package struct Place: Sendable, Hashable {
        package var id: TerminalID
        package var title: String
        package var zone: ZoneID
        package var role: TerminalRole
    }

    package private(set) var places: [Place]
    /// In the order in which the site first names them.
    package private(set) var zones: [ZoneID]
    private var zoneTitles: [ZoneID: String]
    private var byTerminal: [TerminalID: Place]
    private var officers: [OfficerID: String]

    /// A zone without a title is called by its id.
    package init(site: Site, zoneTitles: [ZoneID: String] = [:]) {
        places = site.terminals.map { Place(id: $0.id, title: $0.title, zone: $0.zone, role: $0.role) }
        var seen: Set<ZoneID> = []
        zones = places.map(\.zone).filter { seen.insert($0).inserted }
        self.zoneTitles = zoneTitles
        byTerminal = Dictionary(places.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        officers = Dictionary(site.officers.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    package func place(_ id: TerminalID) -> Place? { byTerminal[id] }

    /// A terminal that the site no longer lists is called by its id.
    package func title(_ id: TerminalID) -> String { byTerminal[id]?.title ?? id.text }
    package func zone(_ id: TerminalID) -> ZoneID? { byTerminal[id]?.zone }
    package func title(_ zone: ZoneID) -> String { zoneTitles[zone] ?? zone.text }
    package func name(_ officer: OfficerID) -> String { officers[officer] ?? officer.text }

    /// The cells of a zone, in the site's order.
    package func cells(of zone: ZoneID) -> [Place] { places.filter { $0.zone == zone && $0.role == .cell } }

    /// May somebody who sees `areas` (nil = all) see what is at `terminal`? What has no zone is seen only by
    /// who sees all.
    package func isSeen(_ terminal: TerminalID, in areas: Set<ZoneID>?) -> Bool {
        guard let areas else { return true }
        return zone(terminal).map(areas.contains) ?? false
    }
}
