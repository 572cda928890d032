// SPDX-License-Identifier: Apache-2.0
#include "echo_parts.h"
#include <math.h>
#include <stdlib.h>

static const float UNCERTAIN_AT_FIRST = 2.5f, LEAK_AT_FIRST = 0.25f;

// All rows of numbers that a canceller has, and how long each is.
static int make_rows(wp_echo *echo) {
    size_t bins = echo->bins, block = echo->block, all = bins * echo->partitions;
    struct {
        float **row;
        size_t count;
    } rows[] = {
        { &echo->covariance, all }, { &echo->near, bins }, { &echo->x, 2 * block },
        { &echo->time, 2 * block },
        { &echo->e, block }, { &echo->y, block }, { &echo->window, 2 * block }, { &echo->e_before, block },
        { &echo->y_before, block }, { &echo->gain, bins }, { &echo->gain_before, bins },
        { &echo->error, bins },
        { &echo->echo, bins }, { &echo->late, bins }, { &echo->noise, bins }, { &echo->far, bins },
        { &echo->leak, BANDS }, { &echo->leak_mean_e, BANDS }, { &echo->leak_mean_y, BANDS },
        { &echo->leak_ey, BANDS }, { &echo->leak_yy, BANDS }, { &echo->minima, bins * MINIMUM_PARTS },
        { &echo->rest, bins }, { &echo->speech, bins }, { &echo->line, block + 2 * FIR_HALF_SAMPLES },
    };
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        *rows[n].row = calloc(rows[n].count, sizeof(float));
        if (!*rows[n].row) return 0;
    }
    wp_bin **spectra[] = { &echo->X, &echo->W, &echo->E, &echo->Y, &echo->step };
    for (size_t n = 0; n < sizeof spectra / sizeof *spectra; n++) {
        *spectra[n] = calloc(n < 2 ? all : bins, sizeof(wp_bin));
        if (!*spectra[n]) return 0;
    }
    return 1;
}

wp_echo *wp_echo_new(size_t block, size_t partitions, int suppresses_noise) {
    wp_echo *echo = calloc(1, sizeof *echo);
    if (!echo || partitions < 4) return NULL;
    echo->block = block;
    echo->bins = block + 1;
    echo->partitions = partitions;
    echo->suppresses_noise = suppresses_noise;
    echo->transform = wp_transform_new(2 * block);
    if (!echo->transform || !make_rows(echo)) {
        wp_echo_free(echo);
        return NULL;
    }
    for (size_t p = 0; p < partitions; p++) {
        // An echo is louder at its beginning: less is expected of later partitions.
        float expected = UNCERTAIN_AT_FIRST * expf(-(float)p / (float)partitions * 3);
        for (size_t k = 0; k < echo->bins; k++) echo->covariance[p * echo->bins + k] = expected;
    }
    for (size_t n = 0; n < BANDS; n++) echo->leak[n] = LEAK_AT_FIRST;
    for (size_t n = 0; n < 2 * block; n++) {
        echo->window[n] = 0.5f - 0.5f * cosf(2 * (float)M_PI * ((float)n + 0.5f) / (2 * (float)block));
    }
    echo->fir[FIR_HALF_SAMPLES] = 1;
    return echo;
}

void wp_echo_free(wp_echo *echo) {
    if (!echo) return;
    float *rows[] = { echo->covariance, echo->near, echo->x, echo->time, echo->e, echo->y, echo->window,
                      echo->e_before, echo->y_before, echo->gain, echo->gain_before, echo->error, echo->echo,
                      echo->late, echo->noise, echo->far, echo->leak, echo->leak_mean_e, echo->leak_mean_y,
                      echo->leak_ey, echo->leak_yy, echo->minima, echo->rest, echo->speech, echo->line };
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) free(rows[n]);
    wp_bin *spectra[] = { echo->X, echo->W, echo->E, echo->Y, echo->step };
    for (size_t n = 0; n < sizeof spectra / sizeof *spectra; n++) free(spectra[n]);
    wp_transform_free(echo->transform);
    free(echo);
}

void wp_echo_run(wp_echo *echo, const int16_t *microphone, const int16_t *reference, int16_t *out) {
    wp_echo_filter(echo, microphone, reference);
    wp_echo_suppress(echo, out);
}

size_t wp_echo_delay(const wp_echo *echo) {
    (void)echo;
    return FIR_HALF_SAMPLES;
}

double wp_echo_linear_power(const wp_echo *echo) { return echo->linear_power; }

double wp_echo_rest_power(const wp_echo *echo) { return echo->rest_power; }

int wp_echo_peak(const wp_echo *echo) {
    int best = -1;
    double found = 1e-4;
    for (size_t p = 0; p < echo->partitions; p++) {
        double power = 0;
        for (size_t k = 0; k < echo->bins; k++) power += square(echo->W[p * echo->bins + k]);
        if (power > found) {
            found = power;
            best = (int)p;
        }
    }
    return best;
}
