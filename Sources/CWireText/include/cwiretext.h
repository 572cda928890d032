// SPDX-License-Identifier: Apache-2.0
// The text of SYNC.md's events, byte by byte: a month of a terminal is a gigabyte of it on either side.
// Nothing here keeps state or allocates; every function stays within the counts that it is given.
#pragma once
#include <stdint.h>

/// The numbers of one event. `has_…` is 0 or 1.
typedef struct {
    uint64_t sequence, after, run, run_sequence, uptime, boot_high, boot_low;
    int64_t wall_ms;
    uint32_t uncertainty_ms;
    uint16_t kind;
    uint8_t has_time, has_after, has_uncertainty, has_boot, standing;
} wp_wire_fields;

/// An event that was read: its numbers, and where in the body the rest of it stands (`…_at`, `…_count` of
/// characters). The first group is carried from one event to the next.
typedef struct {
    int64_t name_at, name_count, stream_at, stream_count, hash_at;
    /// Of the same stream as the event before; naming that one's hash as its previous.
    uint8_t is_same_stream, is_chained;
    wp_wire_fields fields;
    int64_t subject_at, subject_count, previous_at, payload_at, payload_count;
    /// The comma or bracket after it.
    int64_t end;
} wp_wire_event;

// What writes: from `at` on, into a buffer that has the room; where the text then ends.

/// Room that `wp_wire_put_event` needs beside the texts it is given, subject and payload counted by 4/3.
#define WP_WIRE_EVENT_ROOM 1024

int64_t wp_wire_put_base64(uint8_t *into, int64_t at, const uint8_t *raw, int64_t count);
int64_t wp_wire_put_hex(uint8_t *into, int64_t at, const uint8_t *raw, int64_t count);
int64_t wp_wire_put_word(uint8_t *into, int64_t at, uint64_t word);
int64_t wp_wire_put_decimal(uint8_t *into, int64_t at, uint64_t number);
/// RFC 3339 in UTC with milliseconds, 24 characters; of 1970 to 9999.
int64_t wp_wire_put_time(uint8_t *into, int64_t at, int64_t wall_ms);
/// `opening` ends before the sequence in `id`, `middle` stands between that and the kind; both hashes have 32
/// bytes.
int64_t wp_wire_put_event(
    uint8_t *into, int64_t at, const wp_wire_fields *fields, const uint8_t *opening, int64_t opening_count,
    const uint8_t *middle, int64_t middle_count, const uint8_t *subject, int64_t subject_count,
    const uint8_t *previous, const uint8_t *hash, const uint8_t *payload, int64_t payload_count);

// What reads: `count` bytes of text. 1, or 0 when it is not exactly that.

/// How many bytes the base64 at `at` holds; -1 when its length cannot be.
int64_t wp_wire_base64_bytes(const uint8_t *text, int64_t at, int64_t count);
/// One spelling for one value. `into` has room for `wp_wire_base64_bytes`.
int wp_wire_base64(uint8_t *into, const uint8_t *text, int64_t at, int64_t count);
/// Lower case, `count` even; `into` has room for half of it.
int wp_wire_hex(uint8_t *into, const uint8_t *text, int64_t at, int64_t count);
/// An event exactly as `wp_wire_put_event` writes it, with a comma or bracket after it: all that can be
/// checked without decoding its base64 and hashes holds. Anything else, also one that is not whole yet: 0,
/// and `event` is as it was.
int wp_wire_read_event(const uint8_t *body, int64_t count, int64_t at, wp_wire_event *event);
