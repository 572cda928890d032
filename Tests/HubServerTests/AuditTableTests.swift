// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import HubServer

struct AuditTableTests {
    /// What somebody with the database's own rights could do after taking the guards away.
    @Test(
        arguments: [
            "UPDATE audit SET who = 'x' WHERE sequence = 3", "DELETE FROM audit WHERE sequence = 3",
            "DELETE FROM audit WHERE sequence = 5",
            "UPDATE audit SET hash = previous_hash WHERE sequence = 3",
        ])
    func chain_namesTheEntry_thatWasTouched(sql: String) async throws {
        let store = try SQLiteStore(path: try temporaryFolder() + "/hub.sqlite")
        try await store.write { session in
            for number in 1...5 {
                try session.append(AuditNote(who: "a\(number)", what: "b"), atMs: Int64(number))
            }
        }
        #expect(try await store.read { try $0.auditBreak() } == nil)
        try await store.write { session in
            for verb in ["update", "delete"] { try session.run("DROP TRIGGER audit_never_\(verb)") }
            try session.run(sql, [])
        }
        let found = try await store.read { try $0.auditBreak() }
        #expect(found == (sql.contains("= 5") ? 5 : 3))
    }
}
