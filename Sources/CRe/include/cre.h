// SPDX-License-Identifier: Apache-2.0
// Signalling on libre, with plain texts and numbers: what Swift cannot call (varargs, callbacks with borrowed
// structures) stays here. Everything belongs to the one thread that called cre_loop_begin; nothing waits.
// Texts that are handed in are copied; messages are borrowed for the length of the callback.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct cre_stack cre_stack;
typedef struct cre_call cre_call;
typedef struct cre_task cre_task;
typedef struct cre_message cre_message;

/// Makes this thread libre's. 0 or an errno.
int cre_loop_begin(void);
/// Runs until cre_loop_stop, which is called on the same thread.
int cre_loop_run(void);
void cre_loop_stop(void);
void cre_loop_end(void);
/// Calls ready(context) whenever fd is readable.
int cre_watch(int fd, void (*ready)(void *context), void *context);
void cre_unwatch(int fd);
/// A monotonic timer as a descriptor to watch; set to fire once in so many nanoseconds, 0: not at all.
int cre_timer(void);
void cre_timer_set(int fd, uint64_t nanoseconds);
void cre_timer_drain(int fd);

enum { CRE_UDP = 0, CRE_TCP = 1, CRE_TLS = 2 };

/// What a message says. Texts are cut at the size given; each function returns the whole length, -1: absent.
enum {
    CRE_METHOD, CRE_TARGET_USER, CRE_FROM_URI, CRE_FROM_USER, CRE_FROM_HOST, CRE_TO_USER, CRE_CALL_ID,
    CRE_CONTENT_TYPE, CRE_REASON, CRE_CONTACT
};
long cre_text(const cre_message *message, int what, char *into, size_t size);
long cre_header(const cre_message *message, const char *name, char *into, size_t size);
long cre_body(const cre_message *message, uint8_t *into, size_t size);
int cre_status(const cre_message *message);
/// IPv4 of the sender, host byte order; 0 for IPv6.
uint32_t cre_source(const cre_message *message, uint16_t *port);
int cre_transport(const cre_message *message);

/// Each with the context of cre_stack_new. Calls and tasks are named by the numbers that Swift gave them.
typedef struct {
    void *context;
    /// 1: look at it; 0: drop it unanswered; a status: answer that.
    int (*admits)(void *context, const cre_message *);
    /// A new invitation: cre_take or cre_reply before this returns, or it is answered 500.
    void (*invited)(void *context, const cre_message *);
    /// Any other request outside of calls. The status to answer; headers may be written.
    int (*asked)(void *context, const cre_message *, char *headers, size_t size);
    void (*progressed)(void *context, uint64_t call, const cre_message *);
    /// The answer to our offer, in the 200 or in an ACK. 0: agreed.
    int (*answered)(void *context, uint64_t call, const cre_message *);
    /// A new offer (or none: then ours is asked for). The length of the text written, or < 0: refused (488).
    long (*offered)(void *context, uint64_t call, const cre_message *, char *into, size_t size);
    void (*established)(void *context, uint64_t call, const cre_message *);
    /// The call is gone, and cre_call with it; message may be NULL (error is an errno then).
    void (*closed)(void *context, uint64_t call, int error, const cre_message *);
    /// What came of a request or a registration: a status, or < 0: -errno.
    void (*replied)(void *context, uint64_t task, int status);
} cre_handlers;

cre_stack *cre_stack_new(const char *software, cre_handlers handlers, int *error);
/// Ends all at once; no callback afterwards.
void cre_stack_free(cre_stack *stack);
/// IPv4, host byte order; port 0: the kernel's choice, told in *bound. 0 or an errno.
int cre_listen(cre_stack *stack, int transport, uint32_t address, uint16_t port, uint16_t *bound);
/// Both ends show a certificate of `authority` whose subject alternative names have one of `names` (one a
/// line: IPv4 addresses or host names). certificate: PEM with the key. 0 or an errno.
int cre_listen_tls(cre_stack *stack, uint32_t address, uint16_t port, const char *certificate,
                   const char *authority, const char *names, uint16_t *bound);
/// How we answer digest challenges of this realm; others get nothing. Called again for a further realm.
void cre_login(cre_stack *stack, const char *realm, const char *user, const char *password);

/// headers: whole lines, each with its CRLF. NULL and *error.
cre_call *cre_invite(cre_stack *stack, uint64_t number, const char *to, const char *from,
                     const char *contact, const char *route, const char *headers, const char *offer,
                     int *error);
/// Takes an invitation and says that it rings.
cre_call *cre_take(cre_stack *stack, uint64_t number, const cre_message *invitation, const char *contact,
                   const char *headers, int *error);
int cre_reply(cre_stack *stack, const cre_message *request, int status, const char *reason,
              const char *headers);
int cre_answer(cre_call *call, const char *answer, const char *headers);
int cre_refuse(cre_call *call, int status, const char *reason, const char *headers);
/// A new offer within the call.
int cre_modify(cre_call *call, const char *offer);
/// BYE or CANCEL, whichever it takes; the call is gone, without a callback.
void cre_end(cre_call *call, const char *headers);

/// One request outside of calls. NULL and *error.
cre_task *cre_ask(cre_stack *stack, uint64_t number, const char *method, const char *uri, const char *from,
                  const char *headers, const char *type, const char *body, int *error);
/// Registers until cre_task_free, which takes it back.
cre_task *cre_register(cre_stack *stack, uint64_t number, const char *registrar, const char *address,
                       const char *contact, uint32_t seconds, int *error);
void cre_task_free(cre_task *task);
