// SPDX-License-Identifier: Apache-2.0
// Plays IN.f32 on probe:out and writes what comes to probe:in, from the same frame on, to OUT.f32. cc -O2 -o
// jack_probe jack_probe.c -ljack; jack_probe IN.f32 OUT.f32 SECONDS (begins when a line comes on stdin)
#include <jack/jack.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static jack_port_t *out, *in;
static float *said, *heard;
static size_t said_count, total, at;
static atomic_int runs;

static int move(jack_nframes_t count, void *unused) {
    (void)unused;
    float *to = jack_port_get_buffer(out, count), *from = jack_port_get_buffer(in, count);
    for (jack_nframes_t n = 0; n < count; n++) {
        int is_on = atomic_load(&runs) && at < total;
        to[n] = is_on && at < said_count ? said[at] : 0;
        if (is_on) heard[at++] = from[n];
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    FILE *file = fopen(argv[1], "rb");
    if (!file) return 1;
    fseek(file, 0, SEEK_END);
    said_count = (size_t)ftell(file) / sizeof *said;
    rewind(file);
    said = malloc(said_count * sizeof *said);
    if (!said || fread(said, sizeof *said, said_count, file) != said_count) return 1;
    fclose(file);
    jack_client_t *client = jack_client_open("probe", JackNoStartServer, NULL);
    if (!client) return 1;
    total = (size_t)(atof(argv[3]) * jack_get_sample_rate(client));
    heard = calloc(total, sizeof *heard);
    out = jack_port_register(client, "out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
    in = jack_port_register(client, "in", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
    jack_set_process_callback(client, move, NULL);
    if (!heard || !out || !in || jack_activate(client) != 0) return 1;
    puts("ready");
    fflush(stdout);
    if (getchar() == EOF) return 1;
    atomic_store(&runs, 1);
    struct timespec nap = { .tv_nsec = 20000000 };
    while (at < total) nanosleep(&nap, NULL);
    jack_client_close(client);
    file = fopen(argv[2], "wb");
    if (!file || fwrite(heard, sizeof *heard, total, file) != total) return 1;
    return fclose(file) == 0 ? 0 : 1;
}
