// SPDX-License-Identifier: Apache-2.0
import Facility

/// What a configuration database has wrong; `CompiledSite` adds the place and the hint.
struct CompiledSiteDamage: Error {
    var cause: String
}

/// Reads one configuration database, trusting nothing in it: types, bounds, names, the digest. Lives for one
/// read.
struct CompiledSiteReader {
    private let database: Database

    init(path: String) throws(CompiledSiteDamage) {
        do {
            database = try Database(path: path, access: .readOnlyImmutable)
        } catch { throw CompiledSiteDamage(cause: error.fault.cause) }
    }

    func config() throws(CompiledSiteDamage) -> TerminalConfig {
        defer { database.close() }
        try expect("application_id", CompiledSite.applicationID, "it is no configuration of Watchpost")
        try expect(
            "user_version", CompiledSite.schemaVersion,
            "it was written by another version of Watchpost (schema, not \(CompiledSite.schemaVersion))")
        let abouts = try rows(
            "SELECT version, terminal, site, board, kind, key_path, journal_path, runtime_path, sha256 "
                + "FROM about",
            columns: 9)
        guard abouts.count == 1, let about = abouts.first else {
            throw CompiledSiteDamage(cause: "it describes \(abouts.count) terminals, not one")
        }
        let config = TerminalConfig(
            version: try about.integer(0), terminal: try about.identifier(1),
            site: Site(
                name: try about.text(2), terminals: try terminals(), rings: try rings(),
                ladderMs: try ladder(),
                officers: try officers(), zoneTitles: try zoneTitles()),
            board: Board(name: try about.text(3), kind: try about.choice(4), duties: try duties()),
            keyPath: try about.text(5), journalPath: try about.text(6), runtimePath: try about.text(7),
            operators: try rows("SELECT name FROM operators ORDER BY place").map {
                row throws(CompiledSiteDamage) in
                try row.text(0)
            }, sound: try sound())
        guard CompiledSiteTables.digest(of: config) == (try about.bytes(8)) else {
            throw CompiledSiteDamage(cause: "its content does not match its SHA-256")
        }
        try inspect(config)
        return config
    }

    /// What a daemon relies on, even if a program with a bug wrote a file whose digest is right.
    private func inspect(_ config: TerminalConfig) throws(CompiledSiteDamage) {
        let ids = Set(config.site.terminals.map(\.id))
        guard ids.contains(config.terminal) else {
            throw CompiledSiteDamage(cause: "its terminal \(config.terminal) is not in its site")
        }
        if let post = config.site.rings.values.joined().joined().first(where: { !ids.contains($0) }) {
            throw CompiledSiteDamage(cause: "post \(post) of a ring is not in its site")
        }
        if let terminal = config.site.terminals.first(where: { $0.publicKey.count != 32 }) {
            throw CompiledSiteDamage(cause: "the public key of \(terminal.id) has not 32 bytes")
        }
        guard config.board.duties.count <= Limits.linesMaxCount else {
            throw CompiledSiteDamage(cause: "its board has more than \(Limits.linesMaxCount) lines")
        }
        let names = Set(config.board.duties.map(\.line.name))
        for duty in config.board.duties {
            if let partner = duty.partner, !names.contains(partner) {
                throw CompiledSiteDamage(
                    cause: "line \(duty.line.name) is supervised by \(partner), which is no line")
            }
            guard (duty.line.direction == .output) == duty.duty.isOutput else {
                throw CompiledSiteDamage(cause: "line \(duty.line.name) has a duty of the other direction")
            }
        }
        guard zip(config.site.ladderMs, config.site.ladderMs.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw CompiledSiteDamage(cause: "the steps of its ladder do not rise")
        }
    }

    // MARK: Lists

    private func terminals() throws(CompiledSiteDamage) -> [Terminal] {
        try rows(
            "SELECT id, role, zone, title, address, port, public_key FROM terminals ORDER BY place",
            columns: 7
        )
        .map { row throws(CompiledSiteDamage) in
            Terminal(
                id: try row.identifier(0), role: try row.choice(1), zone: try row.identifier(2),
                title: try row.text(3), address: UInt32(try row.integer(4, in: 0...Int64(UInt32.max))),
                port: UInt16(try row.integer(5, in: 1...Int64(UInt16.max))), publicKey: try row.bytes(6))
        }
    }

    private func rings() throws(CompiledSiteDamage) -> [ZoneID: [[TerminalID]]] {
        var rings: [ZoneID: [[TerminalID]]] = [:]
        for row in try rows("SELECT id, rings FROM zones", columns: 2) {
            let count = try row.integer(1, in: 0...Int64(Limits.ladderStepsMaxCount))
            rings[try row.identifier(0)] = Array(repeating: [], count: Int(count))
        }
        for row in try rows("SELECT zone, ring, post FROM rings ORDER BY zone, ring, place", columns: 3) {
            let zone: ZoneID = try row.identifier(0)
            let ring = Int(try row.integer(1, in: 0...Int64(Limits.ladderStepsMaxCount)))
            guard let known = rings[zone], ring < known.count else {
                throw CompiledSiteDamage(cause: "zone \(zone) has a ring that it did not declare")
            }
            rings[zone]?[ring].append(try row.identifier(2))
        }
        return rings
    }

