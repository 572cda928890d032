// SPDX-License-Identifier: Apache-2.0
// What the filter leaves: rest = leak |Y|^2 (clipped, not yet learnt; by how the error's power follows the
// estimate's) + late (beyond the filter's length, decaying as its end does). A gain per bin by the
// decision-directed rule, noise likewise, and both as one short symmetrical filter: 2 ms of delay instead of
// a frame.
#include "echo_parts.h"
#include <math.h>
#include <string.h>

static const float FLOOR = 0.012f, NOISE_FLOOR = 0.25f, OVER = 2.6f, WINDOW_SHARE = 0.375f;

static size_t band_of(const wp_echo *echo, size_t bin) {
    size_t band = (size_t)((float)BANDS * sqrtf((float)bin / (float)echo->bins));
    return band < BANDS ? band : BANDS - 1;
}

static void spectrum(wp_echo *echo, const float *before, const float *now, float *power) {
    size_t block = echo->block;
    for (size_t n = 0; n < block; n++) {
        echo->time[n] = before[n] * echo->window[n];
        echo->time[block + n] = now[n] * echo->window[block + n];
    }
    wp_transform_run(echo->transform, echo->time, echo->step);
    for (size_t k = 0; k < echo->bins; k++) power[k] = square(echo->step[k]);
}

static void learn_leak(wp_echo *echo) {
    float e[BANDS] = { 0 }, y[BANDS] = { 0 };
    for (size_t k = 0; k < echo->bins; k++) {
        size_t band = band_of(echo, k);
        e[band] += echo->error[k];
        y[band] += echo->echo[k];
    }
    for (size_t band = 0; band < BANDS; band++) {
        if (y[band] < 1e-7f * (float)echo->bins) continue;
        float follow = 0.02f;
        float above_e = e[band] - echo->leak_mean_e[band], above_y = y[band] - echo->leak_mean_y[band];
        echo->leak_mean_e[band] += follow * above_e;
        echo->leak_mean_y[band] += follow * above_y;
        echo->leak_ey[band] += follow * (above_e * above_y - echo->leak_ey[band]);
        echo->leak_yy[band] += follow * (above_y * above_y - echo->leak_yy[band]);
        float found = echo->leak_ey[band] / (echo->leak_yy[band] + 1e-12f);
        float most = 0.5f, least = 0.003f;
        found = found > most ? most : found < least ? least : found;
        // Somebody who speaks here makes it larger by chance, so it rises slowly.
        float toward = found > echo->leak[band] ? 0.02f : 0.05f;
        echo->leak[band] += toward * (found - echo->leak[band]);
    }
}

// Beyond the filter: what its last partitions hold goes on decaying.
static void reckon_late(wp_echo *echo) {
    size_t last = echo->partitions - 1, middle = echo->partitions / 2;
    double late = 1e-12, earlier = 1e-12;
    for (size_t k = 4; k < echo->bins; k++) {
        late += square(echo->W[last * echo->bins + k]) + square(echo->W[(last - 1) * echo->bins + k]);
        earlier += square(echo->W[middle * echo->bins + k]) + square(echo->W[(middle - 1) * echo->bins + k]);
    }
    float decay = (float)pow(late / earlier, 1.0 / (double)(last - middle));
    if (decay > 0.93f) decay = 0.93f;
    if (decay < 0.3f) decay = 0.3f;
    const wp_bin *oldest = echo->X + (echo->newest + last) % echo->partitions * echo->bins;
    for (size_t k = 0; k < echo->bins; k++) {
        float ends = square(echo->W[last * echo->bins + k]);
        float end = 0.5f * (ends + square(echo->W[(last - 1) * echo->bins + k]));
        echo->late[k] = decay * (echo->late[k] + end * square(oldest[k]) * WINDOW_SHARE);
    }
}

