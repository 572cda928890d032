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

/// Binds and runs an INSERT of one text, `count` numbers and four byte strings, in this order, with the
/// numbers from `split` on after the byte strings; the statement is ready to run again.
/// Nothing is copied. SQLITE_DONE, or what went wrong.
static inline int wp_sqlite_insert(
    sqlite3_stmt *statement, const char *text, const int64_t *numbers, int count, int split,
    const uint8_t *a, int a_count, const uint8_t *b, int b_count, const uint8_t *c, int c_count,
    const uint8_t *d, int d_count) {
    const uint8_t *bytes[] = { a, b, c, d };
    const int counts[] = { a_count, b_count, c_count, d_count };
    int at = 1;
    int code = sqlite3_bind_text(statement, at++, text, -1, SQLITE_STATIC);
    for (int i = 0; i < split && code == SQLITE_OK; i++)
        code = sqlite3_bind_int64(statement, at++, numbers[i]);
    for (int i = 0; i < 4 && code == SQLITE_OK; i++, at++)
        code = counts[i] ? sqlite3_bind_blob(statement, at, bytes[i], counts[i], SQLITE_STATIC)
                         : sqlite3_bind_zeroblob(statement, at, 0);
    for (int i = split; i < count && code == SQLITE_OK; i++)
        code = sqlite3_bind_int64(statement, at++, numbers[i]);
    if (code == SQLITE_OK) code = sqlite3_step(statement);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return code;
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
