// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux_process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

// Pointers to the zero-terminated words in text, and a NULL behind them; NULL when memory is out.
static char **split(const char *text, size_t size) {
    size_t count = 0;
    for (size_t i = 0; i < size; i++) count += text[i] == 0;
    char **list = calloc(count + 1, sizeof *list);
    if (!list) return NULL;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        list[i] = (char *)text + at;
        at += strlen(text + at) + 1;
    }
    return list;
}

// Between fork and exec: nothing but calls that are safe there.
static void become(char **words, char **environment, const char *log_path, pid_t parent, int told) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    setpgid(0, 0);
    for (int s = 1; s < NSIG; s++) signal(s, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int in = open("/dev/null", O_RDONLY);
    int out = log_path[0] ? open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600) : 2;
    if (in >= 0 && out >= 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(out, 2) == 2) {
        // Descriptors of the parent that forgot O_CLOEXEC stay here.
        syscall(SYS_close_range, 3, ~0u, 4 /* CLOSE_RANGE_CLOEXEC */);
        execve(words[0], words, environment);
    }
    int why = errno;
    ssize_t ignored = write(told, &why, sizeof why);
    (void)ignored;
    _exit(127);
}

int wp_spawn(
    const char *words, size_t words_size, const char *environment, size_t environment_size,
    const char *log_path) {
    char **argv = split(words, words_size), **envp = split(environment, environment_size);
    int told[2] = { -1, -1 }, why = 0;
    pid_t pid = -1, parent = getpid();
    if (!argv || !envp || !argv[0]) why = argv && envp ? EINVAL : ENOMEM;
    else if (pipe2(told, O_CLOEXEC) < 0) why = errno;
    else {
        pid = fork();
        if (pid == 0) become(argv, envp, log_path, parent, told[1]);
        if (pid < 0) why = errno;
        close(told[1]);
        // Nothing to read: the exec took place and closed the pipe.
        ssize_t got = -1;
        if (pid > 0) do { got = read(told[0], &why, sizeof why); } while (got < 0 && errno == EINTR);
        if (pid > 0 && got <= 0) why = 0;
        if (pid > 0 && why) waitpid(pid, NULL, 0);
        close(told[0]);
    }
    free(argv);
    free(envp);
    if (why) { errno = why; return -1; }
    return pid;
}

int wp_pidfd(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int wp_reap(int pid, int *code) {
    int status;
    pid_t got;
    do { got = waitpid(pid, &status, WNOHANG); } while (got < 0 && errno == EINTR);
    if (got <= 0) return (int)got;
    if (WIFSIGNALED(status)) { *code = WTERMSIG(status); return 2; }
    *code = WEXITSTATUS(status);
    return 1;
}

int wp_signal_group(int pid, int signal) {
    if (pid <= 1) return ESRCH;
    return killpg(pid, signal) == 0 ? 0 : errno;
}

int wp_end_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    int why = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (why) { errno = why; return -1; }
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int wp_next_signal(int fd) {
    struct signalfd_siginfo info;
    ssize_t got;
    do { got = read(fd, &info, sizeof info); } while (got < 0 && errno == EINTR);
    return got == sizeof info ? (int)info.ssi_signo : 0;
}

static struct termios before;
static atomic_int is_raw;

int wp_raw_begin(void) {
    if (tcgetattr(0, &before) < 0) return errno;
    struct termios raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(0, TCSANOW, &raw) < 0) return errno;
    atomic_store(&is_raw, 1);
    return 0;
}

void wp_raw_end(void) {
    if (atomic_exchange(&is_raw, 0)) tcsetattr(0, TCSANOW, &before);
}

// Below what the kernel hands out by itself, so that nobody gets one by chance before its taker; every second
// one, because a SIP phone takes the next for TLS.
enum { first_port = 10000, past_ports = 30000 };
static _Atomic uint32_t ports_tried;

static int is_free(uint16_t port, int kind) {
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) }, .sin_port = htons(port)
    };
    int fd = socket(AF_INET, kind | SOCK_CLOEXEC, 0);
    if (fd < 0) return 0;
    int is = bind(fd, (struct sockaddr *)&at, sizeof at) == 0;
    close(fd);
    return is;
}

int wp_free_ports(uint16_t *ports, size_t count) {
    const uint32_t width = (past_ports - first_port) / 2;
    // Where this process begins: others of this machine look, too.
    uint32_t start = 0, none = 0;
    if (getrandom(&start, sizeof start, 0) != sizeof start) return -1;
    atomic_compare_exchange_strong(&ports_tried, &none, start % width + 1);
    size_t made = 0;
    for (uint32_t tried = 0; made < count && tried < width; tried++) {
        uint16_t port = (uint16_t)(first_port + atomic_fetch_add(&ports_tried, 1) % width * 2);
        if (is_free(port, SOCK_DGRAM) && is_free(port, SOCK_STREAM)) ports[made++] = port;
    }
    errno = made < count ? EADDRINUSE : 0;
    return made < count ? -1 : 0;
}

void wp_raise_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}
