// SPDX-License-Identifier: Apache-2.0 contact PULL CLOSED OPEN COMMAND …: plays a contact by writing CLOSED
// or OPEN (`pull-up`, `pull-down`) to the file PULL of a simulated line. A program of its own because a shell
// under emulation cannot keep milliseconds. It prints what it really did, measured by the monotonic clock
// around its writes, for the machine may stall between two of them.
//
//   presses COUNT MIN_MS MAX_MS GAP_MS BOUNCE_MS SEED
//       COUNT contacts of random length, each opened and closed at random for up to BOUNCE_MS
//       first and last, GAP_MS apart
//       at least; the steady part is at least MIN_MS. Prints: presses COUNT shortest_us …
//       longest_us … stall_us … doubtful N
//       (stall_us: the longest that one of the machine's processors stood still meanwhile;
//       N: bounces that a stall held open so long that they may rightly be told as a further press)
//   glitches COUNT MAX_US GAP_MS SEED
//       COUNT contacts of at most MAX_US, and as many again as a stall made 5 ms or longer.
//       Prints: glitches COUNT long N
//   edges COUNT GAP_US
//       COUNT edges, starting with a closing one. Prints: edges COUNT
//   for CLOSED_MS
//       one contact. Prints: contact_us …
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int line;
static const char *closed, *open_;
static uint64_t seed = 1;

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void wait_us(int64_t us) {
    struct timespec t = {us / 1000000, us % 1000000 * 1000};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &t, &t) == EINTR) {}
}

static void set(int close) {
    const char *pull = close ? closed : open_;
    if (pwrite(line, pull, strlen(pull), 0) < 0) {
        perror("contact: write");
        exit(1);
    }
}

// xorshift64*: the same seed plays the same contacts.
static int64_t below(int64_t bound) {
    seed ^= seed >> 12, seed ^= seed << 25, seed ^= seed >> 27;
    return bound > 0 ? (int64_t)((seed * 0x2545F4914F6CDD1DULL >> 33) % (uint64_t)bound) : 0;
}

// An opening shorter than this within a press is bounce to everybody; Limits.releaseMinMs is 40 ms.
enum { BOUNCE_MAX_US = 30000, GLITCH_MAX_US = 5000 };

// Returns 1 when an opening within it was too long to be bounce.
static int bounce(int end, int64_t for_us) {
    int64_t until = now_us() + for_us, opened = 0;
    int doubtful = 0, level = end;
    for (;; level = !level) {
        int last = now_us() >= until;
        if (last) level = end;
        if (!level && !opened) opened = now_us();
        set(level);
        if (level && opened) {
            if (now_us() - opened >= BOUNCE_MAX_US) doubtful = 1;
            opened = 0;
        }
        if (last) return doubtful;
        wait_us(200 + below(3000));
    }
}

// The longest that a processor of this machine kept its most urgent sleeper waiting. Under emulation one may
// stand still while the other plays on, and no agent can then read what the kernel has no room to keep.
enum { WATCH_US = 5000 };
static _Atomic int64_t stall_us;

static void *watch(void *cpu) {
    cpu_set_t own;
    CPU_ZERO(&own);
    CPU_SET((long)cpu, &own);
    pthread_setaffinity_np(pthread_self(), sizeof own, &own);
    for (;;) {
        int64_t before = now_us();
        wait_us(WATCH_US);
        int64_t late = now_us() - before - WATCH_US;
        if (late > stall_us) stall_us = late;
    }
    return NULL;
}

static void watch_processors(void) {
    for (long cpu = 0; cpu < sysconf(_SC_NPROCESSORS_ONLN); cpu++) {
        pthread_t thread;
        // Threads inherit the first priority.
        if (pthread_create(&thread, NULL, watch, (void *)cpu)) exit(1);
    }
    wait_us(4 * WATCH_US);
    stall_us = 0;
}

static void presses(long count, long min_ms, long max_ms, long gap_ms, long bounce_ms) {
    int64_t shortest = INT64_MAX, longest = 0;
    long doubtful = 0;
    watch_processors();
    for (long i = 0; i < count; i++) {
        int doubt = bounce(1, below(bounce_ms * 1000));
        int64_t from = now_us();
        wait_us(min_ms * 1000 + below((max_ms - min_ms) * 1000));
        int64_t us = now_us() - from;
        doubtful += bounce(0, below(bounce_ms * 1000)) + doubt;
        wait_us(gap_ms * 1000 + below(gap_ms * 1000));
        if (us < shortest) shortest = us;
        if (us > longest) longest = us;
    }
    printf("presses %ld shortest_us %lld longest_us %lld stall_us %lld doubtful %ld\n", count,
           (long long)shortest, (long long)longest, (long long)stall_us, doubtful);
}

static void glitches(long count, long max_us, long gap_ms) {
    long too_long = 0;
    for (long i = 0; i < count + too_long && too_long <= 2 * count; i++) {
        int64_t from = now_us();
        set(1);
        wait_us(below(max_us));
        set(0);
        if (now_us() - from >= GLITCH_MAX_US) too_long++;
        wait_us(gap_ms * 1000);
    }
    printf("glitches %ld long %ld\n", count, too_long);
}

int main(int argc, char **argv) {
    if (argc < 6) return 2;
    line = open(argv[1], O_WRONLY);
    if (line < 0) {
        perror(argv[1]);
        return 1;
    }
    closed = argv[2], open_ = argv[3];
    // A finger does not wait for a processor.
    struct sched_param first = {.sched_priority = 50};
    sched_setscheduler(0, SCHED_FIFO, &first);
    long n[6] = {0};
    for (int i = 0; i < 6 && i + 5 < argc; i++) n[i] = atol(argv[i + 5]);
    if (!strcmp(argv[4], "presses")) {
        seed = n[5] + 1;
        presses(n[0], n[1], n[2], n[3], n[4]);
    } else if (!strcmp(argv[4], "glitches")) {
        seed = n[3] + 1;
        glitches(n[0], n[1], n[2]);
    } else if (!strcmp(argv[4], "edges")) {
        for (long i = 0; i < n[0]; i++) {
            set(i % 2 == 0);
            wait_us(n[1]);
        }
        printf("edges %ld\n", n[0]);
    } else if (!strcmp(argv[4], "for")) {
        int64_t from = now_us();
        set(1);
        wait_us(n[0] * 1000);
        set(0);
        printf("contact_us %lld\n", (long long)(now_us() - from));
    } else {
        return 2;
    }
    return 0;
}
