// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "cvoicedsp_threads.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { NICE_OF_SOUND = -11 };

int wp_thread_urgent(void) {
    struct sched_param first = { .sched_priority = 1 };
    if (sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &first) == 0) return 0;
    int denied = errno;
    return setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE_OF_SOUND) == 0 ? 0 : denied;
}

static struct timespec time_of(uint64_t ns) {
    return (struct timespec){ .tv_sec = (time_t)(ns / 1000000000u), .tv_nsec = (long)(ns % 1000000000u) };
}

void wp_wait_until_ns(uint64_t at_ns) {
    struct timespec at = time_of(at_ns);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR) {}
}

int wp_wait_readable_until_ns(const int *fds, size_t count, uint64_t at_ns) {
    struct pollfd looks[WP_WAIT_MAX];
    if (count > WP_WAIT_MAX) count = WP_WAIT_MAX;
    for (size_t i = 0; i < count; i++) looks[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
    if (at_ns == UINT64_MAX) return ppoll(looks, count, NULL, NULL) > 0;
    struct timespec shown;
    clock_gettime(CLOCK_MONOTONIC, &shown);
    uint64_t now = (uint64_t)shown.tv_sec * 1000000000u + (uint64_t)shown.tv_nsec;
    struct timespec left = time_of(at_ns > now ? at_ns - now : 0);
    return ppoll(looks, count, &left, NULL) > 0;
}

uint64_t wp_processor_ns(void) {
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (uint64_t)used.tv_sec * 1000000000u + (uint64_t)used.tv_nsec;
}

int wp_open_beneath(const char *folder, const char *name) {
    int directory = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return -errno;
    struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW,
                            .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };
    int fd = (int)syscall(SYS_openat2, directory, name, &how, sizeof how);
    int failed = errno;
    close(directory);
    if (fd < 0) return -failed;
    struct stat file;
    if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) {
        close(fd);
        return -EINVAL;
    }
    return fd;
}

int wp_memory_file(const char *name, const uint8_t *bytes, size_t count) {
    int fd = memfd_create(name, MFD_CLOEXEC);
    if (fd < 0) return -errno;
    if (write(fd, bytes, count) == (ssize_t)count && lseek(fd, 0, SEEK_SET) == 0) return fd;
    int failed = errno;
    close(fd);
    return -failed;
}
