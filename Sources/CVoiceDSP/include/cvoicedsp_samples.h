// SPDX-License-Identifier: Apache-2.0
// Arithmetic on runs of samples. Nothing here keeps state or allocates.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Adds `gain` times what a ring of samples holds at positions from, from + step, … to out, between its
/// samples by a windowed sinc (exact at whole positions). The ring is size (a power of two) long and holds
/// samples first ..< end; outside of these is silence.
void wp_air_add(const int16_t *ring, size_t size, int64_t first, int64_t end, double from, double step,
                float gain, float *out, size_t count);

/// Adds the convolution of x with h (taps long) to out; x has taps - 1 samples of the past before it.
void wp_convolve_add(const float *x, const float *h, size_t taps, float *out, size_t count);

/// What a loudspeaker at its end does: softly bounded at `bound` (0: not at all).
void wp_soft_clip(float *x, float bound, size_t count);

/// Rounds and bounds.
void wp_to_samples(const float *x, int16_t *out, size_t count);

/// Adds b to a, bounded.
void wp_mix(int16_t *a, const int16_t *b, size_t count);

/// Multiplies by a gain that goes from one value to another over the run.
void wp_ramp(int16_t *x, float from, float to, size_t count);

/// Mean square; 0 for none.
double wp_power(const int16_t *x, size_t count);

/// Shortens by one period of the voice (or a quiet stretch): cross-fades where both ends look alike. Returns
/// the new count, at most `most` samples fewer; count again when nothing fits.
size_t wp_shorten(int16_t *x, size_t count, size_t least, size_t most);

/// Lengthens likewise; x has room for count + most.
size_t wp_lengthen(int16_t *x, size_t count, size_t least, size_t most);
