// SPDX-License-Identifier: Apache-2.0

import { get, post } from './api.js';
import { reasonField } from './cell.js';
import { withLogin } from './deeds.js';
import { arrange, button, choices, dialog, element, keep, mark, shape, write } from './element.js';
import { listen, nowMs } from './live.js';
import { who } from './login.js';
import { paced } from './paced.js';
import { heading } from './table.js';
import { shortAge, timeOfDay } from './moments.js';
import { said, t } from './words.js';

// Many alarms as few lines, by cause; emergencies and duress stand alone on top. A line can be put aside for
// a time, with a reason; it comes back by itself, and it never was an emergency.

const restMs = 500;
const refreshMs = 5_000;

export function open(main, { go }) {
    const rate = element('p.rate');
    const lines = element('ol.lines');
    const refusal = element('p.refusal', { role: 'alert' });
    main.append(heading(t('flood'), rate, button('tool', () => go('wall'), t('wall'))), refusal, lines);
    const shown = keep((line) => lineOf(line, refresh));
    const quiet = element('li.allquiet', {}, shape('quiet'), t('allQuiet'));
    const refresh = paced(async () => {
        if (!lines.isConnected) return;
        try {
            const flood = await get('flood');
            write(refusal, '');
            write(rate, `${flood.isFlood ? `▲ ${t('isFlood')} · ` : ''}${t('rate', { n: flood.rate10min })}`);
            mark(rate, 'data-flood', flood.isFlood);
            // What is shelved stands apart from what is not, also under the same key.
            const keyOf = (line) => `${line.key} ${Boolean(line.shelvedUntil)}`;
            arrange(lines, flood.lines.length ? shown(flood.lines, keyOf) : [quiet]);
        } catch (error) { write(refusal, error.sentence); }
    }, restMs);

    refresh();
    const timer = setInterval(refresh, refreshMs);
    const stop = listen((kind) => { if (kind === 'alarm' || kind === 'wall') refresh(); });
    return () => { clearInterval(timer); stop(); };
}

function lineOf(line, done) {
    const mayShelve = line.alarmClass !== 'emergency' && line.alarmClass !== 'officerDuress'
        && who.user?.role === 'supervisor' && who.place !== 'post';
    const [count, oldest, shelved] = [element('b.count'), element('span'), element('em')];
    const [title, refusal] = [element('strong'), element('em.refusal', { role: 'alert' })];
    let shelves = [];
    const deed = line.shelvedUntil
        ? button('tool', () => unshelve(shelves, refusal, done), t('unshelve'))
        : button('tool', () => shelve(line, done), t('shelve'));
    const made = element('li.line', { 'data-class': line.alarmClass }, shape(line.alarmClass), title, count,
        oldest, shelved, refusal, mayShelve ? deed : element('span'));
    made.update = (newer) => {
        shelves = newer.shelves ?? [newer.key];
        write(title, said(newer));
        write(count, t('count', { n: newer.count }));
        write(oldest, t('oldest', { n: t('ago', { n: shortAge(nowMs() - newer.oldestAt) }) }));
        write(shelved, newer.shelvedUntil ? t('shelvedUntil', { n: timeOfDay(newer.shelvedUntil) }) : '');
        mark(made, 'data-shelved', Boolean(newer.shelvedUntil));
    };
    return made;
}

/** Whoever put it aside: it is back at once. */
async function unshelve(keys, refusal, done) {
    write(refusal, '');
    try {
        for (const key of keys) await withLogin(() => post('unshelve', { key }));
        done();
    } catch (error) { if (error.sentence) write(refusal, error.sentence); }
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
