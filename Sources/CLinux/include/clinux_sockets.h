// SPDX-License-Identifier: Apache-2.0 Datagram sockets with plain numbers and bytes. Every function returns
// -errno where it says "or -errno"; none blocks.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Longest Unix socket name, with the zero at its end.
#define WP_UNIX_NAME_BYTES 109

/// IPv4 UDP, non-blocking, close-on-exec, bound to address:port (host byte order; port 0: the kernel's
/// choice, told in *bound_port). The address need not be up yet. receive_bytes is forced past the system's
/// limit where allowed. The descriptor, or -errno.
int wp_udp_open(uint32_t address, uint16_t port, int receive_bytes, uint16_t *bound_port);
/// 0, or -errno.
int wp_udp_send(int fd, const uint8_t *bytes, size_t count, uint32_t address, uint16_t port);
/// Bytes received (cut at capacity), or -errno.
int wp_udp_receive(int fd, uint8_t *bytes, size_t capacity, uint32_t *address, uint16_t *port);

/// IPv4 UDP socket that hears one multicast group on the interface that has this address, beside others who
/// hear it on the same port. The descriptor, or -errno.
int wp_group_open(uint32_t group, uint16_t port, uint32_t interface, int receive_bytes);
/// What this socket sends to groups leaves by the interface that has this address, passes so many routers,
/// and is heard on this machine too. 0, or -errno.
int wp_group_sender(int fd, uint32_t interface, int ttl);

/// Unix datagram socket, non-blocking, close-on-exec, telling its senders' credentials. An empty name: one of
/// the kernel's choice in the abstract space. A socket file that nobody listens on is replaced; a living one
/// is EADDRINUSE. The descriptor, or -errno.
int wp_unix_open(const char *name, unsigned mode, int receive_bytes);
/// To a path, or to an abstract name written with a leading '@'. 0, or -errno.
int wp_unix_send(int fd, const uint8_t *bytes, size_t count, const char *name);
/// Bytes received (cut at capacity), or -errno. *sender gets the name as wp_unix_send takes it, empty when it
/// has none; uid and pid are the kernel's word; -1 where it gave none. Descriptors sent along are never
/// installed.
int wp_unix_receive(int fd, uint8_t *bytes, size_t capacity, char sender[WP_UNIX_NAME_BYTES], uint32_t *uid,
                    int32_t *pid);
/// The name the socket is bound to, as above. 0, or -errno.
int wp_unix_name(int fd, char name[WP_UNIX_NAME_BYTES]);
