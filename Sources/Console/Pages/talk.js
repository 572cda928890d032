// SPDX-License-Identifier: Apache-2.0

import { ask, post } from './api.js';
import { withLogin } from './deeds.js';
import { button, dialog, element, mark, write } from './element.js';
import { live } from './live.js';
import { who } from './login.js';
import { clock } from './moments.js';
import { canTalk, openLoudspeaker, openMicrophone } from './voice.js';
import { said, t } from './words.js';

// Speaking with a terminal. In the command room this page is the telephone: its voice goes through the hub to
// the gateway. At a post the post's own loudspeaker and microphone speak, and the page only says what to do.
//
// Always true: while a microphone is open the bar says so on every page; one talk at a time; whatever ends a
// talk closes the microphone first.

const beatMs = 1_000;
const bar = {
    sign: element('strong'), who: element('span.who'), figure: element('span.figure'),
    mute: button('mute', toggleMute), end: button('end', () => end('act')), refusal: element('span.refusal'),
};
const node = element('aside', { id: 'talk', role: 'status', hidden: true }, Object.values(bar));
// A printed sheet has no bar, and no talk.
document.getElementById('bar')?.after(node);

let talk = null;

/** `purpose`: answer, talk or listen; `more`: reason, second person. Throws the refusal's sentence. */
export async function begin(terminal, purpose, more = {}) {
    if (talk) end('act');
    const mine = { terminal, purpose, state: 'calling', startedAt: performance.now(), isMuted: false };
    talk = mine;
    show();
    try {
        const path = `terminals/${encodeURIComponent(terminal)}/talk`;
        // At a post whoever is there may answer, as with acknowledging.
        const isFree = purpose === 'answer' && who.place === 'post';
        const answer = await withLogin(() => post(path, { purpose, ...more }), isFree);
        if (talk !== mine) return;
        if (answer.path) await openLine(mine, answer.path);
        else mine.isPost = true;
        mine.timer = setInterval(() => beat(mine), beatMs);
    } catch (error) {
        close(mine);
        throw error;
    }
}

async function openLine(mine, path) {
    if (!canTalk()) throw Object.assign(new Error('no voice'), { sentence: t('talkNoVoice') });
    const lost = () => { if (talk === mine) end('lost'); };
    const line = new WebSocket(`wss://${location.host}${path}`);
    line.binaryType = 'arraybuffer';
    mine.line = line;
    line.addEventListener('message', ({ data }) => {
        if (typeof data === 'string') hear(mine, JSON.parse(data));
        else if (mine.speaker) mine.speaker.play(data);
    });
    line.addEventListener('close', lost);
    mine.speaker = openLoudspeaker(lost);
    if (mine.purpose === 'listen') return;
    try {
        const microphone = await openMicrophone((packet) => {
            if (line.readyState === WebSocket.OPEN) line.send(packet);
        }, lost);
        if (talk === mine) mine.microphone = microphone; else microphone.close();
    } catch {
        throw Object.assign(new Error('no microphone'), { sentence: t('talkNoMicrophone') });
    }
}

function hear(mine, { state, delayMs, zh, en }) {
    if (talk !== mine) return;
    if (state === 'ended') { end('told', { zh, en }); return; }
    if (state === 'talking' && mine.state !== 'talking') mine.startedAt = performance.now();
    Object.assign(mine, { state, delayMs });
    show();
}

async function beat(mine) {
    if (mine.isPost) {
        const told = await ask('GET', 'talk').catch(() => null);
        if (told) hear(mine, told);
    } else if (mine.line?.readyState === WebSocket.OPEN) {
        // A page that says nothing is taken for gone.
        mine.line.send('{"act":"here"}');
    }
    if (talk === mine) show();
}

function act(mine, name) {
    if (mine.isPost) post('talk', { act: name }).catch(() => {});
    else if (mine.line?.readyState === WebSocket.OPEN) mine.line.send(JSON.stringify({ act: name }));
}

function toggleMute() {
    if (!talk) return;
    talk.isMuted = !talk.isMuted;
    talk.microphone?.mute(talk.isMuted);
    act(talk, talk.isMuted ? 'mute' : 'unmute');
    show();
}

function end(how, phrase) {
    const mine = talk;
    if (!mine) return;
    if (how === 'act') act(mine, 'hangUp');
    close(mine);
    const sentence = phrase ? said(phrase) : how === 'lost' ? t('talkLost') : t('talkOver');
    write(bar.refusal, sentence);
    node.hidden = false;
    mark(node, 'data-state', 'ended');
    setTimeout(() => { if (!talk) node.hidden = true; }, 6_000);
}

function close(mine) {
    mine.microphone?.close();
    mine.speaker?.close();
    clearInterval(mine.timer);
    if (talk === mine) talk = null;
    mine.line?.close();
    show();
}

function show() {
    node.hidden = talk === null;
    mark(node, 'data-state', talk?.state);
    mark(node, 'data-open', talk !== null && !talk.isMuted && talk.purpose !== 'listen');
    for (const one of [bar.mute, bar.end]) one.hidden = talk === null;
    if (!talk) { write(bar.sign, ''); write(bar.who, ''); write(bar.figure, ''); return; }
    const isListening = talk.purpose === 'listen';
    const sign = talk.state === 'calling' ? 'talkCalling' : isListening ? 'talkListening' : 'talkTalking';
    write(bar.refusal, '');
    write(bar.sign, `${talk.isMuted ? '⊘' : '●'} ${t(sign)}`);
    write(bar.who, live.terminals.get(talk.terminal)?.title ?? talk.terminal);
    const time = talk.state === 'talking' ? clock(performance.now() - talk.startedAt) : '';
    write(bar.figure, talk.delayMs ? `${time} · ${t('talkDelay', { n: talk.delayMs })}` : time);
    bar.mute.hidden = isListening;
    write(bar.mute, t(talk.isMuted ? 'talkUnmute' : 'talkMute'));
    write(bar.end, t('talkEnd'));
}

/** To speak with a terminal that did not call: asks why, and for listening in, who agrees. */
export function openTalk(terminal, reasonField) {
    const refusal = element('p.refusal', { role: 'alert' });
    const reason = reasonField(['reasonWelfare', 'reasonNoise', 'reasonAsked']);
    const second = element('input', { name: 'second', autocomplete: 'off' });
    const password = element('input', { name: 'secondPassword', type: 'password', autocomplete: 'off' });
    const start = (purpose, more) => async () => {
        write(refusal, reason.value ? '' : t('reasonNeeded'));
        if (!reason.value) return;
        try {
            await begin(terminal.id, purpose, { reason: reason.value, ...more() });
            sheet.finish();
        } catch (error) { if (error.sentence) write(refusal, error.sentence); }
    };
    const both = () => ({ second: second.value, secondPassword: password.value });
    const sheet = dialog(`${t('talkOpen')} · ${terminal.title}`, t('close'),
        element('p', {}, t('talkHint')), reason.node,
        button('primary', start('talk', () => ({})), t('talk')),
        element('details', {}, element('summary', {}, t('talkListen')),
            element('p', {}, t('talkListenHint')),
            element('label', {}, t('talkSecond'), second), element('label', {}, t('password'), password),
            button('listen', start('listen', both), t('talkListen'))),
        refusal);
}
