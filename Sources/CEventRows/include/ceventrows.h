// SPDX-License-Identifier: Apache-2.0
// Many rows for one INSERT of SQLite: `INSERT INTO event SELECT * FROM wp_event_rows(?)`. Row by row, half of
// the time would go into binding values and into beginning and ending the statement.
#pragma once
#include <sqlite3.h>
#include <stdint.h>

/// Numbers and byte strings of one row.
#define WP_EVENT_NUMBERS 10
#define WP_EVENT_STRINGS 4

/// Makes the table-valued function known to a connection. An SQLite result code.
int wp_event_rows_register(sqlite3 *database);

/// Runs the prepared INSERT with `count` rows of one origin: in `numbers` the columns stream, sequence, run,
/// run_sequence, uptime_ns, wall_ms, uncertainty_ms, kind, standing and received_ms of each; in `lengths`
/// those of subject, payload, previous_hash and hash, which follow each other in `bytes`. The statement is
/// ready to run again. SQLITE_DONE, or what went wrong.
int wp_event_rows_insert(
    sqlite3_stmt *statement, const char *origin, const int64_t *numbers, const int32_t *lengths,
    const uint8_t *bytes, int64_t count);
