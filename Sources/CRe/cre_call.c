// SPDX-License-Identifier: Apache-2.0
#include "cre_inside.h"

// libre's handlers of one call, each handed on with the call's number.

static int on_offer(struct mbuf **answer, const struct sip_msg *message, void *argument) {
    cre_call *call = argument;
    char *text = malloc(CRE_TEXT);
    if (!text) return ENOMEM;
    cre_handlers *on = &call->stack->on;
    long count = on->offered(on->context, call->number, cre_of(message), text, CRE_TEXT);
    int error = EPROTO;
    if (count >= 0 && count < CRE_TEXT) {
        text[count] = 0;
        *answer = cre_buffer(text);
        error = *answer ? 0 : ENOMEM;
    }
    free(text);
    return error;
}

static int on_answer(const struct sip_msg *message, void *argument) {
    cre_call *call = argument;
    return call->stack->on.answered(call->stack->on.context, call->number, cre_of(message));
}

static void on_progress(const struct sip_msg *message, void *argument) {
    cre_call *call = argument;
    call->stack->on.progressed(call->stack->on.context, call->number, cre_of(message));
}

static void on_established(const struct sip_msg *message, void *argument) {
    cre_call *call = argument;
    call->stack->on.established(call->stack->on.context, call->number, cre_of(message));
}

// Keys pressed at a phone come with the voice (RFC 4733); the older way by INFO is refused.
static void on_info(struct sip *sip, const struct sip_msg *message, void *argument) {
    (void)argument;
    (void)sip_reply(sip, message, 415, "Unsupported Media Type");
}

static void on_refer(struct sip *sip, const struct sip_msg *message, void *argument) {
    (void)argument;
    (void)sip_reply(sip, message, 603, "Decline");
}

static void on_close(int error, const struct sip_msg *message, void *argument) {
    cre_call *call = argument;
    cre_handlers on = call->stack->on;
    uint64_t number = call->number;
    call->session = mem_deref(call->session);
    free(call);
    on.closed(on.context, number, error, cre_of(message));
}

static const char *given(const char *headers) { return headers ? headers : ""; }

cre_call *cre_invite(cre_stack *stack, uint64_t number, const char *to, const char *from,
                     const char *contact, const char *route, const char *headers, const char *offer,
                     int *error) {
    cre_call *call = calloc(1, sizeof *call);
    struct mbuf *description = cre_buffer(offer);
    const char *routes[1] = {route};
    *error = ENOMEM;
    if (call && description) {
        *call = (cre_call){.stack = stack, .number = number};
        *error = sipsess_connect(
            &call->session, stack->sessions, to, NULL, from, contact, routes, route ? 1 : 0,
            "application/sdp", description, cre_credentials, stack, false, on_offer, on_answer,
            on_progress, on_established, on_info, on_refer, on_close, call, "%s", given(headers));
    }
    mem_deref(description);
    if (!*error) return call;
    free(call);
    return NULL;
}

cre_call *cre_take(cre_stack *stack, uint64_t number, const cre_message *invitation, const char *contact,
                   const char *headers, int *error) {
    cre_call *call = calloc(1, sizeof *call);
    *error = ENOMEM;
    if (!call) return NULL;
    *call = (cre_call){.stack = stack, .number = number};
    *error = sipsess_accept(
        &call->session, stack->sessions, cre_sip(invitation), 180, "Ringing", contact, "application/sdp",
        NULL, cre_credentials, stack, false, on_offer, on_answer, on_established, on_info, on_refer,
        on_close, call, "%s", given(headers));
    if (!*error) return call;
    free(call);
    return NULL;
}

int cre_reply(cre_stack *stack, const cre_message *request, int status, const char *reason,
              const char *headers) {
    return sip_replyf(stack->sip, cre_sip(request), (uint16_t)status, reason, "%sContent-Length: 0\r\n\r\n",
                      given(headers));
}

int cre_answer(cre_call *call, const char *answer, const char *headers) {
    struct mbuf *description = cre_buffer(answer);
    int error = sipsess_answer(call->session, 200, "OK", description, "%s", given(headers));
    mem_deref(description);
    return error;
}

int cre_refuse(cre_call *call, int status, const char *reason, const char *headers) {
    int error = sipsess_reject(call->session, (uint16_t)status, reason,
                              "%sContent-Length: 0\r\n\r\n", given(headers));
    mem_deref(call->session);
    free(call);
    return error;
}

int cre_modify(cre_call *call, const char *offer) {
    struct mbuf *description = cre_buffer(offer);
    int error = sipsess_modify(call->session, description);
    mem_deref(description);
    return error;
}

void cre_end(cre_call *call, const char *headers) {
    if (headers && *headers) (void)sipsess_set_close_headers(call->session, "%s", headers);
    // Its end goes on inside libre, without us.
    mem_deref(call->session);
    free(call);
}
