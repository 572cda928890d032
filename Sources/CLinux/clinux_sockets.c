// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux_sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int closed(int fd, int error) {
    close(fd);
    return -error;
}

static void grow_receive_buffer(int fd, int bytes) {
    if (bytes <= 0) return;
    // Forcing needs CAP_NET_ADMIN; without it the system's own limit holds.
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

static struct sockaddr_in ipv4(uint32_t address, uint16_t port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(address) },
    };
}

int wp_udp_open(uint32_t address, uint16_t port, int receive_bytes, uint16_t *bound_port) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    grow_receive_buffer(fd, receive_bytes);
    // Alarms do not wait for the network to come up, and go before other traffic where switches listen to
    // DSCP (EF).
    int on = 1, expedited = 0xb8;
    setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &on, sizeof on);
    setsockopt(fd, IPPROTO_IP, IP_TOS, &expedited, sizeof expedited);
    struct sockaddr_in own = ipv4(address, port);
    socklen_t size = sizeof own;
    if (bind(fd, (struct sockaddr *)&own, sizeof own) != 0) return closed(fd, errno);
    if (getsockname(fd, (struct sockaddr *)&own, &size) != 0) return closed(fd, errno);
    *bound_port = ntohs(own.sin_port);
    return fd;
}

int wp_udp_send(int fd, const uint8_t *bytes, size_t count, uint32_t address, uint16_t port) {
    struct sockaddr_in to = ipv4(address, port);
    ssize_t sent;
    do {
        sent = sendto(fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof to);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

int wp_udp_receive(int fd, uint8_t *bytes, size_t capacity, uint32_t *address, uint16_t *port) {
    struct sockaddr_in from = { 0 };
    socklen_t size = sizeof from;
    ssize_t got;
    do {
        got = recvfrom(fd, bytes, capacity, MSG_DONTWAIT, (struct sockaddr *)&from, &size);
    } while (got < 0 && errno == EINTR);
    if (got < 0) return -errno;
    *address = ntohl(from.sin_addr.s_addr);
    *port = ntohs(from.sin_port);
    return (int)got;
}

int wp_group_open(uint32_t group, uint16_t port, uint32_t interface, int receive_bytes) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1, off = 0;
    if (fd < 0) return -errno;
    grow_receive_buffer(fd, receive_bytes);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    // Of this group alone, not of all that others of this machine have joined.
    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off);
    struct sockaddr_in own = ipv4(group, port);
    if (bind(fd, (struct sockaddr *)&own, sizeof own) != 0) return closed(fd, errno);
    struct ip_mreqn join = { .imr_multiaddr = { htonl(group) }, .imr_address = { htonl(interface) } };
    if (setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof join) != 0) return closed(fd, errno);
    return fd;
}

int wp_group_sender(int fd, uint32_t interface, int ttl) {
    struct ip_mreqn from = { .imr_address = { htonl(interface) } };
    int on = 1;
    if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &from, sizeof from) != 0) return -errno;
    if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl) != 0) return -errno;
    if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_LOOP, &on, sizeof on) != 0) return -errno;
    return 0;
}

// Fills in the address; 0 when the name is empty or too long.
static socklen_t unix_address(const char *name, struct sockaddr_un *address) {
    size_t length = strlen(name);
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (length == 0 || length >= sizeof address->sun_path) return 0;
    memcpy(address->sun_path, name, length);
    if (name[0] != '@') return sizeof *address;
    address->sun_path[0] = 0;
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

static void unix_text(const struct sockaddr_un *address, socklen_t size, char name[WP_UNIX_NAME_BYTES]) {
    size_t head = offsetof(struct sockaddr_un, sun_path);
    size_t length = size > head ? size - head : 0;
    if (length > WP_UNIX_NAME_BYTES - 1) length = WP_UNIX_NAME_BYTES - 1;
    memcpy(name, address->sun_path, length);
    name[length] = 0;
    if (length > 1 && name[0] == 0) name[0] = '@';
}

// A socket file without a listener is left over from a process that died; anything else is not ours to
// remove.
static int remove_stale(const char *path, const struct sockaddr_un *address, socklen_t size) {
    struct stat about;
    if (lstat(path, &about) != 0) return errno == ENOENT ? 0 : -errno;
    if (!S_ISSOCK(about.st_mode)) return -EADDRINUSE;
    int probe = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (probe < 0) return -errno;
    int refused = connect(probe, (const struct sockaddr *)address, size) != 0 && errno == ECONNREFUSED;
    close(probe);
    if (!refused) return -EADDRINUSE;
    return unlink(path) != 0 && errno != ENOENT ? -errno : 0;
}

int wp_unix_open(const char *name, unsigned mode, int receive_bytes) {
    struct sockaddr_un own;
    socklen_t size = unix_address(name, &own);
    int autobind = name[0] == 0;
    if (size == 0 && !autobind) return -ENAMETOOLONG;
    int is_file = !autobind && name[0] != '@';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    grow_receive_buffer(fd, receive_bytes);
    int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0) return closed(fd, errno);
    if (is_file) {
        int removed = remove_stale(name, &own, size);
        if (removed < 0) return closed(fd, -removed);
    }
    if (autobind) size = sizeof own.sun_family;
    if (bind(fd, (struct sockaddr *)&own, size) != 0) return closed(fd, errno);
    if (is_file && chmod(name, mode) != 0) return closed(fd, errno);
    return fd;
}

int wp_unix_send(int fd, const uint8_t *bytes, size_t count, const char *name) {
    struct sockaddr_un to;
    socklen_t size = unix_address(name, &to);
    if (size == 0) return -ENAMETOOLONG;
    ssize_t sent;
    do {
        sent = sendto(fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&to, size);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

int wp_unix_receive(int fd, uint8_t *bytes, size_t capacity, char sender[WP_UNIX_NAME_BYTES], uint32_t *uid,
                    int32_t *pid) {
    struct sockaddr_un from;
    // Room for the credentials and nothing else, so that the kernel drops any descriptors sent along.
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
    } control;
    struct iovec part = { .iov_base = bytes, .iov_len = capacity };
    struct msghdr message = { .msg_name = &from, .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control };
    ssize_t got;
    do {
        message.msg_namelen = sizeof from;
        message.msg_controllen = sizeof control;
        got = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0) return -errno;
    *uid = UINT32_MAX;
    *pid = -1;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_CREDENTIALS) continue;
        struct ucred who;
        memcpy(&who, CMSG_DATA(c), sizeof who);
        *uid = who.uid;
        *pid = who.pid;
    }
    unix_text(&from, message.msg_namelen, sender);
    return (int)got;
}

int wp_unix_name(int fd, char name[WP_UNIX_NAME_BYTES]) {
    struct sockaddr_un own;
    socklen_t size = sizeof own;
    if (getsockname(fd, (struct sockaddr *)&own, &size) != 0) return -errno;
    unix_text(&own, size, name);
    return 0;
}
