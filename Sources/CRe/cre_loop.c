// SPDX-License-Identifier: Apache-2.0
#include "cre_inside.h"
#define DEBUG_MODULE "cre"
#define DEBUG_LEVEL 0
#include <re/re_dbg.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <time.h>

// libre 1.1 counts its timers by gettimeofday: a step of the wall clock would fire all of them at once, or
// hold them for as long as it was set back. In this process that clock starts at the wall's time and never
// steps.
int gettimeofday(struct timeval *restrict into, void *restrict zone) {
    (void)zone;
    static int64_t base_us;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t up_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    int64_t base = __atomic_load_n(&base_us, __ATOMIC_RELAXED);
    if (!base) {
        struct timespec wall;
        clock_gettime(CLOCK_REALTIME, &wall);
        int64_t first = (int64_t)wall.tv_sec * 1000000 + wall.tv_nsec / 1000 - up_us, none = 0;
        if (!first) first = 1;
        base = __atomic_compare_exchange_n(&base_us, &none, first, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)
                   ? first : none;
    }
    into->tv_sec = (base + up_us) / 1000000;
    into->tv_usec = (base + up_us) % 1000000;
    return 0;
}

static pthread_once_t begun = PTHREAD_ONCE_INIT;
static int begin_error;
static void begin(void) {
    begin_error = libre_init();
    // Every malformed packet would be a line in the log, at the pace of whoever sends them.
    dbg_init(DBG_EMERG, DBG_NONE);
}

// The library once, and a loop of this thread's own: without one libre takes the process's, which another
// thread may have.
int cre_loop_begin(void) {
    pthread_once(&begun, begin);
    return begin_error ? begin_error : re_thread_init();
}

int cre_loop_run(void) { return re_main(NULL); }
void cre_loop_stop(void) { re_cancel(); }
void cre_loop_end(void) { re_thread_close(); }

struct watch { void (*ready)(void *); void *context; int fd; };
static struct watch watches[256];
static pthread_mutex_t watching = PTHREAD_MUTEX_INITIALIZER;

static void on_ready(int flags, void *argument) {
    (void)flags;
    struct watch *watch = argument;
    if (watch->ready) watch->ready(watch->context);
}

int cre_watch(int fd, void (*ready)(void *), void *context) {
    struct watch *free_place = NULL;
    pthread_mutex_lock(&watching);
    for (size_t i = 0; i < sizeof watches / sizeof *watches && !free_place; i++) {
        if (!watches[i].ready) free_place = &watches[i];
    }
    if (free_place) *free_place = (struct watch){ready, context, fd};
    pthread_mutex_unlock(&watching);
    if (!free_place) return EMFILE;
    int error = fd_listen(fd, FD_READ, on_ready, free_place);
    if (error) free_place->ready = NULL;
    return error;
}

void cre_unwatch(int fd) {
    fd_close(fd);
    pthread_mutex_lock(&watching);
    for (size_t i = 0; i < sizeof watches / sizeof *watches; i++) {
        if (watches[i].fd == fd) watches[i].ready = NULL;
    }
    pthread_mutex_unlock(&watching);
}

int cre_timer(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC); }

void cre_timer_set(int fd, uint64_t nanoseconds) {
    struct itimerspec when = {0};
    when.it_value.tv_sec = (time_t)(nanoseconds / 1000000000);
    when.it_value.tv_nsec = (long)(nanoseconds % 1000000000);
    timerfd_settime(fd, 0, &when, NULL);
}

void cre_timer_drain(int fd) {
    uint64_t count;
    if (read(fd, &count, sizeof count) < 0) return;
}

// MARK: Texts

static long copied(const struct pl *text, char *into, size_t size) {
    if (!text || !text->p) return -1;
    size_t count = text->l < size ? text->l : size - 1;
    memcpy(into, text->p, count);
    into[count] = 0;
    return (long)text->l;
}

