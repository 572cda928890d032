// SPDX-License-Identifier: Apache-2.0
// What both libraries share: the scan for a label and the joint descriptor. The rest: cgpiod_1.c, cgpiod_2.c.
#define _GNU_SOURCE
#include "cgpiod_inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <time.h>

static bool is_chip_name(const char *name) {
    if (strncmp(name, "gpiochip", 8) != 0) return false;
    // Some boards keep links under old numbers; a chip seen twice would look like two with one label.
    char path[300];
    struct stat status;
    snprintf(path, sizeof path, "/dev/%s", name);
    return lstat(path, &status) == 0 && S_ISCHR(status.st_mode);
}

wp_gpio_chip *wp_gpio_chip_open(const char *label, char *labels, size_t size, int *error) {
    wp_gpio_chip *found = NULL;
    *error = ENODEV;
    if (size > 0) labels[0] = 0;
    DIR *dev = opendir("/dev");
    if (!dev) { *error = errno; return NULL; }
    struct dirent *entry;
    while ((entry = readdir(dev))) {
        if (!is_chip_name(entry->d_name)) continue;
        char path[300], name[64] = "";
        snprintf(path, sizeof path, "/dev/%s", entry->d_name);
        wp_gpio_chip *chip = gpiod_chip_open(path);
        if (!chip) {
            if (errno == EACCES || errno == EPERM) *error = EACCES;
            continue;
        }
        wp_inside_label(chip, name, sizeof name);
        size_t used = strlen(labels);
        if (used + 3 < size) snprintf(labels + used, size - used, used ? ", %s" : "%s", name);
        if (strcmp(name, label) != 0) {
            gpiod_chip_close(chip);
        } else if (found) {
            gpiod_chip_close(chip);
            *error = ENOTUNIQ;
        } else {
            found = chip;
        }
    }
    closedir(dev);
    if (found && *error == ENOTUNIQ) {
        gpiod_chip_close(found);
        return NULL;
    }
    return found;
}

void wp_gpio_chip_close(wp_gpio_chip *chip) { gpiod_chip_close(chip); }

int wp_gpio_offset(const char *name) {
    int offset = 0, digits = 0;
    if (*name++ != '#') return -1;
    for (; *name >= '0' && *name <= '9' && digits < 4; name++, digits++) offset = offset * 10 + (*name - '0');
    return digits > 0 && *name == 0 ? offset : -1;
}

int wp_inside_unblock(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

static uint64_t now_ns(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t wp_inside_uptime(uint64_t stamp) {
    uint64_t now = now_ns(CLOCK_MONOTONIC);
    if (stamp <= now) return stamp;
    uint64_t wall = now_ns(CLOCK_REALTIME);
    uint64_t age = stamp < wall ? wall - stamp : 0;
    return age < now ? now - age : now;
}

int wp_gpio_join(void) {
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int wp_gpio_join_add(int join, int fd, uint32_t number) {
    struct epoll_event wish = { .events = EPOLLIN, .data.u32 = number };
    return epoll_ctl(join, EPOLL_CTL_ADD, fd, &wish) < 0 ? -errno : 0;
}

int wp_gpio_join_ready(int join, uint32_t *numbers, size_t max) {
    struct epoll_event ready[64];
    int count = epoll_wait(join, ready, max < 64 ? (int)max : 64, 0);
    for (int i = 0; i < count; i++) numbers[i] = ready[i].data.u32;
    return count < 0 ? (errno == EINTR ? 0 : -errno) : count;
}
