// SPDX-License-Identifier: Apache-2.0
import Facility
import Journal
import Testing

@Test(arguments: [
    "PRAGMA user_version = 2", "PRAGMA application_id = 1", "DROP TABLE lines", "DELETE FROM about",
    "INSERT INTO about SELECT * FROM about", "UPDATE about SET terminal = 'cell-999'",
    "UPDATE about SET kind = 9", "UPDATE terminals SET role = 7", "UPDATE terminals SET port = 70000",
    "UPDATE terminals SET address = -1", "UPDATE terminals SET public_key = x'00'",
    "UPDATE lines SET bias = 77",
    "UPDATE lines SET duty = 36", "UPDATE lines SET direction = 'in'",
    "UPDATE lines SET name = 'two words' WHERE place = 0",
    "UPDATE officers SET name = 'Mallory'", "UPDATE ladder SET ms = ms + 1", "UPDATE zones SET rings = 100",
    "UPDATE zones SET title = 'Ward 9'",
    "UPDATE about SET sha256 = zeroblob(32)", "DELETE FROM operators", "UPDATE about SET version = 2",
    "UPDATE about SET site = CAST(x'ff' AS TEXT)",
])
func compiledSite_isRefused_whenItsContentWasChanged(sql: String) throws {
    let place = try SitePlace()
    try CompiledSite.write(try makeSiteConfig(), to: place.config)
    let database = try Database(path: place.config, access: .readWrite)
    try database.execute(sql)
    database.close()
    let fault = try #require(throws: Fault.self) { try CompiledSite.read(place.config) }
    #expect(fault.place == place.config && !fault.hint.isEmpty)
}

@Test func compiledSite_isRefused_whenItsTerminalIsNotInItsSite() throws {
    let place = try SitePlace()
    var config = try makeSiteConfig()
    config.terminal = try identifier("cell-999")
    try CompiledSite.write(config, to: place.config)
    let fault = try #require(throws: Fault.self) { try CompiledSite.read(place.config) }
    #expect(fault.cause.contains("cell-999"))
}

@Test func compiledSite_neverTrapsNorChanges_whenBytesAreFlipped() throws {
    let place = try SitePlace()
    let config = try makeSiteConfig()
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
