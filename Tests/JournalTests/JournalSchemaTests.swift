// SPDX-License-Identifier: Apache-2.0
import Journal
import Testing

@Test(arguments: [
    "UPDATE event SET payload = x''", "UPDATE OR IGNORE event SET kind = 1", "DELETE FROM event",
    "INSERT OR REPLACE INTO event SELECT * FROM event", "REPLACE INTO event SELECT * FROM event",
    "UPDATE run SET ordinal = 7", "DELETE FROM run", "UPDATE journal SET generation = 1",
    "DELETE FROM journal",
])
func schema_forbidsChange_whenAnyoneTries(_ sql: String) throws {
    let trial = JournalTrial()
    trial.live([trial.event(1)])
    let database = try Database(path: trial.path, access: .readWrite)
    #expect(throws: DatabaseFault.self) { try database.execute(sql) }
    #expect(try trial.recorded() == [trial.event(1)])
}
