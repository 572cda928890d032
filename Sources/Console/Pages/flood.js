// SPDX-License-Identifier: Apache-2.0

import { get, post } from './api.js';
import { reasonField } from './cell.js';
import { withLogin } from './deeds.js';
import { button, choices, dialog, element, mark, shape, write } from './element.js';
import { listen, nowMs } from './live.js';
import { heading } from './table.js';
import { shortAge, timeOfDay } from './moments.js';
import { said, t } from './words.js';

// Many alarms as few lines, by cause; emergencies and duress stand alone on top. A line can be put aside for
// a time, with a reason; it comes back by itself, and it never was an emergency.

const refreshMs = 1_000;

export function open(main, { go }) {
    const rate = element('p.rate');
    const lines = element('ol.lines');
    const refusal = element('p.refusal', { role: 'alert' });
    main.append(heading(t('flood'), rate, button('tool', () => go('wall'), t('wall'))), refusal, lines);
    let isAsking = false;
    let isDue = false;

    async function refresh() {
        if (isAsking) { isDue = true; return; }
        isAsking = true;
        isDue = false;
        try {
            const flood = await get('flood');
            write(refusal, '');
            write(rate, `${flood.isFlood ? `▲ ${t('isFlood')} · ` : ''}${t('rate', { n: flood.rate10min })}`);
            mark(rate, 'data-flood', flood.isFlood);
            lines.replaceChildren(...flood.lines.map((line) => lineOf(line, refresh)));
            if (!flood.lines.length) lines.append(element('li.allquiet', {}, shape('quiet'), t('allQuiet')));
        } catch (error) { write(refusal, error.sentence); }
        setTimeout(() => { isAsking = false; if (isDue && lines.isConnected) refresh(); }, refreshMs);
    }

    refresh();
    return listen((kind) => { if (kind === 'alarm' || kind === 'wall') refresh(); });
}

function lineOf(line, done) {
    const mayShelve = line.alarmClass !== 'emergency' && line.alarmClass !== 'officerDuress';
    const made = element('li.line', {}, shape(line.alarmClass),
        element('strong', {}, said(line)), element('b.count', {}, t('count', { n: line.count })),
        element('span', {}, t('oldest', { n: t('ago', { n: shortAge(nowMs() - line.oldestAt) }) })),
        line.shelvedUntil ? element('em', {}, t('shelvedUntil', { n: timeOfDay(line.shelvedUntil) })) : null,
        mayShelve ? button('tool', () => shelve(line, done), t('shelve')) : element('span'));
    mark(made, 'data-class', line.alarmClass);
    mark(made, 'data-shelved', Boolean(line.shelvedUntil));
    return made;
}

function shelve(line, done) {
    let minutes = 30;
    const refusal = element('p.refusal', { role: 'alert' });
    const reason = reasonField(['reasonRepair', 'reasonKnown', 'reasonPower']);
    const sheet = dialog(`${t('shelve')}: ${said(line)}`, t('close'), element('form.decision', {
        onsubmit: async (event) => {
            event.preventDefault();
            write(refusal, reason.value ? '' : t('reasonNeeded'));
            if (!reason.value) return;
            try {
                await withLogin(() => post('shelve', { key: line.key, minutes, reason: reason.value }));
                sheet.finish();
                done();
            } catch (error) { if (error.sentence) write(refusal, error.sentence); }
        },
    }, element('p', {}, t('shelveHint')), element('h3', {}, t('shelveHow')),
    choices([15, 30, 60, 240, 480].map((n) => [n, n < 60 ? t('minutes', { n }) : t('hours', { n: n / 60 })]),
        minutes, (value) => { minutes = value; }),
    reason.node, refusal, element('button.primary', { type: 'submit' }, t('shelve'))));
}