    private func zoneTitles() throws(CompiledSiteDamage) -> [ZoneID: String] {
        var titles: [ZoneID: String] = [:]
        for row in try rows("SELECT id, title FROM zones WHERE title <> ''", columns: 2) {
            titles[try row.identifier(0)] = try row.text(1)
        }
        return titles
    }

    private func ladder() throws(CompiledSiteDamage) -> [Int] {
        try rows("SELECT ms FROM ladder ORDER BY place").map { row throws(CompiledSiteDamage) in
            Int(try row.integer(0, in: 1...Int64(Limits.ladderMaxMs)))
        }
    }

    private func officers() throws(CompiledSiteDamage) -> [Officer] {
        try rows("SELECT id, name FROM officers ORDER BY place", columns: 2).map {
            row throws(CompiledSiteDamage) in
            Officer(id: try row.identifier(0), name: try row.text(1))
        }
    }

    private func duties() throws(CompiledSiteDamage) -> [BoardDuty] {
        try rows(
            "SELECT name, chip, line, direction, active_low, bias, duty, partner FROM lines ORDER BY place",
            columns: 8
        )
        .map { row throws(CompiledSiteDamage) in
            let partner = try row.text(7)
            return BoardDuty(
                line: BoardLine(
                    name: try row.identifier(0), chip: try row.text(1), line: try row.text(2),
                    direction: try row.choice(3), activeLow: try row.integer(4, in: 0...1) == 1,
                    bias: try row.choice(5)),
                duty: try row.choice(6), partner: partner.isEmpty ? nil : try row.identifier(7))
        }
    }

    // MARK: SQLite

    private func expect(_ pragma: String, _ value: Int64, _ cause: String) throws(CompiledSiteDamage) {
        guard try rows("PRAGMA \(pragma)").first?.integer(0) == value else {
            throw CompiledSiteDamage(cause: cause)
        }
    }

    func rows(_ sql: String, columns: Int32 = 1) throws(CompiledSiteDamage) -> [Row] {
        do {
            let statement = try database.prepare(sql)
            var rows: [Row] = []
            while try statement.step() {
                guard rows.count < Limits.siteRowsMaxCount else {
                    throw CompiledSiteDamage(
                        cause: "a table in it has more than \(Limits.siteRowsMaxCount) rows")
                }
                rows.append(Row(statement, columns: columns))
            }
            return rows
        } catch let damage as CompiledSiteDamage {
            throw damage
        } catch let fault as DatabaseFault {
            throw CompiledSiteDamage(cause: fault.fault.cause)
        } catch { throw CompiledSiteDamage(cause: "\(error)") }
    }
}

/// One row, copied out, so that no statement stays open while it is judged.
struct Row {
    private var integers: [Int64?] = []
    private var columns: [[UInt8]] = []

    init(_ statement: Statement, columns count: Int32) {
        for column in 0..<count {
            integers.append(statement.isInteger(column) ? statement.int64(column) : nil)
            columns.append(statement.bytes(column))
        }
    }

    func integer(_ column: Int, in range: ClosedRange<Int64> = .min ... .max) throws(CompiledSiteDamage)
        -> Int64
    {
        guard let value = integers[column], range.contains(value) else {
            throw CompiledSiteDamage(cause: "a number in it is none, or out of its range")
        }
        return value
    }

    func bytes(_ column: Int) throws(CompiledSiteDamage) -> [UInt8] { columns[column] }

    func text(_ column: Int) throws(CompiledSiteDamage) -> String {
        guard let text = String(validating: columns[column], as: UTF8.self) else {
            throw CompiledSiteDamage(cause: "a text in it is no UTF-8")
        }
        return text
    }

    func identifier<Kind>(_ column: Int) throws(CompiledSiteDamage) -> Identifier<Kind> {
        let text = try text(column)
        guard let identifier = Identifier<Kind>(text) else {
            throw CompiledSiteDamage(cause: "'\(text.prefix(40))' is no name of 1 to 16 of A–Z a–z 0–9 - _ .")
        }
        return identifier
    }

    func choice<Choice: RawRepresentable<UInt8>>(_ column: Int) throws(CompiledSiteDamage) -> Choice {
        let raw = try integer(column)
        guard let byte = UInt8(exactly: raw), let choice = Choice(rawValue: byte) else {
            throw CompiledSiteDamage(cause: "\(raw) is no \(Choice.self) that this version knows")
        }
        return choice
    }
}
