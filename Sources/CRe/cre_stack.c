// SPDX-License-Identifier: Apache-2.0
#include "cre_inside.h"
#include <unistd.h>

/// What libre's parser lets pass and RFC 3261 does not; 0: it is sound.
static int unsound(const struct sip_msg *message) {
    static const enum sip_hdrid single[] = {
        SIP_HDR_CALL_ID, SIP_HDR_CSEQ, SIP_HDR_FROM, SIP_HDR_TO, SIP_HDR_MAX_FORWARDS,
        SIP_HDR_CONTENT_LENGTH, SIP_HDR_CONTENT_TYPE,
    };
    for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
        if (sip_msg_hdr_count(message, single[i]) > 1) return 400;
    }
    if (!pl_isset(&message->callid) || !pl_isset(&message->from.tag)) return 400;
    if (pl_cmp(&message->cseq.met, &message->met)) return 400;
    if (pl_isset(&message->clen)) {
        for (size_t i = 0; i < message->clen.l; i++) {
            if (message->clen.p[i] < '0' || message->clen.p[i] > '9') return 400;
        }
        if (message->clen.l > 9 || pl_u32(&message->clen) > mbuf_get_left(message->mb)) return 400;
    }
    if (pl_strcasecmp(&message->uri.scheme, "sip") && pl_strcasecmp(&message->uri.scheme, "sips")) return 416;
    // We know one extension that may be required: how a call is to be answered (RFC 5373).
    const struct sip_hdr *require = sip_msg_hdr(message, SIP_HDR_REQUIRE);
    if (require && pl_strcasecmp(&require->val, "answermode")) return 420;
    return 0;
}

static bool on_stray(const struct sip_msg *message, void *argument) {
    (void)message;
    (void)argument;
    return true;
}

static bool on_guard(const struct sip_msg *message, void *argument) {
    cre_stack *stack = argument;
    int verdict = stack->on.admits(stack->on.context, cre_of(message));
    if (verdict == 1) verdict = unsound(message);
    else if (verdict == 0) return true;
    if (verdict == 0) return false;
    // An ACK is never answered.
    if (pl_strcmp(&message->met, "ACK")) {
        const struct sip_hdr *require = sip_msg_hdr(message, SIP_HDR_REQUIRE);
        char unsupported[256] = "";
        if (verdict == 420) {
            (void)re_snprintf(unsupported, sizeof unsupported, "Unsupported: %r\r\n", &require->val);
        }
        (void)sip_replyf(stack->sip, message, (uint16_t)verdict, verdict == 400 ? "Bad Request" : "Refused",
                         "%sContent-Length: 0\r\n\r\n", unsupported);
    }
    return true;
}

static void on_invited(const struct sip_msg *message, void *argument) {
    cre_stack *stack = argument;
    stack->on.invited(stack->on.context, cre_of(message));
}

static bool on_asked(const struct sip_msg *message, void *argument) {
    cre_stack *stack = argument;
    char headers[1024] = "";
    if (!pl_strcmp(&message->met, "ACK")) return true;
    int status = stack->on.asked(stack->on.context, cre_of(message), headers, sizeof headers);
    if (status) {
        (void)sip_replyf(stack->sip, message, (uint16_t)status, status == 200 ? "OK" : "Refused",
                         "%sContent-Length: 0\r\n\r\n", headers);
    }
    return true;
}

cre_stack *cre_stack_new(const char *software, cre_handlers handlers, int *error) {
    cre_stack *stack = calloc(1, sizeof *stack);
    *error = ENOMEM;
    if (!stack) return NULL;
    stack->on = handlers;
    // Without a resolver: addresses are numbers, and a call needs no DNS.
    *error = sip_alloc(&stack->sip, NULL, 64, 64, 64, software, NULL, NULL);
    if (!*error) *error = sip_listen(&stack->guard, stack->sip, true, on_guard, stack);
    if (!*error) *error = sipsess_listen(&stack->sessions, stack->sip, 64, on_invited, stack);
    if (!*error) *error = sip_listen(&stack->rest, stack->sip, true, on_asked, stack);
    if (!*error) *error = sip_listen(&stack->stray, stack->sip, false, on_stray, stack);
    if (!*error) return stack;
    cre_stack_free(stack);
    return NULL;
}

void cre_stack_free(cre_stack *stack) {
    if (stack->sessions) sipsess_close_all(stack->sessions);
    if (stack->sip) sip_close(stack->sip, true);
    mem_deref(stack->stray);
    mem_deref(stack->rest);
    mem_deref(stack->sessions);
    mem_deref(stack->guard);
    mem_deref(stack->sip);
    mem_deref(stack->tls);
    for (int i = 0; i < CRE_LOGINS; i++) {
        free(stack->logins[i].realm);
        free(stack->logins[i].user);
        free(stack->logins[i].password);
    }
    free(stack->names);
    free(stack);
}

