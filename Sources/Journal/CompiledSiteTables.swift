// SPDX-License-Identifier: Apache-2.0
import CSodium
import Facility

/// The tables of the configuration database, in one place for writer and reader. Lists keep their order in
/// `place`.
enum CompiledSiteTables {
    static let schema = """
        PRAGMA application_id = \(CompiledSite.applicationID);
        PRAGMA user_version = \(CompiledSite.schemaVersion);
        CREATE TABLE about (
            version INTEGER NOT NULL, terminal TEXT NOT NULL, site TEXT NOT NULL, board TEXT NOT NULL,
            kind INTEGER NOT NULL, key_path TEXT NOT NULL,
            journal_path TEXT NOT NULL, runtime_path TEXT NOT NULL,
            sha256 BLOB NOT NULL);
        CREATE TABLE terminals (
            place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, role INTEGER NOT NULL, zone TEXT NOT NULL,
            title TEXT NOT NULL, address INTEGER NOT NULL, port INTEGER NOT NULL, public_key BLOB NOT NULL);
        CREATE TABLE zones (id TEXT PRIMARY KEY, rings INTEGER NOT NULL, title TEXT NOT NULL);
        CREATE TABLE rings (
            zone TEXT NOT NULL, ring INTEGER NOT NULL, place INTEGER NOT NULL, post TEXT NOT NULL,
            PRIMARY KEY (zone, ring, place));
        CREATE TABLE ladder (place INTEGER PRIMARY KEY, ms INTEGER NOT NULL);
        CREATE TABLE officers (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
        CREATE TABLE operators (place INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE lines (
            place INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, chip TEXT NOT NULL, line TEXT NOT NULL,
            direction INTEGER NOT NULL, active_low INTEGER NOT NULL,
            bias INTEGER NOT NULL, duty INTEGER NOT NULL,
            partner TEXT NOT NULL);
        """ + soundSchema + pagesSchema

    /// SHA-256 over every value in a fixed order, each text and list with its length before it: two
    /// configurations have the same digest only when they are the same, however SQLite lays them out.
    static func digest(of config: TerminalConfig) -> [UInt8] {
        var bytes = CanonicalBytes()
        bytes.add(config.version)
        bytes.add(config.terminal.text)
        for text in [config.site.name, config.keyPath, config.journalPath, config.runtimePath] {
            bytes.add(text)
        }
        bytes.addAll(config.site.terminals) { bytes, terminal in
            bytes.add(terminal.id.text)
            bytes.add(Int64(terminal.role.rawValue))
            bytes.add(terminal.zone.text)
            bytes.add(terminal.title)
            bytes.add(Int64(terminal.address))
            bytes.add(Int64(terminal.port))
            bytes.addAll(terminal.publicKey) { $0.add(Int64($1)) }
        }
        bytes.addAll(config.site.rings.sorted { $0.key < $1.key }) { bytes, zone in
            bytes.add(zone.key.text)
            bytes.add(config.site.zoneTitles[zone.key] ?? "")
            bytes.addAll(zone.value) { bytes, ring in bytes.addAll(ring) { $0.add($1.text) } }
        }
        bytes.addAll(config.site.ladderMs) { $0.add(Int64($1)) }
        bytes.addAll(config.site.officers) { bytes, officer in
            bytes.add(officer.id.text)
            bytes.add(officer.name)
        }
        bytes.addAll(config.operators) { $0.add($1) }
        bytes.add(config.board.name)
        bytes.add(Int64(config.board.kind.rawValue))
        bytes.addAll(config.board.duties) { bytes, duty in
            for text in [duty.line.name.text, duty.line.chip, duty.line.line, duty.partner?.text ?? ""] {
                bytes.add(text)
            }
            let numbers = [
                duty.line.direction.rawValue, duty.line.activeLow ? 1 : 0, duty.line.bias.rawValue,
            ]
            for number in numbers + [duty.duty.rawValue] { bytes.add(Int64(number)) }
        }
        if let sound = config.sound { add(sound, to: &bytes) }
        var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256(&digest, bytes.bytes, UInt64(bytes.bytes.count))
        return digest
    }
}

