// SPDX-License-Identifier: Apache-2.0

import { get, post } from './api.js';
import { preview } from './day.js';
import { button, element, write } from './element.js';
import { fill, heading } from './table.js';
import { said, t } from './words.js';

// The timetable as people write it. What was checked, and nothing else, can be published; before that one
// sees exactly what it will play.

export function open(main) {
    const body = element('div.report');
    main.append(heading(t('timetable')), body);
    fill(body, async () => {
        const [{ name, version, yaml }, { zones }] = await Promise.all([get('timetable'), get('wall')]);
        return editor(zones, name ? `${name} · ${t('version')} ${version}` : t('dayNothing'), yaml ?? '');
    });
}

function editor(zones, title, yaml) {
    const text = element('textarea.yaml', { rows: 24, spellcheck: false, value: yaml });
    const zone = element('select', {},
        zones.map(({ id, title: name }) => element('option', { value: id }, name)));
    const found = element('div', { role: 'status' });
    const answer = element('p.answer', { role: 'status' });
    let checked = null;
    const publish = button('primary', async () => {
        try {
            const made = await post('timetable', { text: checked });
            write(answer, `✓ ${t('timetablePublished')} ${made.version}`);
        } catch (error) { write(answer, error.sentence); }
    }, t('timetablePublish'));
    const settle = (good) => { checked = good; publish.disabled = good == null; };
    const check = button('tool', () => fill(found, async () => {
        settle(null);
        write(answer, '');
        const asked = text.value;
        const { isGood, findings, days } = await post('timetable/check', { text: asked, zone: zone.value });
        if (isGood) settle(asked);
        return [
            element('p', {}, isGood ? `✓ ${t('timetableGood')}` : `✕ ${t('timetableBad')}`),
            element('ul.findings', {}, findings.map((one) =>
                element(one.isMistake ? 'li.mistake' : 'li', {}, said(one)))),
            ...(isGood ? preview(days) : []),
        ];
    }), t('timetableCheck'));
    text.addEventListener('input', () => settle(null));
    settle(null);
    return [element('p.hint', {}, title), text, element('div.tools', {}, zone, check, publish),
        answer, found];
}
