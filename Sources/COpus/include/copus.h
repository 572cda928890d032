// SPDX-License-Identifier: Apache-2.0
// libopus; its settings are varargs there, plain functions here.
#pragma once
#include <opus/opus.h>

/// One setting that takes a number (an OPUS_SET_… request); OPUS_OK or an error.
int wp_opus_encoder_set(OpusEncoder *encoder, int request, opus_int32 value);
/// Samples by which the encoder's output is late, at its own rate.
int wp_opus_encoder_lookahead(OpusEncoder *encoder);
