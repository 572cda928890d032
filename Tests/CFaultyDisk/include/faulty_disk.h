// SPDX-License-Identifier: Apache-2.0
// A disk that fails when told to: a SQLite VFS around the default one, for tests only.
#pragma once
#include <stdint.h>

enum { FAULTY_WRITE = 1, FAULTY_SYNC = 2, FAULTY_READ = 3 };

/// Makes it the process's default VFS; once.
void faulty_disk_install(void);

/// From its after-th operation on (0: the next), `times` operations (-1: all) on files whose path begins with
/// prefix answer the SQLite result code. One order for each prefix; a new one replaces it.
void faulty_disk_order(const char *prefix, int operation, int after, int times, int code);

/// Forgets the order for prefix; how many operations had failed.
int faulty_disk_clear(const char *prefix);
