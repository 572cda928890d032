// SPDX-License-Identifier: Apache-2.0

import { button, element } from './element.js';
import { t } from './words.js';

// What the pages of records share: a heading with its tools, and tables.

/** columns: [[label, row => text or node, 'number'?]] */
export function table(columns, rows, onrow) {
    if (!rows.length) return element('p.nothing', {}, t('nothing'));
    const cell = (tag, kind, content) => element(kind ? `${tag}.${kind}` : tag, {}, content);
    return element('div.scroll', {}, element('table', {},
        element('thead', {}, element('tr', {}, columns.map(([label, , kind]) => cell('th', kind, label)))),
        element('tbody', {}, rows.map((row) => {
            const made = element('tr', {}, columns.map(([, read, kind]) =>
                cell('td', kind, read(row) ?? '–')));
            if (onrow) pressable(made, () => onrow(row));
            return made;
        }))));
}

function pressable(row, onpress) {
    row.tabIndex = 0;
    row.classList.add('pressable');
    row.addEventListener('click', onpress);
    row.addEventListener('keydown', (event) => { if (event.key === 'Enter') onpress(); });
}

export function heading(title, ...tools) {
    return element('header.heading', {}, element('h2', {}, title), element('div.tools', {}, tools));
}

export function printButton() { return button('tool', () => window.print(), t('print')); }

/** A download; the answer names its own file. */
export function csvLink(path, label = t('save')) {
    return element('a.tool', { href: `/api/${path}`, download: '' }, label);
}

/** Fills `node` with what `read` brings, or with the sentence that says why not. */
export async function fill(node, read) {
    node.replaceChildren(element('p.loading', {}, t('loading')));
    try {
        node.replaceChildren(...[await read()].flat());
    } catch (error) {
        node.replaceChildren(element('p.refusal', { role: 'alert' }, error.sentence ?? String(error)));
    }
}
