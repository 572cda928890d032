// SPDX-License-Identifier: Apache-2.0
#define HAVE_INTTYPES_H
#define HAVE_STDBOOL_H
#define HAVE_INET6
#define RELEASE
#include <re/re_types.h>
#include <re/re_fmt.h>
#include <re/re_mbuf.h>
#include <re/re_mem.h>
#include <re/re_srtp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "csrtp.h"

struct wp_srtp {
    struct srtp *srtp;
    struct mbuf *buffer;
};

static const struct {
    enum srtp_suite suite;
    size_t key_bytes;
} suites[] = {
    { SRTP_AES_CM_128_HMAC_SHA1_80, 30 }, { SRTP_AES_CM_128_HMAC_SHA1_32, 30 },
    { SRTP_AES_256_CM_HMAC_SHA1_80, 46 }, { SRTP_AES_128_GCM, 28 },
    { SRTP_AES_256_GCM, 44 },
};

wp_srtp *wp_srtp_new(int suite, const uint8_t *key, size_t count) {
    if (suite < 0 || (size_t)suite >= sizeof suites / sizeof *suites) return NULL;
    if (count != suites[suite].key_bytes) return NULL;
    wp_srtp *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->buffer = mbuf_alloc(WP_SRTP_PACKET_BYTES + WP_SRTP_ADDED_BYTES);
    if (made->buffer && srtp_alloc(&made->srtp, suites[suite].suite, key, count, 0) == 0) return made;
    wp_srtp_free(made);
    return NULL;
}

void wp_srtp_free(wp_srtp *srtp) {
    if (!srtp) return;
    mem_deref(srtp->srtp);
    mem_deref(srtp->buffer);
    free(srtp);
}

static void fill(struct mbuf *buffer, const uint8_t *packet, size_t count) {
    memcpy(buffer->buf, packet, count);
    buffer->pos = 0;
    buffer->end = count;
}

int wp_srtp_protect(wp_srtp *srtp, uint8_t *packet, size_t count, size_t capacity, int is_rtcp) {
    if (count > WP_SRTP_PACKET_BYTES) return -EMSGSIZE;
    fill(srtp->buffer, packet, count);
    int failed = is_rtcp ? srtcp_encrypt(srtp->srtp, srtp->buffer) : srtp_encrypt(srtp->srtp, srtp->buffer);
    if (failed) return -failed;
    if (srtp->buffer->end > capacity) return -EMSGSIZE;
    memcpy(packet, srtp->buffer->buf, srtp->buffer->end);
    return (int)srtp->buffer->end;
}

int wp_srtp_open(wp_srtp *srtp, uint8_t *packet, size_t count, int is_rtcp) {
    if (count > WP_SRTP_PACKET_BYTES) return -EMSGSIZE;
    fill(srtp->buffer, packet, count);
    int failed = is_rtcp ? srtcp_decrypt(srtp->srtp, srtp->buffer) : srtp_decrypt(srtp->srtp, srtp->buffer);
    if (failed) return -failed;
    memcpy(packet, srtp->buffer->buf, srtp->buffer->end);
    return (int)srtp->buffer->end;
}
