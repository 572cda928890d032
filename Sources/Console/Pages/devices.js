// SPDX-License-Identifier: Apache-2.0

import { get, post } from './api.js';
import { button, dialog, element, write } from './element.js';
import { fill, heading, table } from './table.js';
import { day, length, moment, number, shortAge } from './moments.js';
import { said, t } from './words.js';

// The health of every terminal for the technician, the worst first; a join code for a new one, the end of an
// identity for a stolen one.

const order = { lost: 0, late: 1, never: 2, alive: 3 };

export function open(main) {
    const body = element('div.report');
    const read = () => fill(body, async () => {
        const { terminals } = await get('terminals');
        const worst = terminals.toSorted((a, b) => order[a.proof] - order[b.proof]
            || (b.faults?.length ?? 0) - (a.faults?.length ?? 0) || a.title.localeCompare(b.title));
        return table([
            [t('phase'), (one) => element('span.proof', { 'data-proof': one.proof }, t(one.proof))],
            [t('terminal'), (one) => one.title], [t('zone'), (one) => one.zone],
            [t('lastProof'), (one) => shortAge(one.proofAgeMs), 'number'],
            [t('faults'), (one) => one.faults?.map(said).join('; ') || `✓ ${t('noFaults')}`],
            [t('behind'), (one) => number(one.behind), 'number'],
            [t('clockError'), clockOf, 'number'],
            [t('version'), (one) => one.version], [t('until'), (one) => day(one.certificateUntil)],
        ], worst, (one) => openDevice(one));
    });
    main.append(heading(t('devices'), button('tool', read, '↻')), body);
    read();
}

/** A clock that was never set is no small error, it is none at all. */
function clockOf({ clockUncertaintyMs, behind }) {
    return clockUncertaintyMs == null && behind != null ? `✕ ${t('clockUnset')}` : length(clockUncertaintyMs);
}

function openDevice(terminal) {
    const path = `terminals/${encodeURIComponent(terminal.id)}`;
    const answer = element('p.answer', { role: 'status' });
    const refusal = element('p.refusal', { role: 'alert' });
    const attempt = (deed) => async () => {
        write(refusal, '');
        try { await deed(); } catch (error) { write(refusal, error.sentence); }
    };
    const code = attempt(async () => {
        const made = await post(`${path}/code`);
        answer.replaceChildren(element('strong.code', {}, made.code),
            t('codeHint', { n: moment(made.expiresAt) }));
    });
    let isSure = false;
    const revoke = button('danger', attempt(async () => {
        if (!isSure) { isSure = true; write(answer, t('revokeSure')); return; }
        await post(`${path}/revoke`);
        sheet.finish();
    }), t('revoke'));
    const sheet = dialog(terminal.title, t('close'), answer, refusal,
        element('div.tools', {}, button('primary', code, t('joinCode')), revoke));
}
