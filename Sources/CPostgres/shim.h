// SPDX-License-Identifier: Apache-2.0
#ifndef WATCHPOST_CPOSTGRES_H
#define WATCHPOST_CPOSTGRES_H

#include <libpq-fe.h>
#include <stdint.h>
#include <string.h>

// libpq wants arrays of pointers; Swift hands one flat buffer with offsets. Bounded, so that nothing is
// allocated.
#define WP_PG_VALUES_MAX 64

// Runs one statement with binary parameters and a binary result. An offset of -1 is NULL. Returns NULL when
// there are too many values.
static inline PGresult *wp_pg_run(
    PGconn *connection, const char *sql, int count, const uint32_t *types, const uint8_t *flat,
    const int32_t *offsets, const int32_t *lengths)
{
    const char *values[WP_PG_VALUES_MAX];
    int formats[WP_PG_VALUES_MAX];
    Oid oids[WP_PG_VALUES_MAX];
    if (count > WP_PG_VALUES_MAX)
        return NULL;
    for (int i = 0; i < count; i++) {
        values[i] = offsets[i] < 0 ? NULL : (const char *)flat + offsets[i];
        formats[i] = 1;
        oids[i] = types[i];
    }
    return PQexecParams(connection, sql, count, oids, values, lengths, formats, 1);
}

// Copies a value into a buffer of PQgetlength bytes.
static inline void wp_pg_value(const PGresult *result, int row, int column, uint8_t *into)
{
    memcpy(into, PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column));
}

static inline int wp_pg_copy(PGconn *connection, const uint8_t *bytes, int count)
{
    return PQputCopyData(connection, (const char *)bytes, count);
}

#endif
