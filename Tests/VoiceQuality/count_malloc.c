// SPDX-License-Identifier: Apache-2.0
// Counts what a program allocates: LD_PRELOAD it; `watchpost-sound --bench allocations` asks for the count.
// cc -O2 -shared -fPIC -o count_malloc.so count_malloc.c -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>

static _Atomic unsigned long count;

unsigned long wp_malloc_count(void) { return atomic_load(&count); }

void *malloc(size_t size) {
    static void *(*next)(size_t);
    if (!next) next = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
    atomic_fetch_add(&count, 1);
    return next(size);
}

void *realloc(void *was, size_t size) {
    static void *(*next)(void *, size_t);
    if (!next) next = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
    atomic_fetch_add(&count, 1);
    return next(was, size);
}

int posix_memalign(void **made, size_t alignment, size_t size) {
    static int (*next)(void **, size_t, size_t);
    if (!next) next = (int (*)(void **, size_t, size_t))dlsym(RTLD_NEXT, "posix_memalign");
    atomic_fetch_add(&count, 1);
    return next(made, alignment, size);
}
