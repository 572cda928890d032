// SPDX-License-Identifier: Apache-2.0 Preloaded into the agent as a negative control: whatever durability it
// asks SQLite for, it gets synchronous=NORMAL. A power-cut test that this does not fail proves nothing. Says
// so on standard error when it has done it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A copy of the SQL with the value of each `synchronous =` replaced; NULL when there is none.
static char *weakened(const char *sql, int length) {
    size_t size = length < 0 ? strlen(sql) : strnlen(sql, (size_t)length);
    char *text = strndup(sql, size), *at = text, *found;
    if (!text) abort();
    int changed = 0;
    while ((found = strcasestr(at, "synchronous"))) {
        char *value = found + strlen("synchronous");
        value += strspn(value, " \t\n=");
        size_t word = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
        if (word == 0 || !memchr(found, '=', (size_t)(value - found))) {
            at = value;
            continue;
        }
        // NORMAL is 1: never longer than what it replaces.
        value[0] = '1';
        memset(value + 1, ' ', word - 1);
        at = value + word;
        changed = 1;
    }
    if (changed) {
        fprintf(stderr, "control: synchronous=NORMAL\n");
        return text;
    }
    free(text);
    return NULL;
}

#define NEXT(name) __typeof__(name) *next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

int sqlite3_exec(void *db, const char *sql, void *callback, void *context, void *message) {
    NEXT(sqlite3_exec);
    char *text = weakened(sql, -1);
    int code = next(db, text ? text : sql, callback, context, message);
    free(text);
    return code;
}

int sqlite3_prepare_v2(void *db, const char *sql, int length, void *statement, const char **tail) {
    NEXT(sqlite3_prepare_v2);
    char *text = weakened(sql, length);
    const char *end = NULL;
    int code = next(db, text ? text : sql, text ? -1 : length, statement, &end);
    if (tail) *tail = text && end ? sql + (end - text) : end;
    free(text);
    return code;
}

int sqlite3_prepare_v3(
    void *db, const char *sql, int length, unsigned flags, void *statement, const char **tail) {
    NEXT(sqlite3_prepare_v3);
    char *text = weakened(sql, length);
    const char *end = NULL;
    int code = next(db, text ? text : sql, text ? -1 : length, flags, statement, &end);
    if (tail) *tail = text && end ? sql + (end - text) : end;
    free(text);
    return code;
}
