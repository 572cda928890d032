// SPDX-License-Identifier: Apache-2.0
#include "cvoicedsp_codec.h"
#include <math.h>

// The number of the highest bit that is set.
static int highest_bit(unsigned value) {
    int bit = 0;
    while (value >>= 1) bit++;
    return bit;
}

void wp_alaw_encode(const int16_t *samples, uint8_t *bytes, size_t count) {
    for (size_t n = 0; n < count; n++) {
        int sign = samples[n] >= 0 ? 0x80 : 0;
        unsigned size = (unsigned)(samples[n] >= 0 ? samples[n] : -(samples[n] + 1)) >> 3;
        int code;
        if (size < 32) {
            code = (int)(size >> 1);
        } else {
            int segment = highest_bit(size) - 4;
            code = segment << 4 | (int)(size >> segment & 15);
        }
        bytes[n] = (uint8_t)((sign | code) ^ 0x55);
    }
}

void wp_alaw_decode(const uint8_t *bytes, int16_t *samples, size_t count) {
    for (size_t n = 0; n < count; n++) {
        int code = bytes[n] ^ 0x55;
        int segment = code >> 4 & 7;
        int size = (code & 15) << 4 | 8;
        if (segment > 0) size = (size + 0x100) << (segment - 1);
        samples[n] = (int16_t)(code & 0x80 ? size : -size);
    }
}

void wp_ulaw_encode(const int16_t *samples, uint8_t *bytes, size_t count) {
    for (size_t n = 0; n < count; n++) {
        int sign = samples[n] < 0 ? 0x80 : 0;
        int size = samples[n] < 0 ? -(int)samples[n] : samples[n];
        if (size > 32635) size = 32635;
        size += 132;
        int segment = highest_bit((unsigned)size) - 7;
        bytes[n] = (uint8_t)~(sign | segment << 4 | (size >> (segment + 3) & 15));
    }
}

void wp_ulaw_decode(const uint8_t *bytes, int16_t *samples, size_t count) {
    for (size_t n = 0; n < count; n++) {
        int code = ~bytes[n] & 0xff;
        int size = (((code & 15) << 3) + 132) << (code >> 4 & 7);
        samples[n] = (int16_t)(code & 0x80 ? 132 - size : size - 132);
    }
}

void wp_repeat_voice(const int16_t *past, size_t past_count, size_t least, size_t most, float from, float to,
                     int16_t *out, size_t count) {
    size_t best = most;
    double found = -1;
    for (size_t lag = least; lag <= most && 2 * lag <= past_count; lag++) {
        double both = 0, a = 1, b = 1;
        const int16_t *newest = past + past_count - lag;
        for (size_t n = 0; n < lag; n++) {
            both += (double)newest[n] * newest[(ptrdiff_t)n - (ptrdiff_t)lag];
            a += (double)newest[n] * newest[n];
            b += (double)newest[(ptrdiff_t)n - (ptrdiff_t)lag] * newest[(ptrdiff_t)n - (ptrdiff_t)lag];
        }
        double alike = both / sqrt(a * b);
        if (alike > found) {
            found = alike;
            best = lag;
        }
    }
    for (size_t n = 0; n < count; n++) {
        float gain = from + (to - from) * (float)n / (float)count;
        out[n] = (int16_t)((float)past[past_count - best + n % best] * gain);
    }
}
