// SPDX-License-Identifier: Apache-2.0
// The handshake of DTLS-SRTP (RFC 5764) of OpenSSL on plain datagrams: whoever has the socket brings what
// came and sends what is to go. This process's certificate is made once, signs itself, and lives in memory
// alone. One thread at a time per handshake.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct wp_dtls wp_dtls;

enum {
    WP_DTLS_HASH_BYTES = 32,
    /// Master key and salt of AES_CM_128_HMAC_SHA1_80.
    WP_DTLS_KEY_BYTES = 30,
    WP_DTLS_DATAGRAM_BYTES = 1200,
};

/// SHA-256 of this process's certificate; 0, or -1 when none could be made.
int wp_dtls_fingerprint(uint8_t *hash);

/// peer: SHA-256 of the certificate that the other side has to show. NULL: memory is short.
wp_dtls *wp_dtls_new(int is_client, const uint8_t *peer);
void wp_dtls_free(wp_dtls *handshake);

/// One datagram that came; count 0: the beginning, or time that has passed. 1: done, keys are there; 0: goes
/// on; -1: it failed, or the other side has another certificate.
int wp_dtls_turn(wp_dtls *handshake, const uint8_t *datagram, size_t count);
/// The next datagram to be sent, of at most WP_DTLS_DATAGRAM_BYTES; its length, 0: none.
size_t wp_dtls_next(wp_dtls *handshake, uint8_t *into);
/// When time has to be told of it again, in milliseconds from now; -1: not.
int wp_dtls_wait_ms(wp_dtls *handshake);
/// After 1: what we protect with, and what the other side does. 0, or -1.
int wp_dtls_keys(wp_dtls *handshake, uint8_t *ours, uint8_t *theirs);
