// SPDX-License-Identifier: Apache-2.0
// What Glibc's Swift module does not carry, or carries only as macros or varargs. Nothing here keeps state.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// eventfd(0, NONBLOCK|CLOEXEC); -1 and errno.
int wp_eventfd(void);
/// Adds one to an eventfd; never blocks.
void wp_eventfd_wake(int fd);
/// Empties an eventfd.
void wp_eventfd_drain(int fd);

/// CLOCK_MONOTONIC in nanoseconds.
uint64_t wp_uptime_ns(void);
/// CLOCK_REALTIME in milliseconds.
int64_t wp_wall_ms(void);
/// CLOCK_REALTIME less CLOCK_MONOTONIC in nanoseconds, read close together.
int64_t wp_wall_less_uptime_ns(void);
/// A descriptor that is readable after somebody set the wall clock; -1 and errno.
int wp_clock_set_fd(void);
/// Makes it tell of the next time.
void wp_clock_set_drain(int fd);

/// Waits until one of fds is readable or in error, at most timeout_ns (< 0: for ever), with nanosecond
/// timeouts. revents[i] gets poll's bits (0 when none). Returns the number of ready descriptors, 0 on
/// time-out, -1 and errno.
int wp_poll(const int *fds, short *revents, size_t count, int64_t timeout_ns);

/// Timers of this thread may be late by this much (kernel default 50,000 ns).
void wp_timer_slack_ns(unsigned long ns);

/// Blocks SIGTERM and SIGINT for this process and returns a descriptor that becomes readable when one comes;
/// ignores SIGPIPE. -1 and errno.
int wp_stop_signals(void);

/// Sends text to the service manager (sd_notify's protocol): socket_path as in NOTIFY_SOCKET, '@' for
/// abstract. Never blocks. 0, or -1 and errno.
int wp_notify(const char *socket_path, const char *text);

/// How far the wall clock may be off, in milliseconds; UINT32_MAX when nobody has set it since boot.
uint32_t wp_wall_uncertainty_ms(void);

/// Unmaps the pages of programs and libraries that cannot be written: what the start needed and the work does
/// not. What is needed comes back from the page cache at its next use.
void wp_give_back_startup_pages(void);

/// Resident memory of this process in bytes; 0 when unknown.
uint64_t wp_resident_bytes(void);

/// The id of a user of this machine by name; -1 when there is none.
int64_t wp_user_id(const char *name);

/// Names this thread, as `top -H` shows it (15 characters).
void wp_thread_name(const char *name);
