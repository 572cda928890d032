// SPDX-License-Identifier: Apache-2.0
#include "ceventrows.h"

#include <string.h>

static const char mark[] = "wp_event_rows";

/// What `wp_event_rows_insert` was given; it lives as long as that call.
typedef struct {
    const char *origin;
    int origin_length;
    const int64_t *numbers;
    const int32_t *lengths;
    const uint8_t *bytes;
    int64_t count;
} rows;

/// The row that is read.
typedef struct {
    sqlite3_vtab_cursor base;
    const rows *rows;
    int64_t row;
    const uint8_t *strings[WP_EVENT_STRINGS];
} cursor;

enum { column_origin = 0, column_subject = 10, column_hash = 13, column_received = 14, column_rows = 15 };

static int row_connect(
    sqlite3 *database, void *aux, int count, const char *const *words, sqlite3_vtab **made, char **error) {
    (void)aux, (void)count, (void)words, (void)error;
    int code = sqlite3_declare_vtab(
        database,
        "CREATE TABLE x(origin, stream, sequence, run, run_sequence, uptime_ns, wall_ms, uncertainty_ms,"
        " kind, standing, subject, payload, previous_hash, hash, received_ms, rows HIDDEN)");
    if (code != SQLITE_OK) return code;
    *made = sqlite3_malloc(sizeof **made);
    if (!*made) return SQLITE_NOMEM;
    memset(*made, 0, sizeof **made);
    return SQLITE_OK;
}

static int row_disconnect(sqlite3_vtab *table) {
    sqlite3_free(table);
    return SQLITE_OK;
}

/// There is nothing to read without the rows.
static int row_plan(sqlite3_vtab *table, sqlite3_index_info *plan) {
    (void)table;
    for (int i = 0; i < plan->nConstraint; i++) {
        if (plan->aConstraint[i].iColumn != column_rows) continue;
        if (plan->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
        if (!plan->aConstraint[i].usable) break;
        plan->aConstraintUsage[i].argvIndex = 1;
        plan->aConstraintUsage[i].omit = 1;
        return SQLITE_OK;
    }
    return SQLITE_CONSTRAINT;
}

static int row_open(sqlite3_vtab *table, sqlite3_vtab_cursor **opened) {
    (void)table;
    cursor *made = sqlite3_malloc(sizeof *made);
    if (!made) return SQLITE_NOMEM;
    memset(made, 0, sizeof *made);
    *opened = &made->base;
    return SQLITE_OK;
}

static int row_close(sqlite3_vtab_cursor *closed) {
    sqlite3_free(closed);
    return SQLITE_OK;
}

/// Where the row's strings begin, the first of them at `at`.
static void place(cursor *at_row, const uint8_t *at) {
    if (at_row->row >= at_row->rows->count) return;
    const int32_t *lengths = at_row->rows->lengths + at_row->row * WP_EVENT_STRINGS;
    for (int i = 0; i < WP_EVENT_STRINGS; i++) {
        at_row->strings[i] = at;
        at += lengths[i];
    }
}

static int row_filter(
    sqlite3_vtab_cursor *asked, int number, const char *text, int count, sqlite3_value **values) {
    (void)number, (void)text;
    cursor *at = (cursor *)asked;
    at->rows = count == 1 ? sqlite3_value_pointer(values[0], mark) : 0;
    if (!at->rows) return SQLITE_ERROR;
    at->row = 0;
    place(at, at->rows->bytes);
    return SQLITE_OK;
}

static int row_next(sqlite3_vtab_cursor *asked) {
    cursor *at = (cursor *)asked;
    const int32_t *lengths = at->rows->lengths + at->row * WP_EVENT_STRINGS;
    const uint8_t *end = at->strings[WP_EVENT_STRINGS - 1] + lengths[WP_EVENT_STRINGS - 1];
    at->row++;
    place(at, end);
    return SQLITE_OK;
}

static int row_eof(sqlite3_vtab_cursor *asked) {
    const cursor *at = (const cursor *)asked;
    return !at->rows || at->row >= at->rows->count;
}

static int row_column(sqlite3_vtab_cursor *asked, sqlite3_context *context, int column) {
    const cursor *at = (const cursor *)asked;
    const int64_t *numbers = at->rows->numbers + at->row * WP_EVENT_NUMBERS;
    if (column == column_origin) {
        sqlite3_result_text(context, at->rows->origin, at->rows->origin_length, SQLITE_STATIC);
    } else if (column < column_subject) {
        sqlite3_result_int64(context, numbers[column - 1]);
    } else if (column <= column_hash) {
        int string = column - column_subject;
        int32_t length = at->rows->lengths[at->row * WP_EVENT_STRINGS + string];
        // No bytes are an empty blob, never NULL.
        if (length == 0) sqlite3_result_zeroblob(context, 0);
        else sqlite3_result_blob(context, at->strings[string], length, SQLITE_STATIC);
    } else if (column == column_received) {
        sqlite3_result_int64(context, numbers[WP_EVENT_NUMBERS - 1]);
    } else {
        sqlite3_result_null(context);
    }
    return SQLITE_OK;
}

static int row_id(sqlite3_vtab_cursor *asked, sqlite3_int64 *id) {
    *id = ((cursor *)asked)->row;
    return SQLITE_OK;
}

int wp_event_rows_register(sqlite3 *database) {
    static const sqlite3_module module = {
        .xConnect = row_connect, .xBestIndex = row_plan, .xDisconnect = row_disconnect, .xOpen = row_open,
        .xClose = row_close, .xFilter = row_filter, .xNext = row_next, .xEof = row_eof, .xColumn = row_column,
        .xRowid = row_id,
    };
    return sqlite3_create_module(database, mark, &module, 0);
}

int wp_event_rows_insert(
    sqlite3_stmt *statement, const char *origin, const int64_t *numbers, const int32_t *lengths,
    const uint8_t *bytes, int64_t count) {
    rows given = { origin, (int)strlen(origin), numbers, lengths, bytes, count };
    int code = sqlite3_bind_pointer(statement, 1, &given, mark, 0);
    if (code == SQLITE_OK) code = sqlite3_step(statement);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return code;
}
