// SPDX-License-Identifier: Apache-2.0
#include "cvoicedsp_transform.h"
#include <math.h>
#include <stdlib.h>

enum { FACTORS = 16, LARGEST = 5 };

struct wp_transform {
    size_t half;
    int factors[FACTORS];
    // turn[k] = exp(-2 pi i k / half); split[k] = exp(-2 pi i k / count)
    wp_bin *turn, *split, *in, *out;
};

static wp_bin unit(double part) {
    return (wp_bin){ (float)cos(2 * M_PI * part), (float)-sin(2 * M_PI * part) };
}

static wp_bin times(wp_bin a, wp_bin b) {
    return (wp_bin){ a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re };
}

wp_transform *wp_transform_new(size_t count) {
    wp_transform *made = calloc(1, sizeof *made);
    if (!made || count < 4 || count % 2 != 0) return NULL;
    made->half = count / 2;
    size_t left = made->half;
    static const int allowed[] = { 4, 5, 3, 2 };
    int found = 0;
    for (size_t n = 0; n < sizeof allowed / sizeof *allowed; n++) {
        while (left % (size_t)allowed[n] == 0 && found < FACTORS - 1) {
            made->factors[found++] = allowed[n];
            left /= (size_t)allowed[n];
        }
    }
    made->turn = calloc(made->half, sizeof(wp_bin));
    made->split = calloc(made->half + 1, sizeof(wp_bin));
    made->in = calloc(made->half + 1, sizeof(wp_bin));
    made->out = calloc(made->half + 1, sizeof(wp_bin));
    if (left != 1 || !made->turn || !made->split || !made->in || !made->out) {
        wp_transform_free(made);
        return NULL;
    }
    for (size_t k = 0; k < made->half; k++) made->turn[k] = unit((double)k / (double)made->half);
    for (size_t k = 0; k <= made->half; k++) made->split[k] = unit((double)k / (double)count);
    return made;
}

void wp_transform_free(wp_transform *transform) {
    if (!transform) return;
    free(transform->turn);
    free(transform->split);
    free(transform->in);
    free(transform->out);
    free(transform);
}

static void join4(wp_bin *out, const wp_bin *turn, size_t step, size_t part) {
    for (size_t k = 0; k < part; k++) {
        wp_bin a = out[k], b = times(out[k + part], turn[k * step]);
        wp_bin c = times(out[k + 2 * part], turn[2 * k * step]);
        wp_bin d = times(out[k + 3 * part], turn[3 * k * step]);
        wp_bin ac = { a.re + c.re, a.im + c.im }, a_c = { a.re - c.re, a.im - c.im };
        wp_bin bd = { b.re + d.re, b.im + d.im }, b_d = { b.re - d.re, b.im - d.im };
        out[k] = (wp_bin){ ac.re + bd.re, ac.im + bd.im };
        out[k + 2 * part] = (wp_bin){ ac.re - bd.re, ac.im - bd.im };
        out[k + part] = (wp_bin){ a_c.re + b_d.im, a_c.im - b_d.re };
        out[k + 3 * part] = (wp_bin){ a_c.re - b_d.im, a_c.im + b_d.re };
    }
}

static void join(wp_bin *out, const wp_bin *turn, size_t half, size_t step, size_t part, size_t factor) {
    wp_bin was[LARGEST];
    for (size_t k = 0; k < part; k++) {
        for (size_t q = 0; q < factor; q++) was[q] = out[k + q * part];
        for (size_t q = 0; q < factor; q++) {
            wp_bin sum = was[0];
            for (size_t r = 1; r < factor; r++) {
                wp_bin turned = times(was[r], turn[(k + q * part) * r * step % half]);
                sum.re += turned.re;
                sum.im += turned.im;
            }
            out[k + q * part] = sum;
        }
    }
}

// count bins of `in`, `step` apart, to `out` (decimation in time).
static void run(const wp_transform *t, const wp_bin *in, size_t step, size_t count, const int *factors,
                wp_bin *out) {
    if (count == 1) {
        out[0] = in[0];
        return;
    }
    size_t factor = (size_t)factors[0], part = count / factor;
    for (size_t q = 0; q < factor; q++) {
        run(t, in + q * step, step * factor, part, factors + 1, out + q * part);
    }
    if (factor == 4) join4(out, t->turn, step, part);
    else join(out, t->turn, t->half, step, part, factor);
}

void wp_transform_run(wp_transform *t, const float *samples, wp_bin *bins) {
    size_t half = t->half;
    run(t, (const wp_bin *)samples, 1, half, t->factors, t->out);
    for (size_t k = 0; k <= half / 2; k++) {
        wp_bin a = t->out[k % half], b = t->out[(half - k) % half];
        wp_bin even = { (a.re + b.re) / 2, (a.im - b.im) / 2 };
        wp_bin odd = { (a.im + b.im) / 2, (b.re - a.re) / 2 };
        wp_bin turned = times(odd, t->split[k]);
        bins[k] = (wp_bin){ even.re + turned.re, even.im + turned.im };
        bins[half - k] = (wp_bin){ even.re - turned.re, turned.im - even.im };
    }
}

void wp_transform_back(wp_transform *t, const wp_bin *bins, float *samples) {
    size_t half = t->half;
    float scale = 1 / (float)half;
    for (size_t k = 0; k < half; k++) {
        wp_bin a = bins[k], b = bins[half - k];
        wp_bin even = { (a.re + b.re) / 2, (a.im - b.im) / 2 };
        wp_bin odd = { (a.re - b.re) / 2, (a.im + b.im) / 2 };
        wp_bin back = { t->split[k].re, -t->split[k].im };
        wp_bin turned = times(odd, back);
        // Conjugated, so that the forward transform goes back.
        t->in[k] = (wp_bin){ even.re - turned.im, -(even.im + turned.re) };
    }
    run(t, t->in, 1, half, t->factors, t->out);
    for (size_t k = 0; k < half; k++) {
        samples[2 * k] = t->out[k].re * scale;
        samples[2 * k + 1] = -t->out[k].im * scale;
    }
}
