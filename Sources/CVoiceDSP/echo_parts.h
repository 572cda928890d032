// SPDX-License-Identifier: Apache-2.0
// What the filter and the suppressor of one canceller share.
#pragma once
#include "cvoicedsp_echo.h"
#include "cvoicedsp_transform.h"

enum { FIR_HALF_SAMPLES = 32, BANDS = 20, MINIMUM_BLOCKS = 30, MINIMUM_PARTS = 5 };

struct wp_echo {
    size_t block, bins, partitions, newest, silent_blocks;
    int suppresses_noise;
    wp_transform *transform;
    // The filter. X, W: partitions x bins; covariance likewise.
    wp_bin *X, *W, *E, *Y, *step;
    float *covariance, *near, *x, *time, *e, *y;
    size_t constrained;
    unsigned long blocks;
    // The suppressor.
    float *window, *e_before, *y_before, *gain, *gain_before, *error, *echo, *late, *noise, *far;
    float *leak, *leak_mean_e, *leak_mean_y, *leak_ey, *leak_yy, *minima, *rest, *speech;
    float fir[2 * FIR_HALF_SAMPLES + 1], fir_before[2 * FIR_HALF_SAMPLES + 1], *line, *in;
    double linear_power, rest_power;
};

static inline float square(wp_bin a) { return a.re * a.re + a.im * a.im; }

void wp_echo_filter(wp_echo *echo, const int16_t *microphone, const int16_t *reference);
void wp_echo_suppress(wp_echo *echo, int16_t *out);
