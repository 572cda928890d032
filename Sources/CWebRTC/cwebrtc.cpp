// SPDX-License-Identifier: Apache-2.0
#include "cwebrtc.h"

#if __has_include(<webrtc/modules/audio_processing/include/audio_processing.h>)
#include <dlfcn.h>
#include <new>
#include <pthread.h>
#include <webrtc/common.h>
#include <webrtc/modules/audio_processing/include/audio_processing.h>

// All but the making is virtual: nothing is linked.
typedef webrtc::AudioProcessing *make_canceller(const webrtc::Config &);

enum { BLOCK_MAX = 480, DELAY_UNKNOWN_MS = 0 };

static make_canceller *make;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_library() {
    void *handle = dlopen("libwebrtc_audio_processing.so.1", RTLD_NOW | RTLD_LOCAL);
    const char *name = "_ZN6webrtc15AudioProcessing6CreateERKNS_6ConfigE";
    if (handle) make = reinterpret_cast<make_canceller *>(dlsym(handle, name));
}

struct wp_webrtc {
    webrtc::AudioProcessing *processing;
    webrtc::StreamConfig format;
    float heard[BLOCK_MAX], played[BLOCK_MAX];
};

extern "C" int wp_webrtc_is_there(void) {
    pthread_once(&once, open_library);
    return make != nullptr;
}

extern "C" wp_webrtc *wp_webrtc_new(int rate_hz, int suppresses_noise) {
    if (rate_hz > BLOCK_MAX * 100 || !wp_webrtc_is_there()) return nullptr;
    wp_webrtc *made = new (std::nothrow) wp_webrtc();
    if (!made) return nullptr;
    webrtc::Config config;
    // Our reference line is in time already; what is wrong with a board's delay it finds itself.
    config.Set<webrtc::DelayAgnostic>(new webrtc::DelayAgnostic(true));
    config.Set<webrtc::ExtendedFilter>(new webrtc::ExtendedFilter(true));
    made->format = webrtc::StreamConfig(rate_hz, 1);
    made->processing = make(config);
    if (!made->processing) {
        delete made;
        return nullptr;
    }
    webrtc::AudioProcessing *with = made->processing;
    with->high_pass_filter()->Enable(true);
    with->echo_cancellation()->set_suppression_level(webrtc::EchoCancellation::kModerateSuppression);
    with->echo_cancellation()->enable_drift_compensation(false);
    with->echo_cancellation()->Enable(true);
    with->noise_suppression()->set_level(webrtc::NoiseSuppression::kModerate);
    with->noise_suppression()->Enable(suppresses_noise != 0);
    return made;
}

extern "C" void wp_webrtc_free(wp_webrtc *canceller) {
    if (!canceller) return;
    delete canceller->processing;
    delete canceller;
}

extern "C" void wp_webrtc_run(
    wp_webrtc *canceller, const int16_t *microphone, const int16_t *reference, int16_t *out) {
    const size_t count = canceller->format.num_frames();
    for (size_t i = 0; i < count; i++) {
        canceller->heard[i] = microphone[i] / 32768.f;
        canceller->played[i] = reference[i] / 32768.f;
    }
    float *heard[1] = {canceller->heard}, *played[1] = {canceller->played};
    const webrtc::StreamConfig &format = canceller->format;
    canceller->processing->ProcessReverseStream(played, format, format, played);
    canceller->processing->set_stream_delay_ms(DELAY_UNKNOWN_MS);
    canceller->processing->ProcessStream(heard, format, format, heard);
    for (size_t i = 0; i < count; i++) {
        const float sample = canceller->heard[i] * 32768.f;
        out[i] = sample > 32767 ? 32767 : sample < -32768 ? -32768 : static_cast<int16_t>(sample);
    }
}
#else
extern "C" int wp_webrtc_is_there(void) { return 0; }
extern "C" wp_webrtc *wp_webrtc_new(int, int) { return nullptr; }
extern "C" void wp_webrtc_free(wp_webrtc *) {}
extern "C" void wp_webrtc_run(wp_webrtc *, const int16_t *, const int16_t *, int16_t *) {}
#endif
