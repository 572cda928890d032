// SPDX-License-Identifier: Apache-2.0

import { get, post } from './api.js';
import { withLogin } from './deeds.js';
import { button, choices, dialog, element, shape, write } from './element.js';
import { live, proofAgeMs } from './live.js';
import { openTalk } from './talk.js';
import { moment, shortAge } from './moments.js';
import { said, t } from './words.js';

// One terminal, opened from its tile: its proof, its faults, and for a cell the signed decision whether it
// may be used while its alarm is in doubt.

export function openTerminal(id) {
    const terminal = live.terminals.get(id);
    if (!terminal) return;
    const past = element('ol.entries');
    const sheet = dialog(terminal.title, t('close'),
        element('p.proof', { 'data-proof': terminal.proof }, `${t('lastProof')}: `,
            element('strong', {}, `${shortAge(proofAgeMs(terminal))} · ${t(terminal.proof)}`)),
        button('speak', () => { sheet.finish(); openTalk(terminal, reasonField); }, `${t('talkOpen')}…`),
        element('h3', {}, t('faults')), faultList(terminal),
        terminal.role === 'cell'
            ? [element('h3', {}, t('use')), decisionForm(terminal, () => sheet.finish()), past] : null);
    if (terminal.role === 'cell') readPast(id, past);
}

function faultList(terminal) {
    if (!terminal.faults.length) return element('p', {}, `✓ ${t('noFaults')}`);
    return element('ul.faults', {}, terminal.faults.map((fault) =>
        element('li', {}, shape('trouble'), element('strong', {}, said(fault)),
            element('span', {}, moment(fault.sinceAt)))));
}

function decisionForm(terminal, done) {
    let use = terminal.use === 'doubtful' ? null : terminal.use;
    const refusal = element('p.refusal', { role: 'alert' });
    const reason = reasonField(['reasonBroken', 'reasonLost', 'reasonMended', 'reasonMoved']);
    return element('form.decision', {
        onsubmit: async (event) => {
            event.preventDefault();
            write(refusal, use === null ? t('chooseNeeded') : reason.value ? '' : t('reasonNeeded'));
            if (refusal.textContent) return;
            try {
                await withLogin(() => post(`cells/${encodeURIComponent(terminal.id)}/use`,
                    { use, reason: reason.value }));
                done();
            } catch (error) { if (error.sentence) write(refusal, error.sentence); }
        },
    },
    choices([['usable', `✓ ${t('usable')}`], ['notUsable', `⊘ ${t('notUsable')}`]], use,
        (one) => { use = one; }),
    reason.node, refusal, element('button.primary', { type: 'submit' }, t('sign')));
}

/** A few reasons to press and a line to write another. */
export function reasonField(keys) {
    const input = element('input', { name: 'reason', maxlength: '200', autocomplete: 'off' });
    return {
        node: element('div.reason', {}, element('label', {}, t('reason'), input),
            choices(keys.map((key) => [t(key), t(key)]), null, (text) => { input.value = text; })),
        get value() { return input.value.trim(); },
    };
}

async function readPast(id, list) {
    try {
        const { decisions = [] } = await get(`cells/${encodeURIComponent(id)}/use`);
        list.replaceChildren(...decisions.map((one) => element('li', {}, element('time', {}, moment(one.at)),
            ` ${t(one.use)} · ${one.reason} · ${one.by?.name ?? t('automatic')}`)));
    } catch { /* The decision can be made without its past. */ }
}
