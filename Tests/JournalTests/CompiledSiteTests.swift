// SPDX-License-Identifier: Apache-2.0
import Facility
import Glibc
import Journal
import Testing

/// A directory of its own for each test, gone afterwards.
private final class Place {
    let directory: String
    var config: String { directory + "/cell.db" }

    init() throws {
        var template = Array("/tmp/compiled-site-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Fault("make directory", at: "/tmp", cause: "mkdtemp failed", hint: "Make /tmp writable.")
        }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for suffix in ["", ".new", ".previous", ".previous.new", "-journal"] { unlink(config + suffix) }
        rmdir(directory)
    }

    func bytes() -> [UInt8] {
        let file = open(config, O_RDONLY)
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = Glibc.read(file, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    func put(_ bytes: [UInt8]) {
        let file = open(config, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(file) }
        #expect(Glibc.write(file, bytes, bytes.count) == bytes.count)
    }
}

private func id<Kind>(_ text: String) throws -> Identifier<Kind> { try #require(Identifier<Kind>(text)) }

private func makeConfig(version: Int64 = 1) throws -> TerminalConfig {
    let terminals = try [("cell-101", TerminalRole.cell), ("post-a", .post), ("post-b", .post)].enumerated()
        .map {
            Terminal(
                id: try id($1.0), role: $1.1, zone: try id("ward-1"), title: "一监区 \($1.0)",
                address: 0x7f00_0001,
                port: UInt16(7_401 + $0), publicKey: [UInt8](repeating: UInt8($0 + 1), count: 32))
        }
    func line(_ name: String, _ duty: LineDuty, partner: String? = nil) throws -> BoardDuty {
        BoardDuty(
            line: BoardLine(
                name: try id(name), chip: "pinctrl-rp1", line: "GPIO-" + name,
                direction: duty.isOutput ? .output : .input, activeLow: !duty.isOutput, bias: .pullUp),
            duty: duty, partner: try partner.map { try id($0) })
    }
    return TerminalConfig(
        version: version, terminal: try id("cell-101"),
        site: Site(
            name: "拘留所", terminals: terminals,
            rings: [try id("ward-1"): [[try id("post-a")], [try id("post-b")]], try id("empty"): [[], []]],
            ladderMs: [30_000, 60_000], officers: [Officer(id: try id("P1042"), name: "王建国")]),
        board: Board(
            name: "Pi", kind: .gpiod,
            duties: [
                try line("button", .emergencyButton, partner: "nc"), try line("nc", .supervision),
                try line("lamp", .assuranceLamp),
            ]),
        keyPath: "/k", journalPath: "/j", runtimePath: "/r", operators: ["panel", "duty"])
}

@Test func compiledSite_isTheSame_whenReadBack() throws {
    let place = try Place()
    let config = try makeConfig()
    try CompiledSite.write(config, to: place.config)
    #expect(try CompiledSite.read(place.config) == config)
}

@Test func compiledSite_namesFileAndHint_whenItIsMissing() throws {
    let place = try Place()
    let fault = try #require(throws: Fault.self) { try CompiledSite.read(place.config) }
    #expect(fault.place == place.config)
    #expect(fault.hint.contains("watchpost apply"))
}

@Test func compiledSite_isRefused_whenItIsNoDatabase() throws {
    let place = try Place()
    for bytes in [Array("site: text\n".utf8), [], [UInt8](repeating: 0xff, count: 5_000)] {
        place.put(bytes)
        #expect(throws: Fault.self) { try CompiledSite.read(place.config) }
    }
}

@Test(arguments: [
    "PRAGMA user_version = 2", "PRAGMA application_id = 1", "DROP TABLE lines", "DELETE FROM about",
    "INSERT INTO about SELECT * FROM about", "UPDATE about SET terminal = 'cell-999'",
    "UPDATE about SET kind = 9", "UPDATE terminals SET role = 7", "UPDATE terminals SET port = 70000",
    "UPDATE terminals SET address = -1", "UPDATE terminals SET public_key = x'00'",
    "UPDATE lines SET bias = 77",
    "UPDATE lines SET duty = 36", "UPDATE lines SET direction = 'in'",
    "UPDATE lines SET name = 'two words' WHERE place = 0",
    "UPDATE officers SET name = 'Mallory'", "UPDATE ladder SET ms = ms + 1", "UPDATE zones SET rings = 100",
    "UPDATE about SET sha256 = zeroblob(32)", "DELETE FROM operators", "UPDATE about SET version = 2",
    "UPDATE about SET site = CAST(x'ff' AS TEXT)",
])
func compiledSite_isRefused_whenItsContentWasChanged(sql: String) throws {
    let place = try Place()
    try CompiledSite.write(try makeConfig(), to: place.config)
    let database = try Database(path: place.config, access: .readWrite)
    try database.execute(sql)
    database.close()
    let fault = try #require(throws: Fault.self) { try CompiledSite.read(place.config) }
    #expect(fault.place == place.config && !fault.hint.isEmpty)
}

@Test func compiledSite_isRefused_whenItsTerminalIsNotInItsSite() throws {
    let place = try Place()
    var config = try makeConfig()
    config.terminal = try id("cell-999")
    try CompiledSite.write(config, to: place.config)
    let fault = try #require(throws: Fault.self) { try CompiledSite.read(place.config) }
    #expect(fault.cause.contains("cell-999"))
}

@Test func compiledSite_neverTrapsNorChanges_whenBytesAreFlipped() throws {
    let place = try Place()
    let config = try makeConfig()
    try CompiledSite.write(config, to: place.config)
    let sound = place.bytes()
    var random = SystemRandomNumberGenerator()
    for round in 0..<1_000 {
        var bytes = sound
        switch round % 4 {
        case 0:
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
                1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
        case 2:
            let page = Int.random(in: 0..<(bytes.count / 4_096), using: &random) * 4_096
            for index in page..<page + 4_096 { bytes[index] = UInt8.random(in: 0...255, using: &random) }
        default:
            for _ in 0..<16 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
        }
        place.put(bytes)
        // A flip in a byte that carries nothing may go unseen; a different configuration may not.
        if let read = try? CompiledSite.read(place.config) { #expect(read == config) }
    }
}

@Test func install_keepsThePreviousVersion_whenANewerOneComes() throws {
    let place = try Place()
    try CompiledSite.install(try makeConfig(version: 1), at: place.config)
    try CompiledSite.install(try makeConfig(version: 2), at: place.config)
    #expect(try CompiledSite.read(place.config).version == 2)
    #expect(try CompiledSite.read(CompiledSite.previousPath(of: place.config)).version == 1)
    #expect(CompiledSite.newestVersion(place.config) == 2)
    #expect(access(place.config + ".new", F_OK) != 0)
}

@Test func install_isRefused_whenTheVersionDoesNotRise() throws {
    let place = try Place()
    try CompiledSite.install(try makeConfig(version: 5), at: place.config)
    for version: Int64 in [4, 5] {
        #expect(throws: Fault.self) {
            try CompiledSite.install(try makeConfig(version: version), at: place.config)
        }
    }
    #expect(try CompiledSite.read(place.config).version == 5)
    try CompiledSite.install(try makeConfig(version: 4), at: place.config, force: true)
    #expect(try CompiledSite.read(place.config).version == 4)
}

@Test func install_keepsTheGoodPrevious_whenTheNewestIsDamaged() throws {
    let place = try Place()
    try CompiledSite.install(try makeConfig(version: 1), at: place.config)
    try CompiledSite.install(try makeConfig(version: 2), at: place.config)
    place.put([1, 2, 3])
    try CompiledSite.install(try makeConfig(version: 3), at: place.config)
    #expect(try CompiledSite.read(CompiledSite.previousPath(of: place.config)).version == 1)
    #expect(try CompiledSite.read(place.config).version == 3)
}

@Test func install_isAFault_whenTheDirectoryIsMissing() throws {
    let place = try Place()
    #expect(throws: Fault.self) {
        try CompiledSite.install(try makeConfig(), at: place.directory + "/none/cell.db")
    }
}

@Test func newestGood_fallsBackAndSaysWhy_whenTheNewestIsDamaged() throws {
    let place = try Place()
    try CompiledSite.install(try makeConfig(version: 1), at: place.config)
    try CompiledSite.install(try makeConfig(version: 2), at: place.config)
    let sound = try CompiledSite.readNewestGood(place.config)
    #expect(sound.config.version == 2 && !sound.usedPrevious && sound.fault == nil)
    let old = try CompiledSite.readNewestGood(place.config, preferPrevious: true)
    #expect(old.config.version == 1 && old.usedPrevious && old.fault == nil)
    place.put([])
    let fallen = try CompiledSite.readNewestGood(place.config)
    #expect(fallen.config.version == 1 && fallen.usedPrevious && fallen.fault?.place == place.config)
}

@Test func newestGood_takesTheNewest_whenThereIsNoPrevious() throws {
    let place = try Place()
    try CompiledSite.install(try makeConfig(version: 1), at: place.config)
    let read = try CompiledSite.readNewestGood(place.config, preferPrevious: true)
    #expect(read.config.version == 1 && !read.usedPrevious && read.fault != nil)
}

@Test func newestGood_namesBothCauses_whenNeitherCanBeRead() throws {
    let place = try Place()
    place.put([7])
    let fault = try #require(throws: Fault.self) { try CompiledSite.readNewestGood(place.config) }
    #expect(fault.place == place.config && fault.cause.contains("no other version"))
}
