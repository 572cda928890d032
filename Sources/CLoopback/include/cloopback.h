// SPDX-License-Identifier: Apache-2.0
// TCP on loopback for the tool's slow line, which Swift cannot call well. Nothing here keeps state.
#pragma once
#include <stdint.h>

/// IPv4 TCP on loopback, close-on-exec, without delay. Listens on a port of the kernel's choice. The
/// descriptor, or -errno.
int wp_loopback_listen(uint16_t *port);
/// The next connection of a listener, non-blocking; or -errno.
int wp_loopback_accept(int fd);
/// Connects to a port of loopback; non-blocking afterwards. The descriptor, or -errno.
int wp_loopback_connect(uint16_t port);
