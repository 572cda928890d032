// SPDX-License-Identifier: Apache-2.0
// The linear part: per partition p and bin k a weight W and its uncertainty P. With X the loudspeaker's
// spectra and E the error's, per block: gain = P X* / (sum P |X|^2 + 2 near), W += gain E, P = A^2 (1 - gain
// X / 2) P + (1 - A^2) |W|^2. Somebody speaking here raises `near`, so the filter holds still by itself.
#include "echo_parts.h"
#include <string.h>

static const float STAYS = 0.9998f, NEAR_SMOOTH = 0.5f, SCALE = 1.0f / 32768;

static wp_bin *row(wp_bin *rows, const wp_echo *echo, size_t n) { return rows + n * echo->bins; }

static void transform_reference(wp_echo *echo, const int16_t *reference) {
    size_t block = echo->block;
    memmove(echo->x, echo->x + block, block * sizeof(float));
    for (size_t n = 0; n < block; n++) echo->x[block + n] = (float)reference[n] * SCALE;
    echo->newest = (echo->newest + echo->partitions - 1) % echo->partitions;
    wp_transform_run(echo->transform, echo->x, row(echo->X, echo, echo->newest));
}

static void estimate(wp_echo *echo) {
    memset(echo->Y, 0, echo->bins * sizeof(wp_bin));
    for (size_t p = 0; p < echo->partitions; p++) {
        const wp_bin *x = row(echo->X, echo, (echo->newest + p) % echo->partitions);
        const wp_bin *w = row(echo->W, echo, p);
        for (size_t k = 0; k < echo->bins; k++) {
            echo->Y[k].re += w[k].re * x[k].re - w[k].im * x[k].im;
            echo->Y[k].im += w[k].re * x[k].im + w[k].im * x[k].re;
        }
    }
    wp_transform_back(echo->transform, echo->Y, echo->time);
    memcpy(echo->y, echo->time + echo->block, echo->block * sizeof(float));
}

static void learn(wp_echo *echo) {
    // far: what uncertainty makes of the loudspeaker, summed over the partitions.
    float *sum = echo->far;
    memset(sum, 0, echo->bins * sizeof(float));
    for (size_t p = 0; p < echo->partitions; p++) {
        const wp_bin *x = row(echo->X, echo, (echo->newest + p) % echo->partitions);
        const float *uncertain = echo->covariance + p * echo->bins;
        for (size_t k = 0; k < echo->bins; k++) sum[k] += uncertain[k] * square(x[k]);
    }
    for (size_t k = 0; k < echo->bins; k++) {
        // The error holds the misadjustment (half of it after the window) beside what is near.
        float error = square(echo->E[k]);
        float alone = error - 0.5f * sum[k];
        if (alone < 0.1f * error) alone = 0.1f * error;
        echo->near[k] = NEAR_SMOOTH * echo->near[k] + (1 - NEAR_SMOOTH) * alone;
    }
    for (size_t p = 0; p < echo->partitions; p++) {
        const wp_bin *x = row(echo->X, echo, (echo->newest + p) % echo->partitions);
        wp_bin *w = row(echo->W, echo, p);
        float *uncertain = echo->covariance + p * echo->bins;
        for (size_t k = 0; k < echo->bins; k++) {
            float gain = uncertain[k] / (sum[k] + 2 * echo->near[k] + 1e-9f);
            float power = square(x[k]);
            w[k].re += gain * (x[k].re * echo->E[k].re + x[k].im * echo->E[k].im);
            w[k].im += gain * (x[k].re * echo->E[k].im - x[k].im * echo->E[k].re);
            float kept = 1 - 0.5f * gain * power;
            uncertain[k] = STAYS * STAYS * kept * uncertain[k]
                + (1 - STAYS * STAYS) * (square(w[k]) + 1e-7f);
        }
    }
}

// A weight is as long as a block: what the transform folded behind it is cut off, some partitions in each
// turn.
static void constrain(wp_echo *echo, size_t count) {
    for (size_t n = 0; n < count; n++) {
        wp_bin *w = row(echo->W, echo, echo->constrained);
        echo->constrained = (echo->constrained + 1) % echo->partitions;
        wp_transform_back(echo->transform, w, echo->time);
        memset(echo->time + echo->block, 0, echo->block * sizeof(float));
        wp_transform_run(echo->transform, echo->time, w);
    }
}

void wp_echo_filter(wp_echo *echo, const int16_t *microphone, const int16_t *reference) {
    size_t block = echo->block;
    transform_reference(echo, reference);
    // Nothing was played for as long as the filter reaches: there is no echo and nothing to learn.
    double played = 0;
    for (size_t n = 0; n < block; n++) played += (double)reference[n] * reference[n];
    echo->silent_blocks = played < 4.0 * (double)block ? echo->silent_blocks + 1 : 0;
    int is_idle = echo->silent_blocks > echo->partitions + 1;
    if (is_idle) memset(echo->y, 0, block * sizeof(float));
    else estimate(echo);
    double power = 0;
    memset(echo->time, 0, block * sizeof(float));
    for (size_t n = 0; n < block; n++) {
        echo->e[n] = (float)microphone[n] * SCALE - echo->y[n];
        echo->time[block + n] = echo->e[n];
        power += (double)echo->e[n] * echo->e[n];
    }
    echo->linear_power = power / (double)block / SCALE / SCALE;
    if (!is_idle) {
        wp_transform_run(echo->transform, echo->time, echo->E);
        learn(echo);
        constrain(echo, echo->partitions / 8);
    }
    echo->blocks += 1;
}
