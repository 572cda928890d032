// SPDX-License-Identifier: Apache-2.0
// The echo canceller: a partitioned frequency-domain Kalman filter for what is linear and early, and a
// suppressor for what is left (late, clipped, not yet learnt) and for noise. One thread per canceller;
// nothing is allocated per frame.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct wp_echo wp_echo;

/// block: samples of 10 ms; partitions: how many of them an echo lasts; suppresses_noise: 0 or 1.
wp_echo *wp_echo_new(size_t block, size_t partitions, int suppresses_noise);
void wp_echo_free(wp_echo *echo);

/// One block: what the microphone heard, what the loudspeaker played, and what is left.
void wp_echo_run(wp_echo *echo, const int16_t *microphone, const int16_t *reference, int16_t *out);

/// Samples by which the output is late.
size_t wp_echo_delay(const wp_echo *echo);

/// What the filter alone left of the last block, before the suppressor (mean square), and what the suppressor
/// reckons to be echo in its output.
double wp_echo_linear_power(const wp_echo *echo);
double wp_echo_rest_power(const wp_echo *echo);

/// Where the echo comes first, in blocks after the reference; -1: not known.
int wp_echo_peak(const wp_echo *echo);
