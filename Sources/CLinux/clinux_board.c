// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux_board.h"
#include "clinux.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const uint64_t MAGIC = 0x314452414f425057; // "WPBOARD1"

struct line {
    char chip[32], line[32], name[16];
    uint8_t output, active_low, bias, unused;
    _Atomic uint32_t active, sequence;
    uint32_t pad;
    _Atomic uint64_t changed_ns;
    uint8_t reserved[24];
};

struct change {
    _Atomic uint64_t index;
    _Atomic uint64_t at_ns;
    _Atomic uint32_t line, active;
};

struct page {
    _Atomic uint64_t magic;
    uint32_t version;
    _Atomic uint32_t count, unplugged, unused;
    _Atomic uint64_t changes;
    uint8_t reserved[32];
    struct line lines[WP_BOARD_LINES];
    struct change ring[WP_BOARD_CHANGES];
};

_Static_assert(sizeof(struct line) == 128 && offsetof(struct line, active) == 84, "the layout is fixed");
_Static_assert(offsetof(struct line, changed_ns) == 96 && sizeof(struct change) == 24, "the layout is fixed");
_Static_assert(offsetof(struct page, lines) == 64, "the layout is fixed");
_Static_assert(offsetof(struct page, ring) == 16448, "the layout is fixed");

struct wp_board {
    struct page *page;
    int fd;
};

static bool same_lines(const struct page *page, const wp_board_line *lines, size_t count) {
    if (page->count != count) return false;
    for (size_t i = 0; i < count; i++) {
        const struct line *have = &page->lines[i];
        if (memcmp(have->chip, lines[i].chip, 32) || memcmp(have->line, lines[i].line, 32)) return false;
        if (memcmp(have->name, lines[i].name, 16) || have->output != lines[i].output) return false;
    }
    return true;
}

static void make(struct page *page, const wp_board_line *lines, size_t count) {
    bool same = page->magic == MAGIC && page->version == 1 && same_lines(page, lines, count);
    if (!same) {
        page->magic = 0;
        atomic_thread_fence(memory_order_seq_cst);
        memset((char *)page + 8, 0, sizeof *page - 8);
        page->version = 1;
    }
    for (size_t i = 0; i < count; i++) {
        struct line *line = &page->lines[i];
        if (!same) {
            memcpy(line->chip, lines[i].chip, 32);
            memcpy(line->line, lines[i].line, 32);
            memcpy(line->name, lines[i].name, 16);
            line->output = lines[i].output;
        }
        line->active_low = lines[i].active_low;
        line->bias = lines[i].bias;
    }
    page->count = (uint32_t)count;
    atomic_thread_fence(memory_order_seq_cst);
    page->magic = MAGIC;
}

static wp_board *map(int fd, int *error) {
    wp_board *board = malloc(sizeof *board);
    struct page *page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (board && page != MAP_FAILED) {
        *board = (wp_board){ .page = page, .fd = fd };
        return board;
    }
    *error = board ? errno : ENOMEM;
    if (page != MAP_FAILED) munmap(page, sizeof *page);
    free(board);
    close(fd);
    return NULL;
}

wp_board *wp_board_hold(const char *path, const wp_board_line *lines, size_t count, int *error) {
    if (count > WP_BOARD_LINES) { *error = E2BIG; return NULL; }
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
    if (fd < 0) { *error = errno; return NULL; }
    struct stat status;
    *error = 0;
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) *error = errno == EWOULDBLOCK ? EBUSY : errno;
    else if (fstat(fd, &status) < 0) *error = errno;
    else if (status.st_size != 0 && status.st_size != sizeof(struct page)) *error = EEXIST;
    // Allocated, not only sized: a full file system must be an error here, not a SIGBUS at a later write.
    else if (status.st_size == 0) *error = posix_fallocate(fd, 0, sizeof(struct page));
    if (*error != 0) {
        close(fd);
        return NULL;
    }
    wp_board *board = map(fd, error);
    if (!board) return NULL;
    if (board->page->magic != MAGIC && board->page->magic != 0) {
        wp_board_close(board);
        *error = EEXIST;
        return NULL;
    }
    make(board->page, lines, count);
    return board;
}

wp_board *wp_board_open(const char *path, int *error) {
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    struct stat status = { 0 };
    if (fd < 0) { *error = errno; return NULL; }
    if (fstat(fd, &status) < 0 || status.st_size != sizeof(struct page)) {
        *error = status.st_size == 0 ? ENOENT : EINVAL;
        close(fd);
        return NULL;
    }
    wp_board *board = map(fd, error);
    if (board && (board->page->magic != MAGIC || board->page->version != 1)) {
        *error = board->page->magic == 0 ? ENOENT : EINVAL;
        wp_board_close(board);
        return NULL;
    }
    return board;
}

