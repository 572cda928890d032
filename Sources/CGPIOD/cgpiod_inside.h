// SPDX-License-Identifier: Apache-2.0
// Between the files of this shim.
#pragma once
#include "cgpiod.h"

#include <gpiod.h>

// The two libraries carry no version macro; this one exists in 1.6 only.
#ifdef GPIOD_LINE_BULK_MAX_LINES
#define WP_GPIOD_1 1
#endif

void wp_inside_label(struct gpiod_chip *chip, char *label, size_t size);
/// A read of this descriptor never waits.
int wp_inside_unblock(int fd);
/// Kernels before 5.7 stamp edges of the old interface with the wall clock: such a stamp lies beyond the
/// uptime.
uint64_t wp_inside_uptime(uint64_t stamp);