long cre_text(const cre_message *message, int what, char *into, size_t size) {
    const struct sip_msg *sip = cre_sip(message);
    const struct sip_hdr *header;
    if (size == 0) return -1;
    into[0] = 0;
    switch (what) {
        case CRE_METHOD: return copied(&sip->met, into, size);
        case CRE_TARGET_USER: return copied(&sip->uri.user, into, size);
        case CRE_FROM_URI: return copied(&sip->from.auri, into, size);
        case CRE_FROM_USER: return copied(&sip->from.uri.user, into, size);
        case CRE_FROM_HOST: return copied(&sip->from.uri.host, into, size);
        case CRE_TO_USER: return copied(&sip->to.uri.user, into, size);
        case CRE_CALL_ID: return copied(&sip->callid, into, size);
        case CRE_REASON: return copied(&sip->reason, into, size);
        case CRE_CONTENT_TYPE:
            header = sip_msg_hdr(sip, SIP_HDR_CONTENT_TYPE);
            return header ? copied(&header->val, into, size) : -1;
        case CRE_CONTACT:
            header = sip_msg_hdr(sip, SIP_HDR_CONTACT);
            return header ? copied(&header->val, into, size) : -1;
    }
    return -1;
}

long cre_header(const cre_message *message, const char *name, char *into, size_t size) {
    if (size == 0) return -1;
    into[0] = 0;
    const struct sip_hdr *header = sip_msg_xhdr(cre_sip(message), name);
    return header ? copied(&header->val, into, size) : -1;
}

long cre_body(const cre_message *message, uint8_t *into, size_t size) {
    const struct mbuf *body = cre_sip(message)->mb;
    if (!body) return 0;
    size_t count = mbuf_get_left(body);
    memcpy(into, mbuf_buf(body), count < size ? count : size);
    return (long)count;
}

int cre_status(const cre_message *message) { return message ? cre_sip(message)->scode : 0; }

uint32_t cre_source(const cre_message *message, uint16_t *port) {
    const struct sa *source = &cre_sip(message)->src;
    *port = sa_port(source);
    return sa_af(source) == AF_INET ? sa_in(source) : 0;
}

int cre_transport(const cre_message *message) { return (int)cre_sip(message)->tp; }

struct mbuf *cre_buffer(const char *text) {
    if (!text || !*text) return NULL;
    size_t count = strlen(text);
    struct mbuf *buffer = mbuf_alloc(count);
    if (!buffer) return NULL;
    mbuf_write_mem(buffer, (const uint8_t *)text, count);
    buffer->pos = 0;
    return buffer;
}

// MARK: TLS

/// The chain is good; now the leaf has to name one of those whom we speak with.
static int names_a_friend(X509 *leaf, const char *names) {
    char name[256];
    while (*names) {
        size_t count = strcspn(names, "\n");
        if (count > 0 && count < sizeof name) {
            memcpy(name, names, count);
            name[count] = 0;
            if (X509_check_ip_asc(leaf, name, 0) == 1) return 1;
            if (X509_check_host(leaf, name, count, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL) == 1) return 1;
        }
        names += count + (names[count] == '\n');
    }
    return 0;
}

static int on_verify(int good, X509_STORE_CTX *chain) {
    if (!good || X509_STORE_CTX_get_error_depth(chain) != 0) return good;
    SSL *ssl = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());
    const char *names = ssl ? SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)) : NULL;
    if (names && names_a_friend(X509_STORE_CTX_get_current_cert(chain), names)) return 1;
    X509_STORE_CTX_set_error(chain, X509_V_ERR_HOSTNAME_MISMATCH);
    return 0;
}

int cre_listen_tls(cre_stack *stack, uint32_t address, uint16_t port, const char *certificate,
                   const char *authority, const char *names, uint16_t *bound) {
    if (stack->tls) return EALREADY;
    int error = tls_alloc(&stack->tls, TLS_METHOD_SSLV23, certificate, NULL);
    if (!error) error = tls_add_ca(stack->tls, authority);
    if (error) return error;
    stack->names = strdup(names);
    if (!stack->names) return ENOMEM;
    SSL_CTX *context = tls_openssl_context(stack->tls);
    SSL_CTX_set_app_data(context, stack->names);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, on_verify);
    // libre takes the port as it is told: the kernel's choice is made here.
    return cre_listen(stack, CRE_TLS, address, port, bound);
}
