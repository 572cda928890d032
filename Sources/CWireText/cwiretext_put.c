// SPDX-License-Identifier: Apache-2.0
#include "cwiretext.h"

#include <string.h>

static const char digits64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char digits16[] = "0123456789abcdef";

int64_t wp_wire_put_base64(uint8_t *into, int64_t at, const uint8_t *raw, int64_t count) {
    uint8_t *out = into + at;
    for (; count > 2; count -= 3, raw += 3, out += 4) {
        uint32_t word = (uint32_t)raw[0] << 16 | (uint32_t)raw[1] << 8 | raw[2];
        out[0] = (uint8_t)digits64[word >> 18];
        out[1] = (uint8_t)digits64[word >> 12 & 63];
        out[2] = (uint8_t)digits64[word >> 6 & 63];
        out[3] = (uint8_t)digits64[word & 63];
    }
    if (count > 0) {
        uint32_t word = (uint32_t)raw[0] << 16 | (count > 1 ? (uint32_t)raw[1] << 8 : 0);
        out[0] = (uint8_t)digits64[word >> 18];
        out[1] = (uint8_t)digits64[word >> 12 & 63];
        out[2] = count > 1 ? (uint8_t)digits64[word >> 6 & 63] : '=';
        out[3] = '=';
        out += 4;
    }
    return out - into;
}

int64_t wp_wire_put_hex(uint8_t *into, int64_t at, const uint8_t *raw, int64_t count) {
    uint8_t *out = into + at;
    for (int64_t i = 0; i < count; i++, out += 2) {
        out[0] = (uint8_t)digits16[raw[i] >> 4];
        out[1] = (uint8_t)digits16[raw[i] & 15];
    }
    return out - into;
}

int64_t wp_wire_put_word(uint8_t *into, int64_t at, uint64_t word) {
    for (int place = 60; place >= 0; place -= 4) into[at++] = (uint8_t)digits16[word >> place & 15];
    return at;
}

int64_t wp_wire_put_decimal(uint8_t *into, int64_t at, uint64_t number) {
    uint8_t text[20];
    int first = 20;
    do {
        text[--first] = (uint8_t)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    memcpy(into + at, text + first, (size_t)(20 - first));
    return at + 20 - first;
}

/// With leading zeros.
static uint8_t *put_places(uint8_t *out, uint32_t number, int places) {
    for (int place = places - 1; place >= 0; place--, number /= 10) out[place] = (uint8_t)('0' + number % 10);
    return out + places;
}

int64_t wp_wire_put_time(uint8_t *into, int64_t at, int64_t wall_ms) {
    int64_t days = wall_ms / 86400000;
    uint32_t ms = (uint32_t)(wall_ms % 86400000);
    // Howard Hinnant's civil_from_days, for days since 1970 that are never negative: eras of 400 years that
    // begin on a first of March.
    int64_t shifted = days + 719468, era = shifted / 146097, of_era = shifted % 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t march = (5 * of_year + 2) / 153;
    int64_t month = march < 10 ? march + 3 : march - 9;
    uint8_t *out = into + at;
    out = put_places(out, (uint32_t)(year + era * 400 + (month <= 2 ? 1 : 0)), 4);
    *out++ = '-';
    out = put_places(out, (uint32_t)month, 2);
    *out++ = '-';
    out = put_places(out, (uint32_t)(of_year - (153 * march + 2) / 5 + 1), 2);
    *out++ = 'T';
    out = put_places(out, ms / 3600000, 2);
    *out++ = ':';
    out = put_places(out, ms / 60000 % 60, 2);
    *out++ = ':';
    out = put_places(out, ms / 1000 % 60, 2);
    *out++ = '.';
    out = put_places(out, ms % 1000, 3);
    *out++ = 'Z';
    return out - into;
}

static int64_t put(uint8_t *into, int64_t at, const void *text, int64_t count) {
    memcpy(into + at, text, (size_t)count);
    return at + count;
}

#define PUT(text) at = put(into, at, text, sizeof(text) - 1)

int64_t wp_wire_put_event(
    uint8_t *into, int64_t at, const wp_wire_fields *fields, const uint8_t *opening, int64_t opening_count,
    const uint8_t *middle, int64_t middle_count, const uint8_t *subject, int64_t subject_count,
    const uint8_t *previous, const uint8_t *hash, const uint8_t *payload, int64_t payload_count) {
    uint8_t sequence[20];
    int64_t digits = wp_wire_put_decimal(sequence, 0, fields->sequence);
    at = put(into, at, opening, opening_count);
    at = put(into, at, sequence, digits);
    at = put(into, at, middle, middle_count);
    at = wp_wire_put_decimal(into, at, fields->kind);
    if (fields->has_time) {
        PUT("\",\"time\":\"");
        at = wp_wire_put_time(into, at, fields->wall_ms);
    }
    PUT("\",\"wpsequence\":\"");
    at = put(into, at, sequence, digits);
    if (fields->has_after) {
        PUT("\",\"wpafter\":\"");
        at = wp_wire_put_decimal(into, at, fields->after);
    }
    PUT("\",\"wprun\":\"");
    at = wp_wire_put_word(into, at, fields->run);
    PUT("\",\"wprunsequence\":\"");
    at = wp_wire_put_decimal(into, at, fields->run_sequence);
    PUT("\",\"wpuptime\":\"");
    at = wp_wire_put_decimal(into, at, fields->uptime);
    PUT("\",\"wpwall\":\"");
    if (fields->wall_ms < 0) PUT("-");
    at = wp_wire_put_decimal(
        into, at, fields->wall_ms < 0 ? 0 - (uint64_t)fields->wall_ms : (uint64_t)fields->wall_ms);
    if (fields->has_uncertainty) {
        PUT("\",\"wpuncertainty\":\"");
        at = wp_wire_put_decimal(into, at, fields->uncertainty_ms);
    }
    if (fields->has_boot) {
        PUT("\",\"wpboot\":\"");
        at = wp_wire_put_word(into, at, fields->boot_high);
        at = wp_wire_put_word(into, at, fields->boot_low);
    }
    if (fields->standing) PUT("\",\"wpstanding\":true");
    else PUT("\",\"wpstanding\":false");
    if (subject_count > 0) {
        PUT(",\"wpsubject\":\"");
        at = wp_wire_put_base64(into, at, subject, subject_count);
        PUT("\"");
    }
    PUT(",\"wpprevious\":\"");
    at = wp_wire_put_hex(into, at, previous, 32);
    PUT("\",\"wphash\":\"");
    at = wp_wire_put_hex(into, at, hash, 32);
    PUT("\",\"datacontenttype\":\"application/octet-stream\",\"data_base64\":\"");
    at = wp_wire_put_base64(into, at, payload, payload_count);
    PUT("\"}");
    return at;
}
