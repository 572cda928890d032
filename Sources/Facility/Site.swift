// SPDX-License-Identifier: Apache-2.0

/// What a terminal is there for.
package enum TerminalRole: UInt8, Sendable, CaseIterable, Hashable {
    case cell = 1
    case post = 2
    /// 下级中心: a hub that brings the records of its own terminals. Only the hub above it lists one.
    case hub = 3
}

/// 终端: one terminal as the site lists it.
package struct Terminal: Hashable, Sendable {
    package var id: TerminalID
    package var role: TerminalRole
    package var zone: ZoneID
    /// What people call the place: `一监区101室`.
    package var title: String
    /// IPv4, first byte in the most significant place: no names, so no DNS on the alarm path.
    package var address: UInt32
    package var port: UInt16
    /// X25519, 32 bytes.
    package var publicKey: [UInt8]

    package init(
        id: TerminalID, role: TerminalRole, zone: ZoneID, title: String, address: UInt32, port: UInt16,
        publicKey: [UInt8]
    ) {
        self.id = id
        self.role = role
        self.zone = zone
        self.title = title
        self.address = address
        self.port = port
        self.publicKey = publicKey
    }
}

/// An officer who may act: the number and the name as they are printed.
package struct Officer: Hashable, Sendable {
    package var id: OfficerID
    package var name: String

    package init(id: OfficerID, name: String) {
        self.id = id
        self.name = name
    }
}

/// 场所: the facility as every terminal knows it, without any hub.
package struct Site: Hashable, Sendable {
    package var name: String
    package var terminals: [Terminal]
    /// Per zone the posts that hear its alarms: ring 0 at once, ring n with step n of the ladder.
    package var rings: [ZoneID: [[TerminalID]]]
    /// When an unattended, sounding alarm takes each further step, milliseconds since the raise, rising.
    package var ladderMs: [Int]
    package var officers: [Officer]
    /// What people call the zones: `一监区`.
    package var zoneTitles: [ZoneID: String]

    package init(
        name: String, terminals: [Terminal], rings: [ZoneID: [[TerminalID]]], ladderMs: [Int],
        officers: [Officer], zoneTitles: [ZoneID: String] = [:]
    ) {
        self.name = name
        self.terminals = terminals
        self.rings = rings
        self.ladderMs = ladderMs
        self.officers = officers
        self.zoneTitles = zoneTitles
    }

    package func terminal(_ id: TerminalID) -> Terminal? { terminals.first { $0.id == id } }

    /// Posts that hear an alarm of `origin`, ring by ring, without `except`; empty rings fall away.
    package func rings(of origin: TerminalID, except: TerminalID) -> [[TerminalID]] {
        guard let zone = terminal(origin)?.zone else { return [] }
        return rings[zone, default: []].map { $0.filter { $0 != except } }.filter { !$0.isEmpty }
    }

    /// Does an alarm of `other` ever reach `post`?
    package func hears(_ post: TerminalID, _ other: Terminal) -> Bool {
        rings[other.zone, default: []].contains { $0.contains(post) }
    }

    /// Is `post` one of the first two rings of `other`: does it look after it?
    package func looksAfter(_ post: TerminalID, _ other: Terminal) -> Bool {
        other.role == .post
            ? hears(post, other)
            : rings[other.zone, default: []].prefix(2).contains { $0.contains(post) }
    }
}
