// SPDX-License-Identifier: Apache-2.0

import { get, query } from './api.js';
import { button, element } from './element.js';
import { fill, heading, printButton, table } from './table.js';
import { moment } from './moments.js';
import { said, t } from './words.js';

// Who did, looked at, or was refused what: newest first, each entry with the beginning of its hash, so that a
// printed page can be held against the chain.

const pageCount = 100;

export function open(main) {
    const list = element('div');
    main.append(heading(t('audit'), printButton()), list);
    fill(list, () => page());
}

async function page(from) {
    const { entries } = await get(query('audit', { from, limit: pageCount }));
    const made = [table([
        ['#', (one) => String(one.sequence), 'number'], [t('at'), (one) => moment(one.at)],
        [t('who'), (one) => one.who],
        [t('what'), (one) => said(one.did)], [t('on'), (one) => one.on],
        [t('outcome'), (one) => said(one.result)],
        [t('hash'), (one) => element('code', {}, one.hash.slice(0, 12))],
    ], entries)];
    const last = entries.at(-1);
    if (entries.length < pageCount || last.sequence <= 1) return made;
    const older = element('div');
    older.append(button('primary', () => fill(older, () => page(last.sequence - 1)), t('older')));
    return [...made, older];
}
