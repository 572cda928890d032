// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "cwatch.h"

#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <unistd.h>

int wp_watch_directories(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }

int wp_watch_directory(int descriptor, const char *path) {
    return inotify_add_watch(descriptor, path, IN_MODIFY | IN_MOVED_TO) < 0 ? errno : 0;
}

void wp_watch_drain(int descriptor) {
    char told[4096];
    while (read(descriptor, told, sizeof told) > 0) {}
}

void wp_heap_small(void) {
    // One heap for a few threads that hand each other what they allocate, and what is free goes back.
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    mallopt(M_TRIM_THRESHOLD, 512 * 1024);
}

static int forget(struct dl_phdr_info *object, size_t size, void *page) {
    (void)size;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        // What cannot be written is as the file has it; all else may have been relocated.
        if (part->p_type != PT_LOAD || part->p_flags & PF_W) continue;
        uintptr_t mask = *(const uintptr_t *)page - 1;
        uintptr_t from = (object->dlpi_addr + part->p_vaddr + mask) & ~mask;
        uintptr_t to = (object->dlpi_addr + part->p_vaddr + part->p_memsz) & ~mask;
        if (to > from) madvise((void *)from, to - from, MADV_DONTNEED);
    }
    return 0;
}

void wp_forget_code(void) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    dl_iterate_phdr(forget, &page);
}
