// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux.h"

#include <errno.h>
#include <link.h>
#include <stddef.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int wp_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void wp_eventfd_wake(int fd) {
    uint64_t one = 1;
    ssize_t written;
    do { written = write(fd, &one, sizeof one); } while (written < 0 && errno == EINTR);
}

void wp_eventfd_drain(int fd) {
    uint64_t count;
    ssize_t got;
    do { got = read(fd, &count, sizeof count); } while (got < 0 && errno == EINTR);
}

uint64_t wp_uptime_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int64_t wp_wall_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t ns_of(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t wp_wall_less_uptime_ns(void) {
    int64_t best = INT64_MAX, less = 0;
    for (int turn = 0; turn < 8; turn++) {
        int64_t before = ns_of(CLOCK_MONOTONIC), wall = ns_of(CLOCK_REALTIME), after = ns_of(CLOCK_MONOTONIC);
        // The closest pair of readings is the one that nobody interrupted.
        if (after - before >= best) continue;
        best = after - before;
        less = wall - (before + best / 2);
    }
    return less;
}

int wp_clock_set_fd(void) {
    int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (fd >= 0) wp_clock_set_drain(fd);
    return fd;
}

void wp_clock_set_drain(int fd) {
    // ECANCELED is what is waited for; armed again, for a time that never comes.
    uint64_t count;
    if (read(fd, &count, sizeof count) < 0) count = 0;
    struct itimerspec never = { .it_value = { .tv_sec = 9000000000 } };
    timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

int wp_poll(const int *fds, short *revents, size_t count, int64_t timeout_ns) {
    struct pollfd set[64];
    if (count > 64) { errno = EINVAL; return -1; }
    for (size_t i = 0; i < count; i++) set[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
    struct timespec t = { .tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000 };
    int ready = ppoll(set, count, timeout_ns < 0 ? NULL : &t, NULL);
    for (size_t i = 0; i < count; i++) revents[i] = ready > 0 ? set[i].revents : 0;
    return ready;
}

void wp_timer_slack_ns(unsigned long ns) { prctl(PR_SET_TIMERSLACK, ns, 0, 0, 0); }

int wp_stop_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) return -1;
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int wp_notify(const char *socket_path, const char *text) {
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    size_t length = strlen(socket_path);
    if (length == 0 || length >= sizeof to.sun_path) { errno = EINVAL; return -1; }
    memcpy(to.sun_path, socket_path, length);
    if (to.sun_path[0] == '@') to.sun_path[0] = 0;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    ssize_t sent = sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&to, size);
    close(fd);
    return sent < 0 ? -1 : 0;
}

uint32_t wp_wall_uncertainty_ms(void) {
    struct timex t = { 0 };
    if (adjtimex(&t) == TIME_ERROR || (t.status & STA_UNSYNC)) return UINT32_MAX;
    return (uint32_t)(t.maxerror / 1000);
}

uint64_t wp_resident_bytes(void) {
    FILE *f = fopen("/proc/self/statm", "re");
    if (!f) return 0;
    unsigned long size = 0, resident = 0;
    int got = fscanf(f, "%lu %lu", &size, &resident);
    fclose(f);
    return got == 2 ? (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

int64_t wp_user_id(const char *name) {
    struct passwd entry, *found = NULL;
    char buffer[4096];
    if (getpwnam_r(name, &entry, buffer, sizeof buffer, &found) != 0 || !found) return -1;
    return (int64_t)found->pw_uid;
}

void wp_thread_name(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

static int give_back(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size;
    (void)unused;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || (part->p_flags & PF_W)) continue;
        uintptr_t begin = (object->dlpi_addr + part->p_vaddr) / page * page;
        uintptr_t end = object->dlpi_addr + part->p_vaddr + part->p_memsz;
        madvise((void *)begin, end - begin, MADV_DONTNEED);
    }
    return 0;
}

void wp_give_back_startup_pages(void) { dl_iterate_phdr(give_back, NULL); }
