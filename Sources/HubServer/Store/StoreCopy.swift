// SPDX-License-Identifier: Apache-2.0

// One store's rows into another of whatever engine: both have the same tables with the same columns in the
// same order.

extension HubSession {
    /// Inside one transaction of each. The other one has no records; what it has besides is replaced.
    func copy(to target: some HubSession) throws {
        for (table, key) in HubSchema.keys {
            if !HubSchema.records.contains(table) { try target.run("DELETE FROM \(table)") }
            guard !key.isEmpty else {
                for row in try rows("SELECT * FROM \(table)") { try target.insert(row, into: table) }
                continue
            }
            try copyInPages(table, key, to: target)
        }
    }

    /// Tables that grow for years: never whole in memory.
    private func copyInPages(_ table: String, _ key: [String], to target: some HubSession) throws {
        let columns = key.joined(separator: ", ")
        let marks = repeatElement("?", count: key.count).joined(separator: ", ")
        let count = HubSchema.files.contains(table) ? 8 : 1_000
        var after: [HubValue] = []
        while true {
            let past = after.isEmpty ? "" : "WHERE (\(columns)) > (\(marks))"
            // The key's own columns come first, to go on from.
            let page = try rows(
                """
                SELECT \(columns), \(table).* FROM \(table) \(past) ORDER BY \(columns) LIMIT \(count)
                """, after)
            for row in page { try target.insert(HubRow(Array(row.values.dropFirst(key.count))), into: table) }
            guard let last = page.last else { return }
            after = Array(last.values.prefix(key.count))
        }
    }

    private func insert(_ row: HubRow, into table: String) throws {
        let marks = repeatElement("?", count: row.values.count).joined(separator: ", ")
        try run("INSERT INTO \(table) VALUES(\(marks))", row.values)
    }
}

extension HubSchema {
    /// Every table; with a key those that are copied page by page.
    static let keys: [(table: String, key: [String])] = [
        ("event", ["origin", "stream", "sequence"]), ("cursor", []),
        ("aside", ["origin", "stream", "sequence", "hash"]), ("run", []), ("alarm", ["id"]), ("terminal", []),
        ("zone", []), ("officer", []), ("ring", []), ("account", []), ("session", []),
        ("audit", ["sequence"]), ("audit_head", []), ("join_code", []), ("certificate", []), ("shelf", []),
        ("cell_use", ["terminal", "at_ms"]), ("round", ["id"]), ("webhook", []), ("delivery", []),
        ("command", ["number"]), ("setting", []), ("outage", ["terminal", "from_ms"]), ("anchor", []),
        ("duty_act", ["origin", "sequence"]), ("call_leg", ["id", "origin"]),
        ("recording", ["origin", "name"]), ("bundle", ["kind", "terminal", "version"]), ("pin", []),
        ("clip", ["sha256"]), ("clip_report", []), ("play", ["origin", "day", "routine", "at"]),
        ("play_span", ["origin", "from_ms", "to_ms"]),
    ]
    /// Rows of these hold files: few of them at once.
    static let files: Set = ["bundle", "clip"]
}
