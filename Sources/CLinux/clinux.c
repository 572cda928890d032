// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
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

void wp_thread_name(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
