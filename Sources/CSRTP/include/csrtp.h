// SPDX-License-Identifier: Apache-2.0
// SRTP of libre on plain bytes: one context per direction, its buffer made once, nothing allocated per
// packet.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct wp_srtp wp_srtp;

/// Bytes that protection may add to a packet, SRTCP's index included.
enum { WP_SRTP_ADDED_BYTES = 32, WP_SRTP_PACKET_BYTES = 2048 };

/// suite as SRTPSuite counts: 0 AES-CM-128 with 80 bits of SHA-1, 1 with 32 bits, 2 AES-CM-256 with 80 bits,
/// 3 AES-GCM-128, 4 AES-GCM-256. key: master key and salt. NULL when the suite does not take such a key.
wp_srtp *wp_srtp_new(int suite, const uint8_t *key, size_t count);
void wp_srtp_free(wp_srtp *srtp);

/// In place; count bytes of at most capacity. The new length, or a negative errno (EAUTH as EBADMSG, a replay
/// as EALREADY). One thread at a time per context.
int wp_srtp_protect(wp_srtp *srtp, uint8_t *packet, size_t count, size_t capacity, int is_rtcp);
int wp_srtp_open(wp_srtp *srtp, uint8_t *packet, size_t count, int is_rtcp);
