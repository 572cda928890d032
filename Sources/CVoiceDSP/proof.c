// SPDX-License-Identifier: Apache-2.0
// For each place of the spectrum the least-squares estimate of the way from loudspeaker to microphone, each
// frame weighted by how quiet the room was in it: sum(w X* Y) / sum(w |X|^2). What noise adds to the square
// of that estimate is known (sum(w^2 |X|^2 |Y|^2) / sum(w |X|^2)^2) and taken off again.
#include "cvoicedsp_proof.h"
#include "cvoicedsp_transform.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// No sums: any error is possible.
#define UNKNOWN 1e9

enum { FIRST = 20, PER_BAND = 32, PLACES = WP_PROOF_BANDS * PER_BAND };

struct wp_proof {
    size_t size, filled;
    wp_transform *transform;
    float *window, *played, *heard, *shaped;
    wp_bin *x, *y;
    wp_bin cross[PLACES];
    double power[PLACES], noise[PLACES], twice[PLACES];
};

wp_proof *wp_proof_new(size_t rate) {
    wp_proof *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->size = rate * 64 / 1000;
    size_t size = made->size;
    made->transform = wp_transform_new(size);
    made->window = calloc(size, sizeof(float));
    made->played = calloc(size, sizeof(float));
    made->heard = calloc(size, sizeof(float));
    made->shaped = calloc(size, sizeof(float));
    made->x = calloc(size / 2 + 1, sizeof(wp_bin));
    made->y = calloc(size / 2 + 1, sizeof(wp_bin));
    if (!made->transform || !made->window || !made->played || !made->heard || !made->shaped || !made->x
        || !made->y || size / 2 < FIRST + PLACES) {
        wp_proof_free(made);
        return NULL;
    }
    for (size_t n = 0; n < size; n++)
        made->window[n] = (float)(0.5 - 0.5 * cos(2 * M_PI * (double)n / (double)size));
    return made;
}

void wp_proof_free(wp_proof *proof) {
    if (!proof) return;
    wp_transform_free(proof->transform);
    free(proof->window);
    free(proof->played);
    free(proof->heard);
    free(proof->shaped);
    free(proof->x);
    free(proof->y);
    free(proof);
}

void wp_proof_clear(wp_proof *proof) {
    proof->filled = 0;
    memset(proof->cross, 0, sizeof proof->cross);
    memset(proof->power, 0, sizeof proof->power);
    memset(proof->noise, 0, sizeof proof->noise);
    memset(proof->twice, 0, sizeof proof->twice);
}

static void spectrum(wp_proof *proof, const float *samples, wp_bin *bins) {
    for (size_t n = 0; n < proof->size; n++) proof->shaped[n] = samples[n] * proof->window[n];
    wp_transform_run(proof->transform, proof->shaped, bins);
}

static float square(wp_bin a) { return a.re * a.re + a.im * a.im; }

/// One frame of both; 0: nothing was played in it.
static size_t frame(wp_proof *proof, double least) {
    double played = 0;
    for (size_t n = 0; n < proof->size; n++) played += (double)proof->played[n] * proof->played[n];
    if (played < least * (double)proof->size) return 0;
    spectrum(proof, proof->played, proof->x);
    spectrum(proof, proof->heard, proof->y);
    for (size_t band = 0; band < WP_PROOF_BANDS; band++) {
        const wp_bin *x = proof->x + FIRST + band * PER_BAND, *y = proof->y + FIRST + band * PER_BAND;
        double loud = 0;
        for (size_t k = 0; k < PER_BAND; k++) loud += square(y[k]);
        // One step of the samples is the least that a microphone hears.
        double weight = 1 / (loud / PER_BAND + (double)proof->size);
        for (size_t k = 0; k < PER_BAND; k++) {
            size_t at = band * PER_BAND + k;
            double xx = square(x[k]), w = weight;
            proof->cross[at].re += (float)(w * (x[k].re * y[k].re + x[k].im * y[k].im));
            proof->cross[at].im += (float)(w * (x[k].re * y[k].im - x[k].im * y[k].re));
            proof->power[at] += w * xx;
            proof->noise[at] += w * w * xx * square(y[k]);
            proof->twice[at] += w * w * xx * xx;
        }
    }
    return 1;
}

size_t wp_proof_add(
    wp_proof *proof, const int16_t *played, const int16_t *heard, size_t count, double least) {
    size_t frames = 0;
    for (size_t n = 0; n < count; n++) {
        proof->played[proof->filled] = played[n];
        proof->heard[proof->filled++] = heard[n];
        if (proof->filled < proof->size) continue;
        frames += frame(proof, least);
        // Half a frame is seen twice: its middle counts where its edges do not.
        size_t half = proof->size / 2;
        memcpy(proof->played, proof->played + half, half * sizeof(float));
        memcpy(proof->heard, proof->heard + half, half * sizeof(float));
        proof->filled = half;
    }
    return frames;
}

void wp_proof_read(const wp_proof *proof, const float *gain, wp_proof_found *found) {
    double sum = 0, squares = 0, ratio = 0, noise = 0;
    for (size_t pass = 0; pass < 2; pass++) {
        double spread = 0;
        for (size_t at = 0; at < PLACES; at++) {
            double power = proof->power[at], whole = power * power;
            double frames = whole > 0 ? whole / proof->twice[at] : 0;
            // A single frame cannot tell the loudspeaker from the room.
            if (frames < 3) continue;
            double right = gain[at / PER_BAND], unsure = proof->noise[at] / whole / right;
            double is = (square(proof->cross[at]) / whole / right - unsure) / (1 - 1 / frames);
            double weight = 1 / ((1 + unsure) * (1 + unsure));
            if (pass == 0) {
                sum += weight;
                squares += weight * weight;
                ratio += weight * is;
                noise += weight * weight * unsure * unsure;
            } else {
                double off = weight * (unsure + fmax(0, found->ratio));
                spread += off * off;
            }
        }
        if (pass == 1) {
            found->spread = sum > 0 ? sqrt(spread) / sum : UNKNOWN;
        } else {
            found->ratio = sum > 0 ? ratio / sum : 0;
            found->noise = sum > 0 ? sqrt(noise) / sum : UNKNOWN;
            found->places = squares > 0 ? sum * sum / squares : 0;
        }
    }
}

void wp_proof_gain(const wp_proof *proof, float *gain) {
    for (size_t band = 0; band < WP_PROOF_BANDS; band++) {
        double whole = 0, sum = 0, places = 0;
        for (size_t k = 0; k < PER_BAND; k++) whole += proof->power[band * PER_BAND + k];
        for (size_t k = 0; k < PER_BAND; k++) {
            size_t at = band * PER_BAND + k;
            double power = proof->power[at];
            // Where the sweep hardly was, only noise would be measured.
            if (power <= whole / PER_BAND / 4) continue;
            sum += square(proof->cross[at]) / (power * power);
            places++;
        }
        gain[band] = places > 0 ? (float)(sum / places) : 0;
    }
}
