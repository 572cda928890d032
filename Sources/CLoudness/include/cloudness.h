// SPDX-License-Identifier: Apache-2.0
// Loudness and true peak of one channel (EBU R 128, by libebur128). One thread.
#pragma once
#include <stddef.h>

typedef struct wp_loudness wp_loudness;

/// NULL when memory is out.
wp_loudness *wp_loudness_new(unsigned long rate_hz);
void wp_loudness_free(wp_loudness *loudness);
/// 0, or an error of the library.
int wp_loudness_add(wp_loudness *loudness, const float *samples, size_t count);
/// Integrated loudness so far, LUFS; -INFINITY for silence and below 400 ms.
double wp_loudness_lufs(wp_loudness *loudness);
/// The highest true peak so far, as a factor of full scale.
double wp_loudness_peak(wp_loudness *loudness);
