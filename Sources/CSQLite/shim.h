// SPDX-License-Identifier: Apache-2.0
// SQLite's C API, and the few calls that Swift cannot make well: casts in macros, varargs, pointers into a
// row.
#pragma once
#include <sqlite3.h>
#include <stdint.h>
#include <string.h>

/// Binds a copy of the bytes; no bytes are an empty blob, never NULL.
static inline int wp_sqlite_bind_bytes(sqlite3_stmt *statement, int index, const uint8_t *bytes, int count) {
    if (count == 0) return sqlite3_bind_zeroblob(statement, index, 0);
    return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/// Binds a copy of the UTF-8 text.
static inline int wp_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text) {
    return sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
}

/// Copies at most capacity bytes of a column (blob or text) and returns how many there were.
static inline int wp_sqlite_column_copy(sqlite3_stmt *statement, int column, uint8_t *into, int capacity) {
    const void *bytes = sqlite3_column_blob(statement, column);
    int count = sqlite3_column_bytes(statement, column);
    int copied = count < capacity ? count : capacity;
    if (bytes && copied > 0) memcpy(into, bytes, (size_t)copied);
    return bytes ? count : 0;
}

/// Switches one SQLITE_DBCONFIG_ option on or off.
static inline int wp_sqlite_configure(sqlite3 *database, int option, int on) {
    return sqlite3_db_config(database, option, on, (int *)0);
}
