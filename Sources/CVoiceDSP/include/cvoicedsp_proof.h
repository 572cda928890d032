// SPDX-License-Identifier: Apache-2.0
// How much of what a loudspeaker plays is in what a microphone hears: sums over frames of 64 ms, of which
// nothing but these sums is kept. Nothing is allocated after the beginning.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Bands of 500 Hz from about 300 Hz on, a telephone's range.
enum { WP_PROOF_BANDS = 7 };

typedef struct {
    // The loudspeaker's power in the microphone, as a ratio to what `gain` says is right: the estimate, how
    // far noise alone takes it from the truth, and that with the room's own unevenness.
    double ratio, noise, spread;
    // How many independent places of the spectrum tell of it.
    double places;
} wp_proof_found;

typedef struct wp_proof wp_proof;

/// NULL: no memory, or a rate that 64 ms do not fit.
wp_proof *wp_proof_new(size_t rate);
void wp_proof_free(wp_proof *proof);
void wp_proof_clear(wp_proof *proof);
/// What was played and what was heard at the same time. Returns how many frames of it counted: where nothing
/// louder than `least` (mean square) was played, nothing can be heard.
size_t wp_proof_add(wp_proof *proof, const int16_t *played, const int16_t *heard, size_t count, double least);
/// gain: power of each band in the microphone against the loudspeaker's, when all is well.
void wp_proof_read(const wp_proof *proof, const float *gain, wp_proof_found *found);
/// What that power is by these sums, where nothing else was heard.
void wp_proof_gain(const wp_proof *proof, float *gain);
