// SPDX-License-Identifier: Apache-2.0

import { language, t } from './words.js';

// Every question to the hub or the post. A refusal is the API's own sentence, in the reader's language; what
// never arrived is said as such, so that nobody believes a deed was done that was not.

export class Refusal extends Error {
    constructor(status, code, zh, en) {
        super(zh);
        Object.assign(this, { status, code, zh, en });
    }

    get sentence() { return (language() === 'zh' ? this.zh : this.en) || t('refused', { code: this.code }); }
}

const answerMs = 10_000;
let token = '';
let onLoggedOut = () => {};

export function whenLoggedOut(call) { onLoggedOut = call; }

export async function ask(method, path, body) {
    const headers = { accept: 'application/json' };
    if (method !== 'GET') {
        headers['content-type'] = 'application/json';
        headers['x-watchpost-token'] = token;
    }
    let response;
    try {
        response = await fetch(`/api/${path}`, {
            method, headers, credentials: 'same-origin', redirect: 'error', cache: 'no-store',
            signal: AbortSignal.timeout(answerMs),
            body: method === 'GET' ? undefined : JSON.stringify(body ?? {}),
        });
    } catch {
        throw new Refusal(0, 'unreachable', ...bothOf('unreachable'));
    }
    const answer = await response.json().catch(() => null);
    if (response.ok) return answer;
    const { code = String(response.status), zh, en } = answer?.error ?? {};
    if (response.status === 401 && path !== 'session') onLoggedOut();
    throw new Refusal(response.status, code, zh, en);
}

export const get = (path) => ask('GET', path);
export const post = (path, body) => ask('POST', path, body);

/** Who sits here. The token it brings goes with every deed. */
export async function session(method = 'GET', body) {
    const answer = await ask(method, 'session', body);
    if (method === 'DELETE') return session();
    token = answer.token ?? '';
    return answer;
}

/** `path?a=1&b=2` of those that have a value. */
export function query(path, values) {
    const pairs = Object.entries(values).filter(([, value]) => value != null && value !== '');
    return pairs.length ? `${path}?${new URLSearchParams(pairs)}` : path;
}

function bothOf(key) { return [t(key, {}, 'zh'), t(key, {}, 'en')]; }
