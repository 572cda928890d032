// SPDX-License-Identifier: Apache-2.0
#include "cvoicedsp_samples.h"
#include <math.h>
#include <string.h>

enum { HALF = 12, STEPS = 512 };

static float kernel[STEPS + 1][2 * HALF];
static int is_made;

// Blackman-windowed sinc, a row per fraction. Made before the first use by whoever comes first: the same
// values.
__attribute__((constructor)) static void make_kernel(void) {
    for (int row = 0; row <= STEPS; row++) {
        for (int tap = 0; tap < 2 * HALF; tap++) {
            double x = tap - (HALF - 1) - (double)row / STEPS;
            double window = 0.42 + 0.5 * cos(M_PI * x / HALF) + 0.08 * cos(2 * M_PI * x / HALF);
            double value = fabs(x) < 1e-9 ? 1 : sin(M_PI * x) / (M_PI * x) * (fabs(x) < HALF ? window : 0);
            kernel[row][tap] = (float)value;
        }
    }
    is_made = 1;
}

static float at(const int16_t *ring, size_t size, int64_t first, int64_t end, int64_t index) {
    return index >= first && index < end ? ring[(size_t)index & (size - 1)] : 0;
}

void wp_air_add(const int16_t *ring, size_t size, int64_t first, int64_t end, double from, double step,
                float gain, float *out, size_t count) {
    for (size_t n = 0; n < count; n++) {
        double position = from + step * (double)n;
        int64_t whole = (int64_t)floor(position);
        float part = (float)((position - (double)whole) * STEPS);
        int row = (int)part;
        float toward = part - (float)row;
        if (row == 0 && toward < 0.01f) {
            out[n] += gain * at(ring, size, first, end, whole);
            continue;
        }
        if (whole + HALF < first || whole - HALF >= end) continue;
        float sum = 0;
        for (int tap = 0; tap < 2 * HALF; tap++) {
            float weight = kernel[row][tap] + toward * (kernel[row + 1][tap] - kernel[row][tap]);
            sum += weight * at(ring, size, first, end, whole + tap - (HALF - 1));
        }
        out[n] += gain * sum;
    }
}

void wp_convolve_add(const float *x, const float *h, size_t taps, float *out, size_t count) {
    for (size_t n = 0; n < count; n++) {
        float sum = 0;
        const float *newest = x + n + taps - 1;
        for (size_t k = 0; k < taps; k++) sum += h[k] * newest[-(ptrdiff_t)k];
        out[n] += sum;
    }
}

void wp_soft_clip(float *x, float bound, size_t count) {
    if (bound <= 0) return;
    for (size_t n = 0; n < count; n++) x[n] = bound * tanhf(x[n] / bound);
}

static int16_t bounded(float value) {
    return value > 32767 ? 32767 : value < -32768 ? -32768 : (int16_t)lrintf(value);
}

void wp_to_samples(const float *x, int16_t *out, size_t count) {
    for (size_t n = 0; n < count; n++) out[n] = bounded(x[n]);
}

void wp_mix(int16_t *a, const int16_t *b, size_t count) {
    for (size_t n = 0; n < count; n++) {
        int sum = a[n] + b[n];
        a[n] = (int16_t)(sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum);
    }
}

void wp_ramp(int16_t *x, float from, float to, size_t count) {
    if (from == 1 && to == 1) return;
    float step = count > 0 ? (to - from) / (float)count : 0;
    for (size_t n = 0; n < count; n++) x[n] = bounded((float)x[n] * (from + step * (float)n));
}

double wp_power(const int16_t *x, size_t count) {
    double sum = 0;
    for (size_t n = 0; n < count; n++) sum += (double)x[n] * x[n];
    return count > 0 ? sum / (double)count : 0;
}

// How alike a and b are, 0 to 1; 1 too when both are quiet.
static double likeness(const int16_t *a, const int16_t *b, size_t count) {
    double both = 0, of_a = 1, of_b = 1;
    for (size_t n = 0; n < count; n++) {
        both += (double)a[n] * b[n];
        of_a += (double)a[n] * a[n];
        of_b += (double)b[n] * b[n];
    }
    if (of_a < 900.0 * (double)count && of_b < 900.0 * (double)count) return 1;
    return both / sqrt(of_a * of_b);
}

// The lag between least and most at which x looks most like itself; 0 when it never does.
static size_t period(const int16_t *x, size_t count, size_t least, size_t most) {
    size_t best = 0;
    double found = 0.4;
    for (size_t lag = least; lag <= most && 2 * lag <= count; lag += 1) {
        double alike = likeness(x, x + lag, lag);
        if (alike > found) {
            found = alike;
            best = lag;
        }
    }
    return best;
}

size_t wp_shorten(int16_t *x, size_t count, size_t least, size_t most) {
    size_t lag = period(x, count, least, most);
    if (lag == 0) return count;
    for (size_t n = 0; n < lag; n++) {
        float late = (float)n / (float)lag;
        x[n] = bounded((float)x[n] * (1 - late) + (float)x[n + lag] * late);
    }
    memmove(x + lag, x + 2 * lag, (count - 2 * lag) * sizeof *x);
    return count - lag;
}

size_t wp_lengthen(int16_t *x, size_t count, size_t least, size_t most) {
    size_t lag = period(x, count, least, most);
    if (lag == 0) return count;
    // x[lag ..< 2 lag] comes again after itself, entered from what follows x[lag) at its place.
    memmove(x + 2 * lag, x + lag, (count - lag) * sizeof *x);
    for (size_t n = 0; n < lag; n++) {
        float late = (float)n / (float)lag;
        x[lag + n] = bounded((float)x[2 * lag + n] * (1 - late) + (float)x[n] * late);
    }
    return count + lag;
}
