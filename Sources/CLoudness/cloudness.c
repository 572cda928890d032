// SPDX-License-Identifier: Apache-2.0
#include "cloudness.h"

#include <ebur128.h>
#include <math.h>

wp_loudness *wp_loudness_new(unsigned long rate_hz) {
    return (wp_loudness *)ebur128_init(1, rate_hz, EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK);
}

void wp_loudness_free(wp_loudness *loudness) {
    ebur128_state *state = (ebur128_state *)loudness;
    ebur128_destroy(&state);
}

int wp_loudness_add(wp_loudness *loudness, const float *samples, size_t count) {
    return ebur128_add_frames_float((ebur128_state *)loudness, samples, count);
}

double wp_loudness_lufs(wp_loudness *loudness) {
    double lufs;
    return ebur128_loudness_global((ebur128_state *)loudness, &lufs) == EBUR128_SUCCESS ? lufs : -INFINITY;
}

double wp_loudness_peak(wp_loudness *loudness) {
    double peak;
    return ebur128_true_peak((ebur128_state *)loudness, 0, &peak) == EBUR128_SUCCESS ? peak : 0;
}
