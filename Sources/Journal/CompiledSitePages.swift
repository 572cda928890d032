// SPDX-License-Identifier: Apache-2.0
import Facility

// What `watchpost-sound` is told of pages, within the configuration database: tables of their own, so that a
// file from before there were pages is read as one without.

extension CompiledSiteTables {
    static let pagesSchema = """

        CREATE TABLE pages (
            address INTEGER NOT NULL, port INTEGER NOT NULL, codec INTEGER NOT NULL, ttl INTEGER NOT NULL,
            tone_ms INTEGER NOT NULL);
        CREATE TABLE page_ports (
            terminal TEXT PRIMARY KEY, port INTEGER NOT NULL, unicast INTEGER NOT NULL);
        CREATE TABLE page_groups (
            place INTEGER PRIMARY KEY, name TEXT NOT NULL, is_sender INTEGER NOT NULL,
            address INTEGER NOT NULL, port INTEGER NOT NULL, codec INTEGER NOT NULL, rank INTEGER NOT NULL,
            source INTEGER NOT NULL, zones TEXT NOT NULL);
        """

    /// A group of others, heard or spoken to, as one row.
    struct PageRow {
        var name: String
        var isSender: Bool
        var group: PageGroup
        var rank: SoundRank
        var source: UInt32
        var zones: [ZoneID]
    }

    static func rows(_ pages: PagePlan) -> [PageRow] {
        pages.receivers.map {
            PageRow(
                name: $0.name, isSender: false, group: $0.group, rank: .livePage, source: 0, zones: $0.zones)
        }
            + pages.senders.map {
                PageRow(
                    name: $0.name, isSender: true, group: $0.group, rank: $0.rank, source: $0.source,
                    zones: $0.zones)
            }
    }

    static func add(_ pages: PagePlan, to bytes: inout CanonicalBytes) {
        add(pages.group, to: &bytes)
        bytes.add(Int64(pages.ttl))
        bytes.add(Int64(pages.toneMs))
        bytes.addAll(pages.ports.sorted { $0.key < $1.key }) { bytes, entry in
            bytes.add(entry.key.text)
            bytes.add(Int64(entry.value))
            bytes.add(pages.unicast.contains(entry.key) ? 1 : 0)
        }
        bytes.addAll(rows(pages)) { bytes, row in
            bytes.add(row.name)
            add(row.group, to: &bytes)
            for number in [row.isSender ? 1 : 0, Int64(row.rank.rawValue), Int64(row.source)] {
                bytes.add(number)
            }
            bytes.addAll(row.zones) { $0.add($1.text) }
        }
    }

    private static func add(_ group: PageGroup, to bytes: inout CanonicalBytes) {
        for number in [Int64(group.address), Int64(group.port), Int64(group.codec.rawValue)] {
            bytes.add(number)
        }
    }
}

extension CompiledSiteWriter {
    func write(_ pages: PagePlan) throws(DatabaseFault) {
        try insert(
            "pages",
            [
                .integer(Int64(pages.group.address)), .integer(Int64(pages.group.port)),
                .integer(Int64(pages.group.codec.rawValue)), .integer(Int64(pages.ttl)),
                .integer(Int64(pages.toneMs)),
            ])
        for (terminal, port) in pages.ports.sorted(by: { $0.key < $1.key }) {
            try insert(
                "page_ports",
                [
                    .text(terminal.text), .integer(Int64(port)),
                    .integer(pages.unicast.contains(terminal) ? 1 : 0),
                ])
        }
        for (place, row) in CompiledSiteTables.rows(pages).enumerated() {
            try insert(
                "page_groups",
                [
                    .integer(Int64(place)), .text(row.name), .integer(row.isSender ? 1 : 0),
                    .integer(Int64(row.group.address)), .integer(Int64(row.group.port)),
                    .integer(Int64(row.group.codec.rawValue)), .integer(Int64(row.rank.rawValue)),
                    .integer(Int64(row.source)), .text(row.zones.map(\.text).joined(separator: " ")),
                ])
        }
    }
}

extension CompiledSiteReader {
    private static let ports: ClosedRange<Int64> = 1...Int64(UInt16.max)
    /// 224.0.0.0/4.
    private static let groups: ClosedRange<Int64> = 0xe000_0000...0xefff_ffff

    /// nil: no pages, or a file from before.
    func pages() throws(CompiledSiteDamage) -> PagePlan? {
        let known = try rows("SELECT count(*) FROM sqlite_master WHERE name = 'pages'").first
        guard try known?.integer(0) == 1,
            let row = try rows("SELECT address, port, codec, ttl, tone_ms FROM pages", columns: 5).first
        else { return nil }
        var plan = PagePlan(
            group: try group(row, at: 0), ttl: UInt8(try row.integer(3, in: 0...255)),
            toneMs: UInt16(try row.integer(4, in: 0...Int64(Limits.pagingToneMaxMs))), ports: [:])
        for row in try rows("SELECT terminal, port, unicast FROM page_ports", columns: 3) {
            let id: TerminalID = try row.identifier(0)
            plan.ports[id] = UInt16(try row.integer(1, in: Self.ports))
            if try row.integer(2) == 1 { plan.unicast.insert(id) }
        }
        let sql = "SELECT address, port, codec, name, is_sender, rank, source, zones FROM page_groups"
        for row in try rows(sql + " ORDER BY place", columns: 8) {
            let (group, name) = (try group(row, at: 0), try row.text(3))
            let zones = try row.text(7).split(separator: " ").compactMap { ZoneID(String($0)) }
            if try row.integer(4) == 1 {
                plan.senders.append(
                    PagePlan.Sender(
                        name: name, group: group, rank: try row.choice(5),
                        source: UInt32(try row.integer(6, in: 0...Int64(UInt32.max))), zones: zones))
            } else {
                plan.receivers.append(PagePlan.Receiver(name: name, group: group, zones: zones))
            }
        }
        return plan
    }

    private func group(_ row: Row, at column: Int) throws(CompiledSiteDamage) -> PageGroup {
        PageGroup(
            address: UInt32(try row.integer(column, in: Self.groups)),
            port: UInt16(try row.integer(column + 1, in: Self.ports)), codec: try row.choice(column + 2))
    }
}
