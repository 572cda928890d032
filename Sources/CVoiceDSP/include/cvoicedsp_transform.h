// SPDX-License-Identifier: Apache-2.0
// The Fourier transform of real samples, for the lengths of voice frames.
#pragma once
#include <stddef.h>

typedef struct {
    float re, im;
} wp_bin;

typedef struct wp_transform wp_transform;

/// count: even, its half made of factors 2, 3, 4, 5. NULL otherwise.
wp_transform *wp_transform_new(size_t count);
void wp_transform_free(wp_transform *transform);
/// count samples to count / 2 + 1 bins.
void wp_transform_run(wp_transform *transform, const float *samples, wp_bin *bins);
/// And back; 1 / count included.
void wp_transform_back(wp_transform *transform, const wp_bin *bins, float *samples);
