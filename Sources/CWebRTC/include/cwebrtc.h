// SPDX-License-Identifier: Apache-2.0
// The echo canceller of Debian's libwebrtc-audio-processing 0.3, opened when a terminal asks for it: who
// takes another one does not carry it. Built without its headers it is never there. One thread per canceller.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct wp_webrtc wp_webrtc;

/// 1 when it was built in and the library is installed here.
int wp_webrtc_is_there(void);
/// rate_hz: 16,000, 32,000 or 48,000; suppresses_noise: 0 or 1. NULL without the library.
wp_webrtc *wp_webrtc_new(int rate_hz, int suppresses_noise);
void wp_webrtc_free(wp_webrtc *canceller);
/// One block of 10 ms: what the microphone heard, what the loudspeaker played, and what is left.
void wp_webrtc_run(wp_webrtc *canceller, const int16_t *microphone, const int16_t *reference, int16_t *out);

#ifdef __cplusplus
}
#endif
