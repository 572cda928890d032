// SPDX-License-Identifier: Apache-2.0 The simulated board: one page of memory in a file, shared by the agent
// (its lines' kernel, so to say) and whoever presses its buttons; and a datagram socket `path`.sock that
// carries the edges. Layout of the file, version 1, in the machine's byte order, offsets in bytes:
//
//        0  u64 magic "WPBOARD1" (0 while the file is being made)   8  u32 version   12  u32 number of lines
//       16  u32 unplugged (1: the bank finds ENODEV)   20  u32 unused   24  u64 number of output settings
//       64  128 lines of 128 bytes:
//             0 char chip[32]   32 char line[32]   64 char name[16]   (padded with zeros)
//            80 u8 output   81 u8 active low   82 u8 bias             (for the reader; levels are logical)
//            84 u32 active  88 u32 sequence of its changes  96 u64 uptime of the last change, ns
//    16448  4096 settings of outputs of 24 bytes, number n (from 1) at place (n - 1) % 4096:
//             0 u64 n (0 while being written)   8 u64 uptime, ns   16 u32 line   20 u32 active
//
// Levels are the truth; edges may be dropped when the reader is slow, and the sequence shows it. Nothing here
// blocks.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WP_BOARD_LINES = 128, WP_BOARD_CHANGES = 4096 };

typedef struct {
    char chip[32], line[32], name[16];
    bool output, active_low;
    uint8_t bias;
} wp_board_line;

typedef struct {
    bool active;
    uint32_t sequence;
    uint64_t changed_ns;
} wp_board_state;

typedef struct {
    uint32_t line, active, sequence;
    uint64_t at_ns;
} wp_board_edge;

typedef struct {
    uint64_t index, at_ns;
    uint32_t line, active;
} wp_board_change;

typedef struct wp_board wp_board;

/// The agent's side: makes the page where there is none or one with other lines; the levels of the same lines
/// stay. The page is held (EBUSY when another agent holds it). NULL and *error: EEXIST the file is something
/// else.
wp_board *wp_board_hold(const char *path, const wp_board_line *lines, size_t count, int *error);
/// The other side. ENOENT: no board yet; EINVAL: the file is none.
wp_board *wp_board_open(const char *path, int *error);
/// Unmaps; a held page can be held by another then. Its levels stay in the file.
void wp_board_close(wp_board *board);

size_t wp_board_count(const wp_board *board);
wp_board_line wp_board_describe(const wp_board *board, size_t line);
wp_board_state wp_board_read(const wp_board *board, size_t line);
bool wp_board_is_unplugged(const wp_board *board);
void wp_board_unplug(wp_board *board, bool unplugged);

/// Moves an input; true when it changed, with what is to be sent.
bool wp_board_move(wp_board *board, size_t line, bool active, wp_board_edge *edge);
/// Sets an output and writes the change down, when it is one.
void wp_board_set(wp_board *board, size_t line, bool active);
uint64_t wp_board_last_change(const wp_board *board);
/// Change `index`; false when it was overwritten or is not there yet.
bool wp_board_change_at(const wp_board *board, uint64_t index, wp_board_change *change);

/// The agent's socket, bound at `path`, non-blocking; negative errno.
int wp_board_listen(const char *path);
/// 1 an edge, 0 none waits (anything else that came was thrown away).
int wp_board_receive(int fd, wp_board_edge *edge);
/// A socket to send from, and a send that never waits: 0, or negative errno when the edge was dropped.
int wp_board_sender(void);
int wp_board_send(int fd, const char *path, const wp_board_edge *edge);
