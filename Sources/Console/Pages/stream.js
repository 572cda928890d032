// SPDX-License-Identifier: Apache-2.0

// The live stream, read by hand instead of through EventSource: the beats are comments, which EventSource
// hides, and without seeing them nobody could say how old the picture is.
//
//   GET /api/stream ──bytes──> lines ──> one event per empty line ──> heard(kind, data)
//
// Always true: the picture's age is the time since the last byte, on a clock that nobody can set; a dropped
// stream comes back by itself and goes on after the last version it had.

const staleAfterMs = 10_000;
const retryMs = [200, 500, 1_000, 2_000];

export class LiveStream {
    #heard;
    #refused;
    #lastID = null;
    #lastByteAt = performance.now();
    #failures = 0;
    #abort = null;
    #isOpen = true;

    /** heard(kind, data); refused(status) when the hub asks for a login. */
    constructor(heard, refused) {
        this.#heard = heard;
        this.#refused = refused;
        this.#run();
    }

    /** How long ago the last byte came. */
    get ageMs() { return performance.now() - this.#lastByteAt; }
    get isStale() { return this.ageMs > staleAfterMs; }

    close() {
        this.#isOpen = false;
        this.#abort?.abort();
    }

    /** A stream that stands still without an error (a frozen hub, a pulled cable) is asked for anew. */
    check() {
        const isOld = performance.now() - this.#askedAt > staleAfterMs;
        if (this.isStale && isOld) this.#abort?.abort();
    }

    #askedAt = 0;

    async #run() {
        while (this.#isOpen) {
            this.#abort = new AbortController();
            this.#askedAt = performance.now();
            try {
                const headers = { accept: 'text/event-stream' };
                if (this.#lastID !== null) headers['last-event-id'] = this.#lastID;
                const response = await fetch('/api/stream', {
                    headers, signal: this.#abort.signal, credentials: 'same-origin', redirect: 'error',
                    cache: 'no-store',
                });
                if (response.status === 401 || response.status === 403) {
                    this.#isOpen = false;
                    this.#refused(response.status);
                    return;
                }
                if (response.ok) await this.#read(response.body.getReader());
            } catch { /* A broken stream and a refused one heal alike. */ }
            if (!this.#isOpen) return;
            await this.#rest();
        }
    }

    async #read(reader) {
        const text = new TextDecoder();
        let rest = '';
        let event = { kind: 'message', data: [], id: null };
        for (;;) {
            const { done, value } = await reader.read();
            if (done) return;
            this.#lastByteAt = performance.now();
            this.#failures = 0;
            const lines = (rest + text.decode(value, { stream: true })).split(/\r\n|\n|\r/);
            rest = lines.pop();
            for (const line of lines) {
                if (line === '') {
                    this.#deliver(event);
                    event = { kind: 'message', data: [], id: null };
                } else take(line, event);
            }
        }
    }

    #deliver({ kind, data, id }) {
        if (id !== null) this.#lastID = id;
        if (!data.length) return;
        try {
            this.#heard(kind, JSON.parse(data.join('\n')));
        } catch (error) { console.error(kind, error); }
    }

    #rest() {
        const longest = retryMs[Math.min(this.#failures, retryMs.length - 1)];
        this.#failures += 1;
        return new Promise((resume) => { setTimeout(resume, longest * (0.5 + Math.random() / 2)); });
    }
}

function take(line, event) {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event.kind = value;
    if (field === 'data') event.data.push(value);
    if (field === 'id') event.id = value;
}
