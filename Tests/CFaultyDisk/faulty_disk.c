// SPDX-License-Identifier: Apache-2.0
#include "faulty_disk.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

typedef struct { char prefix[256]; int operation, after, times, code, failed; } order;
typedef struct { sqlite3_file base; char path[512]; } wrapped;

static order orders[64];
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static sqlite3_vfs faulty;
static sqlite3_vfs *real;

static sqlite3_file *inner(sqlite3_file *f) { return (sqlite3_file *)((wrapped *)f + 1); }
#define INNER(f) inner(f)->pMethods

static int refused(sqlite3_file *f, int operation) {
    int code = SQLITE_OK;
    pthread_mutex_lock(&gate);
    for (int i = 0; i < 64; i++) {
        order *o = &orders[i];
        if (!o->prefix[0] || o->operation != operation) continue;
        if (strncmp(((wrapped *)f)->path, o->prefix, strlen(o->prefix)) != 0) continue;
        if (o->after > 0) { o->after--; continue; }
        if (o->times == 0) continue;
        if (o->times > 0) o->times--;
        o->failed++;
        code = o->code;
    }
    pthread_mutex_unlock(&gate);
    return code;
}

static int f_close(sqlite3_file *f) { return INNER(f)->xClose(inner(f)); }
static int f_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at) {
    int code = refused(f, FAULTY_READ);
    return code ? code : INNER(f)->xRead(inner(f), to, n, at);
}
static int f_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at) {
    int code = refused(f, FAULTY_WRITE);
    return code ? code : INNER(f)->xWrite(inner(f), from, n, at);
}
static int f_truncate(sqlite3_file *f, sqlite3_int64 n) { return INNER(f)->xTruncate(inner(f), n); }
static int f_sync(sqlite3_file *f, int flags) {
    int code = refused(f, FAULTY_SYNC);
    return code ? code : INNER(f)->xSync(inner(f), flags);
}
static int f_size(sqlite3_file *f, sqlite3_int64 *n) { return INNER(f)->xFileSize(inner(f), n); }
static int f_lock(sqlite3_file *f, int l) { return INNER(f)->xLock(inner(f), l); }
static int f_unlock(sqlite3_file *f, int l) { return INNER(f)->xUnlock(inner(f), l); }
static int f_reserved(sqlite3_file *f, int *r) { return INNER(f)->xCheckReservedLock(inner(f), r); }
static int f_control(sqlite3_file *f, int op, void *a) { return INNER(f)->xFileControl(inner(f), op, a); }
static int f_sector(sqlite3_file *f) { return INNER(f)->xSectorSize(inner(f)); }
static int f_traits(sqlite3_file *f) { return INNER(f)->xDeviceCharacteristics(inner(f)); }
static int f_shm_map(sqlite3_file *f, int p, int n, int e, void volatile **to) {
    return INNER(f)->xShmMap(inner(f), p, n, e, to);
}
static int f_shm_lock(sqlite3_file *f, int o, int n, int l) { return INNER(f)->xShmLock(inner(f), o, n, l); }
static void f_shm_barrier(sqlite3_file *f) { INNER(f)->xShmBarrier(inner(f)); }
static int f_shm_unmap(sqlite3_file *f, int d) { return INNER(f)->xShmUnmap(inner(f), d); }

static const sqlite3_io_methods methods = {
    2, f_close, f_read, f_write, f_truncate, f_sync, f_size, f_lock, f_unlock, f_reserved, f_control,
    f_sector, f_traits, f_shm_map, f_shm_lock, f_shm_barrier, f_shm_unmap, 0, 0
};

static int v_open(sqlite3_vfs *v, const char *path, sqlite3_file *f, int flags, int *out) {
    (void)v;
    snprintf(((wrapped *)f)->path, sizeof ((wrapped *)f)->path, "%s", path ? path : "");
    memset(inner(f), 0, (size_t)real->szOsFile);
    int code = real->xOpen(real, path, inner(f), flags, out);
    f->pMethods = inner(f)->pMethods ? &methods : 0;
    return code;
}

void faulty_disk_install(void) {
    pthread_mutex_lock(&gate);
    if (!real) {
        sqlite3_initialize();
        real = sqlite3_vfs_find(0);
        faulty = *real;
        faulty.zName = "faulty-disk";
        faulty.pNext = 0;
        faulty.szOsFile = (int)sizeof(wrapped) + real->szOsFile;
        faulty.xOpen = v_open;
        sqlite3_vfs_register(&faulty, 1);
    }
    pthread_mutex_unlock(&gate);
}

void faulty_disk_order(const char *prefix, int operation, int after, int times, int code) {
    faulty_disk_clear(prefix);
    pthread_mutex_lock(&gate);
    for (int i = 0; i < 64; i++) {
        if (orders[i].prefix[0]) continue;
        orders[i] = (order){ .operation = operation, .after = after, .times = times, .code = code };
        snprintf(orders[i].prefix, sizeof orders[i].prefix, "%s", prefix);
        break;
    }
    pthread_mutex_unlock(&gate);
}

int faulty_disk_clear(const char *prefix) {
    int failed = 0;
    pthread_mutex_lock(&gate);
    for (int i = 0; i < 64; i++) {
        if (strcmp(orders[i].prefix, prefix) != 0) continue;
        failed = orders[i].failed;
        orders[i].prefix[0] = 0;
    }
    pthread_mutex_unlock(&gate);
    return failed;
}
