// SPDX-License-Identifier: Apache-2.0
#include "cg722.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

enum { BITS_PER_SECOND = 64000, NO_OPTIONS = 0 };

static struct {
    void *(*new_encoder)(void *, int, int), *(*new_decoder)(void *, int, int);
    int (*free_encoder)(void *), (*free_decoder)(void *);
    int (*encode)(void *, uint8_t *, const int16_t *, int);
    int (*decode)(void *, int16_t *, const uint8_t *, int);
    int is_there;
} library;
static pthread_once_t once = PTHREAD_ONCE_INIT;

struct wp_g722 {
    void *encoder, *decoder;
};

static void open_library(void) {
    void *handle = dlopen("libspandsp.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!handle) handle = dlopen("libspandsp.so.3", RTLD_NOW | RTLD_LOCAL);
    if (!handle) return;
    *(void **)&library.new_encoder = dlsym(handle, "g722_encode_init");
    *(void **)&library.new_decoder = dlsym(handle, "g722_decode_init");
    *(void **)&library.free_encoder = dlsym(handle, "g722_encode_free");
    *(void **)&library.free_decoder = dlsym(handle, "g722_decode_free");
    *(void **)&library.encode = dlsym(handle, "g722_encode");
    *(void **)&library.decode = dlsym(handle, "g722_decode");
    library.is_there = library.new_encoder && library.new_decoder && library.free_encoder
        && library.free_decoder && library.encode && library.decode;
}

int wp_g722_is_there(void) {
    pthread_once(&once, open_library);
    return library.is_there;
}

wp_g722 *wp_g722_new(void) {
    if (!wp_g722_is_there()) return NULL;
    wp_g722 *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->encoder = library.new_encoder(NULL, BITS_PER_SECOND, NO_OPTIONS);
    made->decoder = library.new_decoder(NULL, BITS_PER_SECOND, NO_OPTIONS);
    if (made->encoder && made->decoder) return made;
    wp_g722_free(made);
    return NULL;
}

void wp_g722_free(wp_g722 *codec) {
    if (!codec) return;
    if (codec->encoder) library.free_encoder(codec->encoder);
    if (codec->decoder) library.free_decoder(codec->decoder);
    free(codec);
}

int wp_g722_encode(wp_g722 *codec, const int16_t *samples, int count, uint8_t *bytes) {
    return library.encode(codec->encoder, bytes, samples, count);
}

int wp_g722_decode(wp_g722 *codec, const uint8_t *bytes, int count, int16_t *samples) {
    return library.decode(codec->decoder, samples, bytes, count);
}