// The least power of the last 1.5 s, a little raised, is noise.
static void learn_noise(wp_echo *echo) {
    size_t bins = echo->bins, part = echo->blocks / MINIMUM_BLOCKS % MINIMUM_PARTS;
    int begins = echo->blocks % MINIMUM_BLOCKS == 0;
    for (size_t k = 0; k < bins; k++) {
        echo->speech[k] += 0.3f * (echo->error[k] - echo->speech[k]);
        float *minimum = echo->minima + part * bins + k;
        if (begins || echo->speech[k] < *minimum) *minimum = echo->speech[k];
        float least = echo->minima[k];
        for (size_t p = 1; p < MINIMUM_PARTS; p++) {
            float other = echo->minima[p * bins + k];
            if (other < least) least = other;
        }
        echo->noise[k] = 2.0f * least;
    }
}

static void weigh(wp_echo *echo) {
    double kept = 0;
    for (size_t k = 0; k < echo->bins; k++) {
        // Uncertainty of the filter itself counts as echo that may be there.
        float rest = OVER * (echo->leak[band_of(echo, k)] * echo->echo[k] + echo->late[k])
            + 0.35f * WINDOW_SHARE * echo->far[k];
        echo->rest[k] = rest > 0.3f * echo->rest[k] ? rest : 0.3f * echo->rest[k];
        float both = echo->rest[k] + 1e-10f, now = echo->error[k] / both - 1;
        float before = echo->gain_before[k] / both;
        float ratio = 0.5f * before + 0.5f * (now > 0 ? now : 0);
        float gain = ratio / (1 + ratio);
        if (gain < FLOOR) gain = FLOOR;
        float quiet = echo->noise[k] > 0 && echo->suppresses_noise
            ? 1 - echo->noise[k] / (echo->error[k] * gain * gain + 1e-12f) : 1;
        if (quiet < NOISE_FLOOR) quiet = NOISE_FLOOR;
        echo->gain_before[k] = gain * gain * echo->error[k];
        kept += (double)gain * gain * (rest < echo->error[k] ? rest : echo->error[k]);
        // A noise that was lowered with the echo is not lowered twice.
        echo->gain[k] = gain < 0.5f ? gain : gain * quiet;
    }
    double scale = 32768.0 * 32768.0 / (WINDOW_SHARE * 2 * (double)echo->block);
    echo->rest_power = kept * scale / (double)echo->block;
}

static void apply(wp_echo *echo, int16_t *out) {
    size_t block = echo->block, half = FIR_HALF_SAMPLES, taps = 2 * half + 1;
    for (size_t k = 0; k < echo->bins; k++) echo->step[k] = (wp_bin){ echo->gain[k], 0 };
    wp_transform_back(echo->transform, echo->step, echo->time);
    memcpy(echo->fir_before, echo->fir, sizeof echo->fir);
    for (size_t n = 0; n < taps; n++) {
        size_t from = (n + 2 * block - half) % (2 * block);
        float window = 0.5f + 0.5f * cosf((float)M_PI * ((float)n - (float)half) / ((float)half + 1));
        echo->fir[n] = echo->time[from] * window;
    }
    // line: 2 * half samples of the past, then this block.
    memcpy(echo->line + 2 * half, echo->e, block * sizeof(float));
    for (size_t n = 0; n < block; n++) {
        float before = 0, after = 0;
        const float *x = echo->line + n;
        for (size_t tap = 0; tap < taps; tap++) {
            before += echo->fir_before[tap] * x[tap];
            after += echo->fir[tap] * x[tap];
        }
        float share = (float)n / (float)block * 2;
        if (share > 1) share = 1;
        float value = (before + (after - before) * share) * 32768;
        out[n] = (int16_t)(value > 32767 ? 32767 : value < -32768 ? -32768 : lrintf(value));
    }
    memmove(echo->line, echo->line + block, 2 * half * sizeof(float));
}

void wp_echo_suppress(wp_echo *echo, int16_t *out) {
    spectrum(echo, echo->e_before, echo->e, echo->error);
    spectrum(echo, echo->y_before, echo->y, echo->echo);
    memcpy(echo->e_before, echo->e, echo->block * sizeof(float));
    memcpy(echo->y_before, echo->y, echo->block * sizeof(float));
    learn_leak(echo);
    reckon_late(echo);
    learn_noise(echo);
    weigh(echo);
    apply(echo, out);
}
