// SPDX-License-Identifier: Apache-2.0

/// The tables of a hub, written once: `BYTES` is the engine's word for bytes. Pure text.
///
/// `event` and `audit` are append-only: the engine itself refuses to change or delete a row. Every other
/// table is a projection of them or a setting.
enum HubSchema {
    /// Rises with each change of a table; a hub refuses a store of another version.
    static let version = Int64(changes.count) + 1

    static let records = ["event", "audit"]

    static let tables = [
        // Journals of terminals, entry by entry. u64 values as the i64 of the same bits, as in the journals.
        """
        CREATE TABLE event(
            origin TEXT NOT NULL, stream BIGINT NOT NULL, sequence BIGINT NOT NULL,
            run BIGINT NOT NULL, run_sequence BIGINT NOT NULL, uptime_ns BIGINT NOT NULL,
            wall_ms BIGINT NOT NULL, uncertainty_ms BIGINT NOT NULL, kind BIGINT NOT NULL,
            standing BIGINT NOT NULL, subject BYTES NOT NULL, payload BYTES NOT NULL,
            previous_hash BYTES NOT NULL, hash BYTES NOT NULL, received_ms BIGINT NOT NULL,
            PRIMARY KEY(origin, stream, sequence)) WITHOUT ROWID
        """,
        """
        CREATE TABLE cursor(
            origin TEXT NOT NULL, stream BIGINT NOT NULL, sequence BIGINT NOT NULL, hash BYTES NOT NULL,
            PRIMARY KEY(origin, stream))
        """,
        // Entries that do not follow from what the hub has: kept for an inspector, never mixed with the
        // record.
        """
        CREATE TABLE aside(
            origin TEXT NOT NULL, stream BIGINT NOT NULL, sequence BIGINT NOT NULL, hash BYTES NOT NULL,
            entry BYTES NOT NULL, received_ms BIGINT NOT NULL, PRIMARY KEY(origin, stream, sequence, hash))
        """,
        """
        CREATE TABLE run(
            origin TEXT NOT NULL, run BIGINT NOT NULL, boot TEXT NOT NULL, offset_ms BIGINT,
            uncertainty_ms BIGINT, PRIMARY KEY(origin, run))
        """,
        """
        CREATE TABLE alarm(
            id TEXT PRIMARY KEY, terminal TEXT NOT NULL, alarm_class BIGINT NOT NULL, phase BIGINT NOT NULL,
            raised_ms BIGINT NOT NULL, raised_uncertainty_ms BIGINT NOT NULL, record BYTES NOT NULL,
            custodian TEXT NOT NULL, is_history BIGINT NOT NULL, changed_ms BIGINT NOT NULL)
        """,
        "CREATE INDEX alarm_by_time ON alarm(raised_ms)",
        "CREATE INDEX alarm_open ON alarm(terminal) WHERE phase < 5",
        """
        CREATE TABLE terminal(
            id TEXT PRIMARY KEY, ordinal BIGINT NOT NULL, title TEXT NOT NULL, zone TEXT NOT NULL,
            role BIGINT NOT NULL, serial TEXT NOT NULL, boots TEXT NOT NULL, generation BIGINT NOT NULL,
            config BIGINT NOT NULL, proof_ms BIGINT, cloned_ms BIGINT, listed BIGINT NOT NULL)
        """,
        "CREATE TABLE zone(id TEXT PRIMARY KEY, title TEXT NOT NULL)",
        "CREATE TABLE officer(id TEXT PRIMARY KEY, name TEXT NOT NULL)",
        "CREATE TABLE ring(zone TEXT NOT NULL, number BIGINT NOT NULL, post TEXT NOT NULL)",
        """
        CREATE TABLE account(
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, officer TEXT, role TEXT NOT NULL,
            areas TEXT NOT NULL, password TEXT NOT NULL, totp BYTES, totp_step BIGINT NOT NULL,
            is_shut BIGINT NOT NULL)
        """,
        """
        CREATE TABLE session(
            key BYTES PRIMARY KEY, account TEXT NOT NULL, token TEXT NOT NULL, begun_ms BIGINT NOT NULL,
            seen_ms BIGINT NOT NULL, address TEXT NOT NULL)
        """,
        """
        CREATE TABLE audit(
            sequence BIGINT PRIMARY KEY, at_ms BIGINT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
            subject TEXT NOT NULL, outcome TEXT NOT NULL, previous_hash BYTES NOT NULL, hash BYTES NOT NULL)
        """,
        "CREATE TABLE audit_head(one BIGINT PRIMARY KEY, sequence BIGINT NOT NULL, hash BYTES NOT NULL)",
        """
        CREATE TABLE join_code(
            code BYTES PRIMARY KEY, terminal TEXT NOT NULL, serial TEXT, expires_ms BIGINT NOT NULL,
            used_ms BIGINT)
        """,
        """
        CREATE TABLE certificate(
            serial TEXT PRIMARY KEY, terminal TEXT NOT NULL, not_after_ms BIGINT NOT NULL, revoked_ms BIGINT)
        """,
        """
        CREATE TABLE shelf(
            key TEXT NOT NULL, until_ms BIGINT NOT NULL, reason TEXT NOT NULL, who TEXT NOT NULL,
            at_ms BIGINT NOT NULL, PRIMARY KEY(key, at_ms))
        """,
        """
        CREATE TABLE cell_use(
            terminal TEXT NOT NULL, at_ms BIGINT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
            who TEXT NOT NULL, PRIMARY KEY(terminal, at_ms))
        """,
        """
        CREATE TABLE round(
            id TEXT PRIMARY KEY, zone TEXT NOT NULL, begun_ms BIGINT NOT NULL, body TEXT NOT NULL)
        """,
        """
        CREATE TABLE webhook(
            id TEXT PRIMARY KEY, address TEXT NOT NULL, secret BYTES NOT NULL, kinds TEXT NOT NULL,
            is_shut BIGINT NOT NULL)
        """,
        """
        CREATE TABLE delivery(
            webhook TEXT NOT NULL, event TEXT NOT NULL, tries BIGINT NOT NULL, next_ms BIGINT NOT NULL,
            body BYTES NOT NULL, done_ms BIGINT, PRIMARY KEY(webhook, event))
        """,
        """
        CREATE TABLE command(
            number BIGINT PRIMARY KEY, terminal TEXT NOT NULL, kind TEXT NOT NULL, alarm TEXT NOT NULL,
            officer TEXT, given_ms BIGINT NOT NULL, refusal TEXT, answered_ms BIGINT)
        """,
        "CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    ]

    static let first = [
        "INSERT INTO setting(name, value) VALUES('schema', '1')",
        "INSERT INTO setting(name, value) VALUES('command', '0')",
    ]

    /// From version 1 on: a fresh store goes this way too, so that it is tried by every test.
    static let changes: [[String]] = [
        [
            // What people are called, beside what they type to sign in.
            "ALTER TABLE account ADD COLUMN title TEXT NOT NULL DEFAULT ''",
            // A button tried in a round: kept, shown, in no statistics.
            "ALTER TABLE alarm ADD COLUMN is_test BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE cell_use ADD COLUMN ground TEXT NOT NULL DEFAULT 'officer'",
            "ALTER TABLE cell_use ADD COLUMN causes TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE cell_use ADD COLUMN officer TEXT",
            // Times in which a terminal gave no proof of life.
            """
            CREATE TABLE outage(
                terminal TEXT NOT NULL, from_ms BIGINT NOT NULL, to_ms BIGINT,
                PRIMARY KEY(terminal, from_ms))
            """,
            // Moments of a boot at which the time was known.
            """
            CREATE TABLE anchor(
                origin TEXT NOT NULL, boot TEXT NOT NULL, uptime_ns BIGINT NOT NULL, wall_ms BIGINT NOT NULL,
                uncertainty_ms BIGINT NOT NULL, PRIMARY KEY(origin, boot, uptime_ns))
            """,
            // What was delivered is taken out, so no time of it is kept; when it came in says what is oldest.
            "ALTER TABLE delivery RENAME COLUMN done_ms TO told_ms",
            "CREATE INDEX delivery_due ON delivery(next_ms)",
        ],
        [
            // The hub below that brings its records; and its own uptime at its last proof of life.
            "ALTER TABLE terminal ADD COLUMN carrier TEXT",
            "ALTER TABLE terminal ADD COLUMN uptime_ns BIGINT",
            // What a terminal last said of itself.
            "ALTER TABLE terminal ADD COLUMN behind BIGINT NOT NULL DEFAULT 0",
            "ALTER TABLE terminal ADD COLUMN clock_ms BIGINT",
            "ALTER TABLE terminal ADD COLUMN version TEXT NOT NULL DEFAULT ''",
            // What was done at posts' own panels: a projection of the streams `duty`.
            """
            CREATE TABLE duty_act(
                origin TEXT NOT NULL, sequence BIGINT NOT NULL, at_ms BIGINT NOT NULL,
                uncertainty_ms BIGINT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, subject TEXT NOT NULL,
                outcome TEXT NOT NULL, PRIMARY KEY(origin, sequence))
            """,
            "CREATE INDEX duty_act_by_time ON duty_act(at_ms)",
        ],
        [
            // What the hub above was told of a round's tests.
            "ALTER TABLE alarm ADD COLUMN told_test BIGINT NOT NULL DEFAULT 0",
            "CREATE INDEX alarm_untold_test ON alarm(id) WHERE is_test <> told_test",
        ],
    ]

    // MARK: What differs

    static let sqlite =
        tables.map { $0.replacing("BYTES", with: "BLOB") }
        + records.flatMap { table in
            ["UPDATE", "DELETE"].map { verb in
                """
                CREATE TRIGGER \(table)_never_\(verb.lowercased()) BEFORE \(verb) ON \(table)
                BEGIN SELECT RAISE(ABORT, '\(table) is a record: append a correcting entry'); END
                """
            }
        } + first

    static let postgres =
        tables.map { $0.replacing("BYTES", with: "BYTEA").replacing(" WITHOUT ROWID", with: "") }
        + [
            """
            CREATE FUNCTION watchpost_record_stands() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '% is a record: append a correcting entry', TG_TABLE_NAME; END $$
            """
        ]
        + records.flatMap { table in
            [
                """
                CREATE TRIGGER \(table)_never_changed BEFORE UPDATE OR DELETE ON \(table)
                FOR EACH ROW EXECUTE FUNCTION watchpost_record_stands()
                """,
                """
                CREATE TRIGGER \(table)_never_emptied BEFORE TRUNCATE ON \(table)
                FOR EACH STATEMENT EXECUTE FUNCTION watchpost_record_stands()
                """,
            ]
        } + first
}