/// A port that is free now, as the kernel says; libre takes no port 0 for granted.
static uint16_t free_port(uint32_t address, bool is_udp) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, (is_udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
    uint16_t port = 0;
    if (!bind(fd, (struct sockaddr *)&at, size) && !getsockname(fd, (struct sockaddr *)&at, &size)) {
        port = ntohs(at.sin_port);
    }
    if (fd >= 0) close(fd);
    return port;
}

int cre_listen(cre_stack *stack, int transport, uint32_t address, uint16_t port, uint16_t *bound) {
    struct sa local;
    *bound = port ? port : free_port(address, transport == CRE_UDP);
    sa_set_in(&local, address, *bound);
    switch (transport) {
        case CRE_UDP: return sip_transp_add(stack->sip, SIP_TRANSP_UDP, &local);
        case CRE_TCP: return sip_transp_add(stack->sip, SIP_TRANSP_TCP, &local);
        case CRE_TLS: return sip_transp_add(stack->sip, SIP_TRANSP_TLS, &local, stack->tls);
    }
    return EINVAL;
}

void cre_login(cre_stack *stack, const char *realm, const char *user, const char *password) {
    for (int i = 0; i < CRE_LOGINS; i++) {
        if (stack->logins[i].realm) continue;
        stack->logins[i].realm = strdup(realm);
        stack->logins[i].user = strdup(user);
        stack->logins[i].password = strdup(password);
        return;
    }
}

int cre_credentials(char **user, char **password, const char *realm, void *argument) {
    cre_stack *stack = argument;
    for (int i = 0; i < CRE_LOGINS && stack->logins[i].realm; i++) {
        if (strcmp(stack->logins[i].realm, realm)) continue;
        int error = str_dup(user, stack->logins[i].user);
        return error ? error : str_dup(password, stack->logins[i].password);
    }
    return EAUTH;
}

// MARK: Requests and registrations

static void on_reply(int error, const struct sip_msg *message, void *argument) {
    cre_task *task = argument;
    if (!error && message && message->scode < 200) return;
    task->stack->on.replied(task->stack->on.context, task->number, error ? -error : message->scode);
}

static cre_task *task_new(cre_stack *stack, uint64_t number) {
    cre_task *task = calloc(1, sizeof *task);
    if (task) *task = (cre_task){.stack = stack, .number = number};
    return task;
}

cre_task *cre_ask(cre_stack *stack, uint64_t number, const char *method, const char *uri, const char *from,
                  const char *headers, const char *type, const char *body, int *error) {
    cre_task *task = task_new(stack, number);
    char call[33], tag[17], number_text[17];
    *error = ENOMEM;
    if (!task) return NULL;
    rand_str(call, sizeof call);
    rand_str(tag, sizeof tag);
    rand_str(number_text, sizeof number_text);
    *error = sip_auth_alloc(&task->auth, cre_credentials, stack, false);
    if (!*error) {
        *error = sip_requestf(
            &task->request, stack->sip, true, method, uri, NULL, task->auth, NULL, on_reply, task,
            "From: <%s>;tag=%s\r\nTo: <%s>\r\nCall-ID: %s\r\nCSeq: %u %s\r\n%s%s%s%sContent-Length: %zu\r\n"
            "\r\n%s",
            from, tag, uri, call, rand_u16(), method, headers ? headers : "",
            type && *type ? "Content-Type: " : "", type ? type : "", type && *type ? "\r\n" : "",
            body ? strlen(body) : (size_t)0, body ? body : "");
    }
    if (!*error) return task;
    cre_task_free(task);
    return NULL;
}

cre_task *cre_register(cre_stack *stack, uint64_t number, const char *registrar, const char *address,
                       const char *contact, uint32_t seconds, int *error) {
    cre_task *task = task_new(stack, number);
    *error = ENOMEM;
    if (!task) return NULL;
    *error = sipreg_register(&task->registration, stack->sip, registrar, address, NULL, address, seconds,
                             contact, NULL, 0, 0, cre_credentials, stack, false, on_reply, task, NULL, NULL);
    if (!*error) return task;
    cre_task_free(task);
    return NULL;
}

void cre_task_free(cre_task *task) {
    if (!task) return;
    mem_deref(task->request);
    mem_deref(task->registration);
    mem_deref(task->auth);
    free(task);
}