void wp_board_close(wp_board *board) {
    munmap(board->page, sizeof *board->page);
    close(board->fd);
    free(board);
}

size_t wp_board_count(const wp_board *board) {
    size_t count = board->page->count;
    return board->page->magic == MAGIC && count <= WP_BOARD_LINES ? count : 0;
}

wp_board_line wp_board_describe(const wp_board *board, size_t line) {
    const struct line *its = &board->page->lines[line];
    wp_board_line text = { .output = its->output, .active_low = its->active_low, .bias = its->bias };
    memcpy(text.chip, its->chip, 31);
    memcpy(text.line, its->line, 31);
    memcpy(text.name, its->name, 16);
    return text;
}

wp_board_state wp_board_read(const wp_board *board, size_t line) {
    const struct line *its = &board->page->lines[line];
    return (wp_board_state){
        .active = its->active, .sequence = its->sequence, .changed_ns = its->changed_ns,
    };
}

bool wp_board_is_unplugged(const wp_board *board) {
    return board->page->unplugged || board->page->magic != MAGIC;
}
void wp_board_unplug(wp_board *board, bool unplugged) { board->page->unplugged = unplugged; }

bool wp_board_move(wp_board *board, size_t line, bool active, wp_board_edge *edge) {
    struct line *its = &board->page->lines[line];
    uint64_t now = wp_uptime_ns();
    if (its->output || atomic_exchange(&its->active, active) == active) return false;
    its->changed_ns = now;
    uint32_t sequence = atomic_fetch_add(&its->sequence, 1) + 1;
    *edge = (wp_board_edge){ .line = (uint32_t)line, .active = active, .sequence = sequence, .at_ns = now };
    return true;
}

void wp_board_set(wp_board *board, size_t line, bool active) {
    struct line *its = &board->page->lines[line];
    if (!its->output) return;
    uint64_t now = wp_uptime_ns();
    if (its->active != active) {
        its->active = active;
        its->changed_ns = now;
        its->sequence = its->sequence + 1;
    }
    // One writer: the agent that holds the page. The index is written last, so a reader never takes half a
    // change.
    uint64_t index = board->page->changes + 1;
    struct change *change = &board->page->ring[(index - 1) % WP_BOARD_CHANGES];
    change->index = 0;
    change->at_ns = now;
    change->line = (uint32_t)line;
    change->active = active;
    change->index = index;
    board->page->changes = index;
}

uint64_t wp_board_last_change(const wp_board *board) { return board->page->changes; }

bool wp_board_change_at(const wp_board *board, uint64_t index, wp_board_change *change) {
    if (index == 0) return false;
    const struct change *its = &board->page->ring[(index - 1) % WP_BOARD_CHANGES];
    if (its->index != index) return false;
    *change = (wp_board_change){
        .index = index, .at_ns = its->at_ns, .line = its->line, .active = its->active,
    };
    return its->index == index;
}

static int address(const char *path, struct sockaddr_un *to) {
    *to = (struct sockaddr_un){ .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof to->sun_path) return -ENAMETOOLONG;
    strcpy(to->sun_path, path);
    return 0;
}

int wp_board_listen(const char *path) {
    struct sockaddr_un here;
    int error = address(path, &here);
    if (error < 0) return error;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    unlink(path);
    if (bind(fd, (struct sockaddr *)&here, sizeof here) < 0) {
        error = -errno;
        close(fd);
        return error;
    }
    chmod(path, 0660);
    return fd;
}

int wp_board_receive(int fd, wp_board_edge *edge) {
    for (;;) {
        ssize_t got = recv(fd, edge, sizeof *edge, MSG_DONTWAIT | MSG_TRUNC);
        if (got == sizeof *edge) return 1;
        if (got < 0 && errno != EINTR) return 0;
    }
}

int wp_board_sender(void) {
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return fd < 0 ? -errno : fd;
}

int wp_board_send(int fd, const char *path, const wp_board_edge *edge) {
    struct sockaddr_un to;
    int error = address(path, &to);
    if (error < 0) return error;
    int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
    ssize_t sent = sendto(fd, edge, sizeof *edge, flags, (struct sockaddr *)&to, sizeof to);
    return sent < 0 ? -errno : 0;
}
