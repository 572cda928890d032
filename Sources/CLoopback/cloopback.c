// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "cloopback.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

static int closed(int fd, int error) {
    close(fd);
    return -error;
}

static int without_delay(int fd) {
    int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return fd;
}

int wp_loopback_listen(uint16_t *port) {
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    if (bind(fd, (struct sockaddr *)&at, sizeof at) < 0 || listen(fd, 64) < 0
        || getsockname(fd, (struct sockaddr *)&at, &size) < 0) return closed(fd, errno);
    *port = ntohs(at.sin_port);
    return fd;
}

int wp_loopback_accept(int fd) {
    int peer = accept4(fd, 0, 0, SOCK_CLOEXEC | SOCK_NONBLOCK);
    return peer < 0 ? -errno : without_delay(peer);
}

int wp_loopback_connect(uint16_t port) {
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) }
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    if (connect(fd, (struct sockaddr *)&at, sizeof at) < 0) return closed(fd, errno);
    if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0) return closed(fd, errno);
    return without_delay(fd);
}