/// What `CompiledSiteTables.digest` hashes.
struct CanonicalBytes {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ value: Int64) {
        for shift in stride(from: Int64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func add(_ text: String) {
        add(Int64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func addAll<Element>(_ list: [Element], _ each: (inout CanonicalBytes, Element) -> Void) {
        add(Int64(list.count))
        for element in list { each(&self, element) }
    }
}

/// Fills a fresh configuration database in one transaction, on the tool's thread.
struct CompiledSiteWriter {
    private let database: Database

    init(path: String) throws(DatabaseFault) {
        database = try Database(path: path, access: .create)
    }

    func write(_ config: TerminalConfig) throws(DatabaseFault) {
        try database.execute("PRAGMA synchronous = FULL; BEGIN;" + CompiledSiteTables.schema)
        try insert(
            "about",
            [
                .integer(config.version), .text(config.terminal.text), .text(config.site.name),
                .text(config.board.name), .integer(Int64(config.board.kind.rawValue)), .text(config.keyPath),
                .text(config.journalPath), .text(config.runtimePath),
                .bytes(CompiledSiteTables.digest(of: config)),
            ])
        try write(config.site)
        for (place, name) in config.operators.enumerated() {
            try insert("operators", [.integer(Int64(place)), .text(name)])
        }
        if let sound = config.sound { try write(sound) }
        for (place, duty) in config.board.duties.enumerated() {
            let line = duty.line
            try insert(
                "lines",
                [
                    .integer(Int64(place)), .text(line.name.text), .text(line.chip), .text(line.line),
                    .integer(Int64(line.direction.rawValue)), .integer(line.activeLow ? 1 : 0),
                    .integer(Int64(line.bias.rawValue)), .integer(Int64(duty.duty.rawValue)),
                    .text(duty.partner?.text ?? ""),
                ])
        }
        try database.execute("COMMIT")
        database.close()
    }

    private func write(_ site: Site) throws(DatabaseFault) {
        for (place, terminal) in site.terminals.enumerated() {
            try insert(
                "terminals",
                [
                    .integer(Int64(place)), .text(terminal.id.text), .integer(Int64(terminal.role.rawValue)),
                    .text(terminal.zone.text), .text(terminal.title), .integer(Int64(terminal.address)),
                    .integer(Int64(terminal.port)), .bytes(terminal.publicKey),
                ])
        }
        for (zone, rings) in site.rings.sorted(by: { $0.key < $1.key }) {
            try insert(
                "zones",
                [.text(zone.text), .integer(Int64(rings.count)), .text(site.zoneTitles[zone] ?? "")])
            for (ring, posts) in rings.enumerated() {
                for (place, post) in posts.enumerated() {
                    try insert(
                        "rings",
                        [.text(zone.text), .integer(Int64(ring)), .integer(Int64(place)), .text(post.text)])
                }
            }
        }
        for (place, ms) in site.ladderMs.enumerated() {
            try insert("ladder", [.integer(Int64(place)), .integer(Int64(ms))])
        }
        for (place, officer) in site.officers.enumerated() {
            try insert("officers", [.integer(Int64(place)), .text(officer.id.text), .text(officer.name)])
        }
    }

    enum Value {
        case integer(Int64)
        case text(String)
        case bytes([UInt8])
    }

    func insert(_ table: String, _ values: [Value]) throws(DatabaseFault) {
        let marks = values.map { _ in "?" }.joined(separator: ", ")
        let statement = try database.prepare("INSERT INTO \(table) VALUES (\(marks))")
        for (index, value) in values.enumerated() {
            switch value {
            case .integer(let integer): try statement.bind(Int32(index + 1), integer)
            case .text(let text): try statement.bind(Int32(index + 1), text)
            case .bytes(let bytes): try statement.bind(Int32(index + 1), bytes)
            }
        }
        _ = try statement.step()
    }
}
