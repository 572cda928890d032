// SPDX-License-Identifier: Apache-2.0
#include "copus.h"

int wp_opus_encoder_set(OpusEncoder *encoder, int request, opus_int32 value) {
    return opus_encoder_ctl(encoder, request, value);
}

int wp_opus_encoder_lookahead(OpusEncoder *encoder) {
    opus_int32 samples = 0;
    return opus_encoder_ctl(encoder, OPUS_GET_LOOKAHEAD(&samples)) == OPUS_OK ? samples : 0;
}
