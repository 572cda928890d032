// SPDX-License-Identifier: Apache-2.0
#include "cwiretext.h"

#include <string.h>

// Character → its bits and one more; 0 for all others.
static const uint8_t places16[256] = {
    ['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ['a'] = 11, 12, 13, 14, 15, 16,
};
static const uint8_t places64[256] = {
    ['A'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
    ['a'] = 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50,
    51, 52, ['0'] = 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, ['+'] = 63, ['/'] = 64,
};

/// 255 for what is no digit.
static inline uint8_t value16(uint8_t digit) { return (uint8_t)(places16[digit] - 1); }
static inline uint8_t value64(uint8_t digit) { return (uint8_t)(places64[digit] - 1); }

int64_t wp_wire_base64_bytes(const uint8_t *text, int64_t at, int64_t count) {
    if (count % 4 != 0) return -1;
    if (count == 0) return 0;
    const uint8_t *end = text + at + count;
    return count / 4 * 3 - (end[-1] != '=' ? 0 : end[-2] != '=' ? 1 : 2);
}

int wp_wire_base64(uint8_t *into, const uint8_t *text, int64_t at, int64_t count) {
    int64_t bytes = wp_wire_base64_bytes(text, at, count);
    if (bytes <= 0) return bytes == 0;
    const uint8_t *from = text + at;
    uint8_t seen = 0;
    for (; bytes > 2; bytes -= 3, from += 4, into += 3) {
        uint8_t a = value64(from[0]), b = value64(from[1]), c = value64(from[2]), d = value64(from[3]);
        seen |= a | b | c | d;
        uint32_t word = (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6 | d;
        into[0] = (uint8_t)(word >> 16);
        into[1] = (uint8_t)(word >> 8);
        into[2] = (uint8_t)word;
    }
    if (bytes > 0) {
        uint8_t a = value64(from[0]), b = value64(from[1]), c = bytes > 1 ? value64(from[2]) : 0;
        // Bits after the end have to be zero.
        seen |= a | b | c | ((bytes > 1 ? c & 3 : b & 15) ? 255 : 0);
        into[0] = (uint8_t)(a << 2 | b >> 4);
        if (bytes > 1) into[1] = (uint8_t)(b << 4 | c >> 2);
    }
    return seen < 64;
}

int wp_wire_hex(uint8_t *into, const uint8_t *text, int64_t at, int64_t count) {
    const uint8_t *from = text + at;
    uint8_t seen = 0;
    for (int64_t i = 0; i < count / 2; i++) {
        uint8_t high = value16(from[2 * i]), low = value16(from[2 * i + 1]);
        seen |= high | low;
        into[i] = (uint8_t)(high << 4 | low);
    }
    return seen < 16 && count % 2 == 0;
}

/// What is left of the body.
typedef struct {
    const uint8_t *at, *end;
} rest;

static int passes(rest *rest, const void *text, int64_t count) {
    if (rest->end - rest->at < count || memcmp(rest->at, text, (size_t)count) != 0) return 0;
    rest->at += count;
    return 1;
}

#define PASS(text) do { if (!passes(&rest, text, sizeof(text) - 1)) return 0; } while (0)
#define PASSES(text) passes(&rest, text, sizeof(text) - 1)
#define TRY(wanted) do { if (!(wanted)) return 0; } while (0)

/// Without sign and leading zeros, up to a quote that is left standing.
static int decimal(rest *rest, uint64_t *number) {
    const uint8_t *start = rest->at;
    uint64_t sum = 0;
    for (; rest->at < rest->end && *rest->at >= '0' && *rest->at <= '9'; rest->at++) {
        if (__builtin_mul_overflow(sum, (uint64_t)10, &sum)) return 0;
        if (__builtin_add_overflow(sum, (uint64_t)(*rest->at - '0'), &sum)) return 0;
    }
    int64_t digits = rest->at - start;
    if (digits == 0 || (digits > 1 && *start == '0')) return 0;
    *number = sum;
    return rest->at < rest->end && *rest->at == '"';
}

static int signed_decimal(rest *rest, int64_t *number) {
    int is_negative = passes(rest, "-", 1);
    uint64_t size;
    if (!decimal(rest, &size) || size > (uint64_t)INT64_MAX + (uint64_t)is_negative) return 0;
    if (is_negative && size == 0) return 0;
    *number = (int64_t)(is_negative ? 0 - size : size);
    return 1;
}

static int word(rest *rest, uint64_t *number) {
    if (rest->end - rest->at < 16) return 0;
    uint64_t sum = 0;
    uint8_t seen = 0;
    for (int i = 0; i < 16; i++) {
        uint8_t value = value16(*rest->at++);
        seen |= value;
        sum = sum << 4 | value;
    }
    *number = sum;
    return seen < 16;
}

/// Up to the next `mark`, which is left standing.
static int until(rest *rest, uint8_t mark, const uint8_t *body, int64_t *at, int64_t *count) {
    const uint8_t *found = memchr(rest->at, mark, (size_t)(rest->end - rest->at));
    if (!found) return 0;
    *at = rest->at - body;
    *count = found - rest->at;
    rest->at = found;
    return 1;
}

/// `id`, `source` and `type` say the same of terminal and stream.
static int read_names(rest *from, const uint8_t *body, wp_wire_event *event, rest *sequence) {
    rest rest = *from;
    int64_t name_at, name_count, stream_at, stream_count;
    PASS("{\"specversion\":\"1.0\",\"id\":\"");
    TRY(until(&rest, '/', body, &name_at, &name_count) && name_count > 0 && name_count <= 16);
    PASS("/");
    TRY(until(&rest, '/', body, &stream_at, &stream_count) && stream_count > 0 && stream_count <= 16);
    PASS("/");
    sequence->at = rest.at;
    TRY(until(&rest, '"', body, &(int64_t){ 0 }, &(int64_t){ 0 }));
    sequence->end = rest.at;
    PASS("\",\"source\":\"/terminals/");
    TRY(passes(&rest, body + name_at, name_count));
    PASS("\",\"type\":\"watchpost.");
    TRY(passes(&rest, body + stream_at, stream_count));
    PASS(".");
    if (event->name_count > 0) {
        TRY(name_count == event->name_count);
        TRY(memcmp(body + name_at, body + event->name_at, (size_t)name_count) == 0);
    } else {
        event->name_at = name_at;
        event->name_count = name_count;
    }
    event->is_same_stream = stream_count == event->stream_count
        && memcmp(body + stream_at, body + event->stream_at, (size_t)stream_count) == 0;
    event->stream_at = stream_at;
    event->stream_count = stream_count;
    *from = rest;
    return 1;
}

static int read_clocks(rest *from, wp_wire_fields *fields, const uint8_t *time) {
    rest rest = *from;
    PASS("\",\"wpuptime\":\"");
    TRY(decimal(&rest, &fields->uptime));
    PASS("\",\"wpwall\":\"");
    TRY(signed_decimal(&rest, &fields->wall_ms));
    fields->has_uncertainty = (uint8_t)PASSES("\",\"wpuncertainty\":\"");
    if (fields->has_uncertainty) {
        uint64_t uncertainty;
        // The greatest stands for a clock that was never set, which is said by saying nothing.
        TRY(decimal(&rest, &uncertainty) && uncertainty < UINT32_MAX);
        fields->uncertainty_ms = (uint32_t)uncertainty;
    }
    if (fields->has_time) {
        uint8_t told[24];
        TRY(fields->has_uncertainty && fields->wall_ms >= 0 && fields->wall_ms < INT64_C(253402300800000));
        wp_wire_put_time(told, 0, fields->wall_ms);
        TRY(memcmp(told, time, sizeof told) == 0);
    }
    fields->has_boot = (uint8_t)PASSES("\",\"wpboot\":\"");
    if (fields->has_boot) {
        TRY(word(&rest, &fields->boot_high) && word(&rest, &fields->boot_low));
        TRY(fields->boot_high != 0 || fields->boot_low != 0);
    }
    PASS("\",\"wpstanding\":");
    fields->standing = (uint8_t)PASSES("true");
    if (!fields->standing) PASS("false");
    *from = rest;
    return 1;
}

int wp_wire_read_event(const uint8_t *body, int64_t count, int64_t at, wp_wire_event *event) {
    rest rest = { body + at, body + count }, sequence;
    wp_wire_event read = *event;
    wp_wire_fields *fields = &read.fields;
    memset(fields, 0, sizeof *fields);
    const uint8_t *time = NULL;
    uint64_t number;
    int64_t hash_count, previous_count;
    TRY(read_names(&rest, body, &read, &sequence));
    TRY(decimal(&rest, &number) && number <= UINT16_MAX);
    fields->kind = (uint16_t)number;
    fields->has_time = (uint8_t)PASSES("\",\"time\":\"");
    if (fields->has_time) {
        TRY(rest.end - rest.at >= 24);
        time = rest.at;
        rest.at += 24;
    }
    PASS("\",\"wpsequence\":\"");
    TRY(passes(&rest, sequence.at, sequence.end - sequence.at));
    sequence.end++;
    // A generation has no entry of its own at its base.
    TRY(decimal(&sequence, &fields->sequence) && fields->sequence <= INT64_MAX);
    TRY((fields->sequence & ((UINT64_C(1) << 40) - 1)) != 0);
    fields->has_after = (uint8_t)PASSES("\",\"wpafter\":\"");
    if (fields->has_after) TRY(decimal(&rest, &fields->after));
    PASS("\",\"wprun\":\"");
    TRY(word(&rest, &fields->run));
    PASS("\",\"wprunsequence\":\"");
    TRY(decimal(&rest, &fields->run_sequence));
    TRY(read_clocks(&rest, fields, time));
    read.subject_at = read.subject_count = 0;
    if (PASSES(",\"wpsubject\":\"")) {
        TRY(until(&rest, '"', body, &read.subject_at, &read.subject_count) && read.subject_count > 0);
        PASS("\"");
    }
    PASS(",\"wpprevious\":\"");
    TRY(until(&rest, '"', body, &read.previous_at, &previous_count) && previous_count == 64);
    PASS("\",\"wphash\":\"");
    read.is_chained = read.is_same_stream && event->hash_at > 0
        && memcmp(body + event->hash_at, body + read.previous_at, 64) == 0;
    TRY(until(&rest, '"', body, &read.hash_at, &hash_count) && hash_count == 64);
    PASS("\",\"datacontenttype\":\"application/octet-stream\",\"data_base64\":\"");
    TRY(until(&rest, '"', body, &read.payload_at, &read.payload_count));
    PASS("\"}");
    TRY(rest.at < rest.end && (*rest.at == ',' || *rest.at == ']'));
    read.end = rest.at - body;
    *event = read;
    return 1;
}
