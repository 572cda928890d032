// SPDX-License-Identifier: Apache-2.0
import CSQLite
import Facility
import Journal
import Testing

@Test func database_givesBackWhatWasBound_forEachKindOfValue() throws {
    let database = try Database(path: ":memory:", access: .create)
    try database.execute("CREATE TABLE t(a INTEGER, b BLOB, c TEXT)")
    let insert = try database.prepare("INSERT INTO t VALUES(?, ?, ?)")
    for (number, bytes, text) in [(Int64.min, [UInt8](), ""), (7, [0, 255, 0], "监室 101")] {
        try insert.bind(1, number)
        try insert.bind(2, bytes)
        try insert.bind(3, text)
        #expect(try !insert.step())
    }
    #expect(database.changes == 1)
    let select = try database.prepare("SELECT a, b, c, NULL FROM t")
    #expect(try select.step())
    #expect(select.int64(0) == .min && select.bytes(1) == [] && select.text(2) == "" && !select.isNull(1))
    #expect(try select.step())
    #expect(
        select.int64(0) == 7 && select.bytes(1) == [0, 255, 0] && select.text(2) == "监室 101"
            && select.isNull(3))
    #expect(try !select.step())
}

@Test func database_saysCodeAndHint_whenTheFileIsMissing() throws {
    let trial = JournalTrial()
    #expect {
        try Database(path: trial.path, access: .readOnly)
    } throws: { error in
        guard let error = error as? DatabaseFault else { return false }
        return error.primaryCode == SQLITE_CANTOPEN && error.fault.cause.contains("SQLite 14")
            && error.fault.place == trial.path && !error.fault.hint.isEmpty
    }
}

@Test func database_neverWrites_whenReadOnly() throws {
    let trial = JournalTrial()
    trial.live([trial.event(1)])
    let before = fileBytes(trial.path)
    let database = try Database(path: trial.path, access: .readOnly)
    #expect(throws: DatabaseFault.self) { try database.execute("CREATE TABLE t(a)") }
    database.close()
    #expect(fileBytes(trial.path) == before)
}
