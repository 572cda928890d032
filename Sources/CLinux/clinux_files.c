// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux_files.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

int wp_is_memory(const char *path) {
    struct statfs about;
    if (statfs(path, &about) != 0) return -errno;
    // TMPFS_MAGIC and RAMFS_MAGIC of the kernel.
    return (uint32_t)about.f_type == 0x01021994u || (uint32_t)about.f_type == 0x858458f6u;
}

int wp_lock_file(const char *path, int64_t *owner, char *name, size_t name_size) {
    *owner = 0;
    if (name_size) name[0] = 0;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) return -1;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        char line[64];
        int length = snprintf(line, sizeof line, "%d %.30s\n", (int)getpid(), program_invocation_short_name);
        // The text only names the holder to others; the lock does not depend on it (a full disk, say).
        if (ftruncate(fd, 0) == 0 && pwrite(fd, line, (size_t)length, 0) < 0) errno = 0;
        return fd;
    }
    int why = errno;
    char line[64] = { 0 };
    ssize_t got = pread(fd, line, sizeof line - 1, 0);
    if (got > 0) {
        char *rest = line;
        *owner = strtoll(line, &rest, 10);
        while (*rest == ' ') rest++;
        rest[strcspn(rest, "\n")] = 0;
        snprintf(name, name_size, "%s", rest);
    }
    close(fd);
    errno = why;
    return -1;
}

int wp_reserve_file(const char *path, int64_t bytes) {
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) return errno;
    int why = posix_fallocate(fd, 0, bytes);
    if (why == 0 && fsync(fd) < 0) why = errno;
    close(fd);
    if (why != 0) unlink(path);
    return why;
}

int wp_sync_directory_of(const char *path) {
    char directory[4096];
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    if (length >= sizeof directory) return ENAMETOOLONG;
    if (!slash) strcpy(directory, ".");
    else if (length == 0) strcpy(directory, "/");
    else { memcpy(directory, path, length); directory[length] = 0; }
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return errno;
    int why = fsync(fd) < 0 ? errno : 0;
    close(fd);
    return why;
}

void wp_boot_id(uint8_t *into) {
    memset(into, 0, 16);
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    char text[64];
    ssize_t got = read(fd, text, sizeof text);
    close(fd);
    int digits = 0;
    for (ssize_t i = 0; i < got && digits < 32; i++) {
        char c = text[i];
        int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (value < 0) continue;
        into[digits / 2] |= (uint8_t)(digits % 2 ? value : value << 4);
        digits++;
    }
}


int wp_write_file(const char *path, const uint8_t *bytes, size_t count) {
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) return errno;
    ssize_t written = pwrite(fd, bytes, count, 0);
    int why = written < 0 ? errno : (size_t)written < count ? ENOSPC : 0;
    close(fd);
    return why;
}

int64_t wp_read_file(const char *path, uint8_t *into, size_t capacity) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t got = pread(fd, into, capacity, 0);
    int why = errno;
    close(fd);
    errno = why;
    return got;
}

int64_t wp_file_size(const char *path) {
    struct stat about;
    return stat(path, &about) < 0 ? -1 : (int64_t)about.st_size;
}

int64_t wp_free_bytes(const char *path) {
    struct statvfs about;
    return statvfs(path, &about) < 0 ? -1 : (int64_t)about.f_bavail * (int64_t)about.f_frsize;
}

int wp_set_aside(int fd, int64_t offset, int64_t bytes) {
    return fallocate(fd, FALLOC_FL_KEEP_SIZE, offset, bytes) < 0 ? errno : 0;
}
