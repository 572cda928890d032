// SPDX-License-Identifier: Apache-2.0
// What the files of this shim share. libre's headers assume the flags that the library was built with.
#pragma once
#define HAVE_INTTYPES_H 1
#define HAVE_STDBOOL_H 1
#define HAVE_INET6 1
#define RELEASE 1
#define USE_OPENSSL 1
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <re/re.h>
#include "cre.h"

enum { CRE_LOGINS = 4, CRE_TEXT = 16384 };

struct cre_stack {
    cre_handlers on;
    struct sip *sip;
    struct sipsess_sock *sessions;
    struct sip_lsnr *guard, *rest, *stray;
    struct tls *tls;
    char *names;
    struct { char *realm, *user, *password; } logins[CRE_LOGINS];
};

struct cre_call {
    cre_stack *stack;
    uint64_t number;
    struct sipsess *session;
};

struct cre_task {
    cre_stack *stack;
    uint64_t number;
    struct sip_request *request;
    struct sipreg *registration;
    struct sip_auth *auth;
};

/// sip_auth_h: user and password of a realm that we know.
int cre_credentials(char **user, char **password, const char *realm, void *stack);
/// Our text as a buffer of libre's; NULL for no text.
struct mbuf *cre_buffer(const char *text);
static inline const cre_message *cre_of(const struct sip_msg *message) {
    return (const cre_message *)message;
}
static inline const struct sip_msg *cre_sip(const cre_message *message) {
    return (const struct sip_msg *)message;
}
