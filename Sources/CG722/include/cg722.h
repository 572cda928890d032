// SPDX-License-Identifier: Apache-2.0
// G.722 at 64 kbit/s of libspandsp, opened when a call first agrees on it: who never speaks it does not carry
// the library and its own (1.5 MB).
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct wp_g722 wp_g722;

/// 1 when libspandsp is installed here.
int wp_g722_is_there(void);
/// An encoder and a decoder for one call; NULL without the library.
wp_g722 *wp_g722_new(void);
void wp_g722_free(wp_g722 *codec);
/// 16 kHz samples (an even number of them) to half as many bytes; how many.
int wp_g722_encode(wp_g722 *codec, const int16_t *samples, int count, uint8_t *bytes);
/// And back; how many samples.
int wp_g722_decode(wp_g722 *codec, const uint8_t *bytes, int count, int16_t *samples);
