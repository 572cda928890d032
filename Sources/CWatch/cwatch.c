// SPDX-License-Identifier: Apache-2.0
#include "cwatch.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

int wp_watch_directories(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }

int wp_watch_directory(int descriptor, const char *path) {
    return inotify_add_watch(descriptor, path, IN_MODIFY | IN_MOVED_TO) < 0 ? errno : 0;
}

void wp_watch_drain(int descriptor) {
    char told[4096];
    while (read(descriptor, told, sizeof told) > 0) {}
}
