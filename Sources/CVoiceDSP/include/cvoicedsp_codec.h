// SPDX-License-Identifier: Apache-2.0
// G.711, and what stands in for a frame that is lost where a codec has nothing of its own.
#pragma once
#include <stddef.h>
#include <stdint.h>

void wp_alaw_encode(const int16_t *samples, uint8_t *bytes, size_t count);
void wp_alaw_decode(const uint8_t *bytes, int16_t *samples, size_t count);
void wp_ulaw_encode(const int16_t *samples, uint8_t *bytes, size_t count);
void wp_ulaw_decode(const uint8_t *bytes, int16_t *samples, size_t count);

/// Repeats the last period of the voice from `past` (its newest sample last) into out, fading by `fade` (1:
/// not yet, 0: silent at the end).
void wp_repeat_voice(const int16_t *past, size_t past_count, size_t least, size_t most, float from, float to,
                     int16_t *out, size_t count);
