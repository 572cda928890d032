// SPDX-License-Identifier: Apache-2.0

import { get, query } from './api.js';
import { callLines } from './calls.js';
import { entryLine } from './card.js';
import { button, choices, dialog, element } from './element.js';
import { who } from './login.js';
import { csvLink, fill, heading, printButton, table } from './table.js';
import { length, moment } from './moments.js';
import { t } from './words.js';

// The record of alarms that were: newest first, by class, each with its timeline.

const pageCount = 50;
const classes = ['officerDuress', 'emergency', 'cellCall', 'trouble'];

export function open(main) {
    const list = element('div');
    let chosen = null;
    const save = element('span');
    const read = () => {
        // A post keeps its own part of the record; the whole file is the hub's.
        if (who.place !== 'post') save.replaceChildren(csvLink(query('alarms.csv', { class: chosen })));
        return fill(list, async () => page(await ask(chosen), chosen));
    };
    main.append(heading(t('past'),
        choices([[null, t('allZones')], ...classes.map((one) => [one, t(one)])],
            chosen, (value) => { chosen = value; read(); }),
        save, printButton()), list);
    read();
}

function ask(chosen, cursor) {
    return get(query('alarms', { class: chosen, limit: pageCount, cursor }));
}

function page({ alarms, next }, chosen) {
    const made = [table([
        [t('at'), (one) => moment(one.raisedAt)], [t('class'), (one) => t(one.alarmClass)],
        [t('cell'), (one) => one.title], [t('zone'), (one) => one.zone],
        [t('acknowledged'), (one) => length(afterMs(one, 'acknowledged')), 'number'],
        [t('attended'), (one) => length(afterMs(one, 'attended')), 'number'],
        [t('phase'), (one) => t(one.phase) + (one.history ? ` ↺ ${t('history')}` : '')],
    ], alarms, (one) => openAlarm(one))];
    if (!next) return made;
    const older = element('div');
    older.append(button('primary', () => fill(older, async () => page(await ask(chosen, next), chosen)),
        t('older')));
    return [...made, older];
}

function afterMs(alarm, deed) { return alarm.deeds.find((one) => one.deed === deed)?.afterMs; }

function openAlarm(alarm) {
    const list = element('ol.entries');
    dialog(`${alarm.title} · ${t(alarm.alarmClass)} · ${moment(alarm.raisedAt)}`, t('close'), list);
    fill(list, async () => [
        ...(await get(`alarms/${encodeURIComponent(alarm.id)}`)).entries.map(entryLine),
        ...await callLines(alarm.id),
    ]);
}
