// SPDX-License-Identifier: Apache-2.0
// libgpiod 1.6: one descriptor per line, 16 edges kept, the newest dropped, no numbers.
#include "cgpiod_inside.h"
#ifdef WP_GPIOD_1

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct wp_gpio_line {
    struct gpiod_line *line;
    bool input;
};

void wp_inside_label(struct gpiod_chip *chip, char *label, size_t size) {
    snprintf(label, size, "%s", gpiod_chip_label(chip));
}

static struct gpiod_line *find(struct gpiod_chip *chip, const char *name, int *error) {
    struct gpiod_line *found = NULL;
    for (unsigned i = 0; i < gpiod_chip_num_lines(chip); i++) {
        struct gpiod_line *line = gpiod_chip_get_line(chip, i);
        if (!line) { *error = errno; return NULL; }
        const char *its = gpiod_line_name(line);
        if (!its || strcmp(its, name) != 0) continue;
        if (found) { *error = ENOTUNIQ; return NULL; }
        found = line;
    }
    int offset = wp_gpio_offset(name);
    if (found || offset < 0 || (unsigned)offset >= gpiod_chip_num_lines(chip)) {
        if (!found) *error = ENOENT;
        return found;
    }
    found = gpiod_chip_get_line(chip, (unsigned)offset);
    if (!found) *error = errno;
    return found;
}

static int flags_of(const wp_gpio_wish *wish) {
    int flags = wish->active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
    switch (wish->bias) {
    case 1: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
    case 2: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN;
    case 3: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE;
    default: return flags;
    }
}

wp_gpio_line *wp_gpio_line_open(wp_gpio_chip *chip, const char *name, const wp_gpio_wish *wish, int *error) {
    struct gpiod_line *found = find(chip, name, error);
    if (!found) return NULL;
    struct gpiod_line_request_config config = {
        .consumer = "watchpost",
        .request_type = wish->input ? GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES
                                    : GPIOD_LINE_REQUEST_DIRECTION_OUTPUT,
        .flags = flags_of(wish),
    };
    if (gpiod_line_request(found, &config, wish->initially_active) < 0) { *error = errno; return NULL; }
    int blocked = wish->input ? wp_inside_unblock(gpiod_line_event_get_fd(found)) : 0;
    wp_gpio_line *line = calloc(1, sizeof *line);
    if (!line || blocked < 0) {
        *error = line ? -blocked : ENOMEM;
        gpiod_line_release(found);
        free(line);
        return NULL;
    }
    *line = (wp_gpio_line){ .line = found, .input = wish->input };
    return line;
}

void wp_gpio_line_close(wp_gpio_line *line) {
    gpiod_line_release(line->line);
    free(line);
}

int wp_gpio_line_fd(const wp_gpio_line *line) {
    return line->input ? gpiod_line_event_get_fd(line->line) : -1;
}

int wp_gpio_line_get(wp_gpio_line *line) {
    int value = gpiod_line_get_value(line->line);
    return value < 0 ? -errno : value;
}

int wp_gpio_line_set(wp_gpio_line *line, bool active) {
    return gpiod_line_set_value(line->line, active) < 0 ? -errno : 0;
}

int wp_gpio_line_read(wp_gpio_line *line, wp_gpio_edge *edges, size_t max) {
    struct gpiod_line_event events[16];
    int count = gpiod_line_event_read_multiple(line->line, events, max < 16 ? (unsigned)max : 16);
    if (count < 0) return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        uint64_t stamp = (uint64_t)events[i].ts.tv_sec * 1000000000u + (uint64_t)events[i].ts.tv_nsec;
        edges[i] = (wp_gpio_edge){
            .active = events[i].event_type == GPIOD_LINE_EVENT_RISING_EDGE,
            .at_ns = wp_inside_uptime(stamp),
        };
    }
    return count;
}
#endif
