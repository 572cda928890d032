// SPDX-License-Identifier: Apache-2.0
// The few things the agent asks of a GPIO chip, the same over libgpiod 1.6 (Debian 12) and 2.x (Debian 13),
// which share no interface. Chips are found by label, lines by name (or, where the chip has none for them, by
// its maker's number: `#3`). Each line is a request of its own: a
// busy line takes no other with it and a chattering one displaces nobody's edges. No call blocks. Errors are
// negative errno values.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gpiod_chip wp_gpio_chip;
typedef struct wp_gpio_line wp_gpio_line;

typedef struct {
    bool input;
    bool active_low;
    uint8_t bias;          // 0 as is, 1 pull-up, 2 pull-down, 3 disabled
    bool initially_active; // outputs
    size_t buffer_count;   // edges that the kernel is asked to keep (2.x)
} wp_gpio_wish;

typedef struct {
    bool active;       // after active-low
    uint32_t sequence; // of the line since it was opened, from 1; 0: libgpiod 1.6 has no numbers
    uint64_t at_ns;    // CLOCK_MONOTONIC
} wp_gpio_edge;

/// The chip with this label. NULL and *error: ENODEV none has it, ENOTUNIQ two have it, EACCES none, and some
/// could not be looked at. `labels` gets the labels of the chips that are there, for the technician; empty
/// when there are none.
wp_gpio_chip *wp_gpio_chip_open(const char *label, char *labels, size_t size, int *error);
/// Close its lines before.
void wp_gpio_chip_close(wp_gpio_chip *chip);

/// The number that a name like `#3` stands for: line 3 of a chip whose lines have no names. -1: a name like
/// any other.
int wp_gpio_offset(const char *name);

/// The line of this name, else of the number it stands for. NULL and *error: ENOENT no such line, ENOTUNIQ
/// two of this name, EBUSY somebody else holds it, …
wp_gpio_line *wp_gpio_line_open(wp_gpio_chip *chip, const char *name, const wp_gpio_wish *wish, int *error);
void wp_gpio_line_close(wp_gpio_line *line);
/// Readable when edges wait, in error when the chip is gone. -1 for an output.
int wp_gpio_line_fd(const wp_gpio_line *line);
/// 1 active, 0 inactive.
int wp_gpio_line_get(wp_gpio_line *line);
int wp_gpio_line_set(wp_gpio_line *line, bool active);
/// How many edges of at most `max` were read; 0 when none waits.
int wp_gpio_line_read(wp_gpio_line *line, wp_gpio_edge *edges, size_t max);

/// One descriptor for many lines.
int wp_gpio_join(void);
/// Adds a line's descriptor under a number; closing the line takes it out again.
int wp_gpio_join_add(int join, int fd, uint32_t number);
/// The numbers of lines that are ready or in error, at most `max`; does not wait.
int wp_gpio_join_ready(int join, uint32_t *numbers, size_t max);
