// SPDX-License-Identifier: Apache-2.0
// Files and threads as the journal needs them. Nothing here keeps state.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Opens (making it when missing) and locks a side file for this process; the lock ends with the descriptor
/// or the process. Returns the descriptor, or -1 and errno: EWOULDBLOCK when another holds it, then *owner is
/// its pid (0: unknown) and name its program.
int wp_lock_file(const char *path, int64_t *owner, char *name, size_t name_size);

/// Makes the file this long with real blocks. 0, or an errno; on failure no file is left.
int wp_reserve_file(const char *path, int64_t bytes);

/// Makes renames and new files in the directory of path durable. 0, or an errno.
int wp_sync_directory_of(const char *path);

/// This boot's id, 16 bytes; all zero where the kernel does not tell.
void wp_boot_id(uint8_t *into);


/// Writes these bytes over the beginning of a file (making it when missing); not flushed. 0, or an errno.
int wp_write_file(const char *path, const uint8_t *bytes, size_t count);

/// Reads at most capacity bytes from the beginning of a file; how many, or -1 and errno.
int64_t wp_read_file(const char *path, uint8_t *into, size_t capacity);

/// Length of a file; -1 when there is none.
int64_t wp_file_size(const char *path);

/// 1 when the directory's files are kept in memory (tmpfs, ramfs), 0 when on a medium; a negative errno when
/// the kernel does not tell.
int wp_is_memory(const char *path);

/// Bytes that this process may still write on the file system that holds path; -1 and errno.
int64_t wp_free_bytes(const char *path);

/// Sets blocks of a file aside behind its end, which stays where it is. 0, or an errno: it is only a help.
int wp_set_aside(int fd, int64_t offset, int64_t bytes);
