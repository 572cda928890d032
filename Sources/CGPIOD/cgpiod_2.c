// SPDX-License-Identifier: Apache-2.0
// libgpiod 2.x: numbered edges, a buffer as large as asked for, the oldest overwritten.
#include "cgpiod_inside.h"
#ifndef WP_GPIOD_1

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct wp_gpio_line {
    struct gpiod_line_request *request;
    struct gpiod_edge_event_buffer *buffer; // inputs only
    unsigned offset;
};

void wp_inside_label(struct gpiod_chip *chip, char *label, size_t size) {
    struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
    snprintf(label, size, "%s", info ? gpiod_chip_info_get_label(info) : "");
    gpiod_chip_info_free(info);
}

/// The line's offset, or a negative errno.
static int find(struct gpiod_chip *chip, const char *name) {
    struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
    if (!info) return -errno;
    size_t count = gpiod_chip_info_get_num_lines(info);
    gpiod_chip_info_free(info);
    int found = -ENOENT;
    for (unsigned i = 0; i < count; i++) {
        struct gpiod_line_info *line = gpiod_chip_get_line_info(chip, i);
        if (!line) return -errno;
        const char *its = gpiod_line_info_get_name(line);
        bool is_same = its && strcmp(its, name) == 0;
        gpiod_line_info_free(line);
        if (is_same && found >= 0) return -ENOTUNIQ;
        if (is_same) found = (int)i;
    }
    int offset = wp_gpio_offset(name);
    return found == -ENOENT && offset >= 0 && (size_t)offset < count ? offset : found;
}

static int wish_to(struct gpiod_line_settings *settings, const wp_gpio_wish *wish) {
    static const enum gpiod_line_bias biases[] = {
        GPIOD_LINE_BIAS_AS_IS, GPIOD_LINE_BIAS_PULL_UP, GPIOD_LINE_BIAS_PULL_DOWN, GPIOD_LINE_BIAS_DISABLED,
    };
    gpiod_line_settings_set_active_low(settings, wish->active_low);
    if (gpiod_line_settings_set_bias(settings, biases[wish->bias & 3]) < 0) return -1;
    if (!wish->input)
        return gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT) < 0
            ? -1
            : gpiod_line_settings_set_output_value(
                  settings, wish->initially_active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE);
    if (gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT) < 0) return -1;
    if (gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH) < 0) return -1;
    return gpiod_line_settings_set_event_clock(settings, GPIOD_LINE_CLOCK_MONOTONIC);
}

static struct gpiod_line_request *request(
    struct gpiod_chip *chip, unsigned offset, const wp_gpio_wish *wish, int *error) {
    struct gpiod_line_settings *settings = gpiod_line_settings_new();
    struct gpiod_line_config *lines = gpiod_line_config_new();
    struct gpiod_request_config *config = gpiod_request_config_new();
    struct gpiod_line_request *made = NULL;
    *error = ENOMEM;
    if (settings && lines && config) {
        gpiod_request_config_set_consumer(config, "watchpost");
        gpiod_request_config_set_event_buffer_size(config, wish->buffer_count);
        if (wish_to(settings, wish) == 0
            && gpiod_line_config_add_line_settings(lines, &offset, 1, settings) == 0)
            made = gpiod_chip_request_lines(chip, config, lines);
        if (!made) *error = errno;
    }
    gpiod_request_config_free(config);
    gpiod_line_config_free(lines);
    gpiod_line_settings_free(settings);
    return made;
}

wp_gpio_line *wp_gpio_line_open(wp_gpio_chip *chip, const char *name, const wp_gpio_wish *wish, int *error) {
    int offset = find(chip, name);
    if (offset < 0) { *error = -offset; return NULL; }
    wp_gpio_line *line = calloc(1, sizeof *line);
    if (!line) { *error = ENOMEM; return NULL; }
    line->offset = (unsigned)offset;
    line->request = request(chip, line->offset, wish, error);
    if (line->request && wish->input) {
        line->buffer = gpiod_edge_event_buffer_new(64);
        int blocked = wp_inside_unblock(gpiod_line_request_get_fd(line->request));
        if (!line->buffer || blocked < 0) {
            *error = line->buffer ? -blocked : ENOMEM;
            gpiod_line_request_release(line->request);
            line->request = NULL;
        }
    }
    if (line->request) return line;
    if (line->buffer) gpiod_edge_event_buffer_free(line->buffer);
    free(line);
    return NULL;
}

void wp_gpio_line_close(wp_gpio_line *line) {
    gpiod_line_request_release(line->request);
    if (line->buffer) gpiod_edge_event_buffer_free(line->buffer);
    free(line);
}

int wp_gpio_line_fd(const wp_gpio_line *line) {
    return line->buffer ? gpiod_line_request_get_fd(line->request) : -1;
}

int wp_gpio_line_get(wp_gpio_line *line) {
    enum gpiod_line_value value = gpiod_line_request_get_value(line->request, line->offset);
    return value == GPIOD_LINE_VALUE_ERROR ? -errno : value == GPIOD_LINE_VALUE_ACTIVE;
}

int wp_gpio_line_set(wp_gpio_line *line, bool active) {
    enum gpiod_line_value value = active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
    return gpiod_line_request_set_value(line->request, line->offset, value) < 0 ? -errno : 0;
}

int wp_gpio_line_read(wp_gpio_line *line, wp_gpio_edge *edges, size_t max) {
    int count = gpiod_line_request_read_edge_events(line->request, line->buffer, max < 64 ? max : 64);
    if (count < 0) return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        struct gpiod_edge_event *event = gpiod_edge_event_buffer_get_event(line->buffer, (unsigned long)i);
        edges[i] = (wp_gpio_edge){
            .active = gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE,
            .sequence = (uint32_t)gpiod_edge_event_get_line_seqno(event),
            .at_ns = gpiod_edge_event_get_timestamp_ns(event),
        };
    }
    return count;
}
#endif
