// SPDX-License-Identifier: Apache-2.0 Child processes, the signals that end us, and the terminal under our
// fingers. Nothing here keeps state but wp_raw_*.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Starts a program in a process group of its own, with default signals, stdin from /dev/null, stdout and
/// stderr to log_path (appended; made when missing; empty: inherited). It is killed when the calling thread
/// ends, however that happens. words: the program's path and its arguments, each with a terminating zero;
/// environment likewise ("NAME=value"). Returns the pid, or -1 and errno (also when the program could not be
/// executed).
int wp_spawn(
    const char *words, size_t words_size, const char *environment, size_t environment_size,
    const char *log_path);

/// A descriptor that is readable when the process has ended; -1 and errno.
int wp_pidfd(int pid);

/// Takes the end of a child that has ended. 1: *code is its exit code; 2: *code is the signal; 0: still
/// running; -1.
int wp_reap(int pid, int *code);

/// Sends a signal to a whole process group; 0 or an errno.
int wp_signal_group(int pid, int signal);

/// Blocks SIGINT, SIGTERM and SIGHUP for this thread and those it starts, and gives a descriptor that tells
/// them; -1. To be called before any other thread exists.
int wp_end_signals(void);
/// The next signal from that descriptor; 0 when there is none.
int wp_next_signal(int fd);

/// Keys one by one, not echoed, Ctrl-C still a signal. 0, or an errno (ENOTTY: standard input is no
/// terminal).
int wp_raw_begin(void);
/// As it was before wp_raw_begin; may be called twice and from any thread.
void wp_raw_end(void);

/// Ports of 127.0.0.1 that are free for datagrams and connections, all different, outside of what the kernel
/// hands out by itself; nobody holds them afterwards. 0, or -1 and errno.
int wp_free_ports(uint16_t *ports, size_t count);

/// As many open descriptors as this process may ask for: a service starts with 1,024.
void wp_raise_file_limit(void);
