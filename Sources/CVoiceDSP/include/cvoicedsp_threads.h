// SPDX-License-Identifier: Apache-2.0
// What the threads of sound ask of the kernel. Nothing here keeps state.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Puts this thread before all ordinary ones (SCHED_RR at its lowest priority), or as far before them as the
/// user may. 0, or the errno of what was not allowed.
int wp_thread_urgent(void);

/// Waits until CLOCK_MONOTONIC shows at_ns.
void wp_wait_until_ns(uint64_t at_ns);

/// Waits until one of the descriptors (the first WP_WAIT_MAX; < 0: none) is readable or CLOCK_MONOTONIC shows
/// at_ns (UINT64_MAX: for ever); 1 readable, 0 the time came.
enum { WP_WAIT_MAX = 66 };
int wp_wait_readable_until_ns(const int *fds, size_t count, uint64_t at_ns);

/// Processor time of this process, all its threads, in nanoseconds.
uint64_t wp_processor_ns(void);

/// Opens a regular file of a folder for reading, never anything outside of it and never through a link. The
/// descriptor, or -errno.
int wp_open_beneath(const char *folder, const char *name);

/// A file of these bytes in memory alone, read from its beginning. The descriptor, or -errno.
int wp_memory_file(const char *name, const uint8_t *bytes, size_t count);
