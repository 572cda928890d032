// SPDX-License-Identifier: Apache-2.0

import { get } from './api.js';
import { button, choices, element } from './element.js';
import { nowMs } from './live.js';
import { day, length, month, monthAway, number, share } from './moments.js';
import { arrivalPlot, countPlot } from './plot.js';
import { csvLink, fill, heading, printButton, table } from './table.js';
import { t } from './words.js';

// The reports of a month: who did what, how fast, and how well the equipment stood. Every figure is the API's
// own; nothing is computed here, so page, CSV and API cannot differ.

/** A report with a month to go through. `read(month)` brings its nodes, `file(month)` its CSV. */
function monthly(main, title, file, read, ...tools) {
    let shown = month(nowMs());
    const name = element('strong.month');
    const save = element('span');
    const body = element('div.report');
    const show = (by) => {
        shown = monthAway(shown, by);
        name.textContent = shown;
        main.querySelector('h2').dataset.month = shown;
        save.replaceChildren(csvLink(file(shown)));
        fill(body, () => read(shown));
    };
    const turn = (by, sign, label) => button('tool', () => show(by), sign, element('span.hidden', {}, label));
    main.append(heading(title, turn(-1, '◀', t('monthBefore')), name, turn(1, '▶', t('monthAfter')),
        tools, save, printButton()), body);
    show(0);
    return () => show(0);
}

const deedColumns = () => [
    [t('acknowledged'), (row) => number(row.acknowledged), 'number'],
    [t('attended'), (row) => number(row.attended), 'number'],
    [t('cleared'), (row) => number(row.cleared), 'number'],
    [t('medianAcknowledge'), (row) => length(row.medianAcknowledgeMs), 'number'],
    [t('medianAttend'), (row) => length(row.medianAttendMs), 'number'],
];

export function openDuty(main) {
    monthly(main, t('duty'), (name) => `duty.csv?month=${name}`, async (name) => {
        const { officers } = await get(`duty?month=${name}`);
        const days = element('div');
        const columns = deedColumns().map(([label, read, kind]) => [label, (one) => read(one.month), kind]);
        const people = [[t('officerNumber'), (one) => one.officer], [t('name'), (one) => one.name]];
        return [table([...people, ...columns], officers,
            (one) => {
                days.replaceChildren(element('h3', {}, `${one.name} · ${t('perDay')}`),
                    table([[t('day'), (row) => row.day], ...deedColumns()], one.days));
                days.scrollIntoView();
            }), days];
    });
}

export function openStatistics(main) {
    monthly(main, t('statistics'), (name) => `statistics.csv?month=${name}`, async (name) => {
        const all = await get(`statistics?month=${name}`);
        return [
            element('dl.figures', {},
                figure('alarms', number(all.alarms)), figure('attended', number(all.attended)),
                figure('within', share(all.within300s)),
                figure('p50', length(all.p50Ms)), figure('p95', length(all.p95Ms))),
            element('h3', {}, t('arrivals')), arrivalPlot(all.byDay),
            element('h3', {}, t('perDay')), countPlot(all.byDay),
            element('h3', {}, t('byClass')), table([
                [t('class'), (row) => t(row.alarmClass)],
                [t('alarms'), (row) => number(row.alarms), 'number'],
                [t('attended'), (row) => number(row.attended), 'number'],
                [t('p50'), (row) => length(row.p50Ms), 'number'],
                [t('p95'), (row) => length(row.p95Ms), 'number'],
                [t('within'), (row) => share(row.within300s), 'number'],
            ], all.byClass ?? []),
        ];
    });
}

function figure(key, value) {
    return element('div', { 'data-figure': key }, element('dt', {}, t(key)), element('dd', {}, value));
}

export function openCertificate(main) {
    let half = new Date(nowMs()).getDate() <= 15 ? 1 : 2;
    let again = () => {};
    again = monthly(main, t('certificate'), (name) => `certificate.csv?month=${name}&half=${half}`,
        async (name) => {
        const { terminals = [] } = await get(`certificate?month=${name}&half=${half}`);
        return [table([
            [t('terminal'), (one) => one.title ?? one.terminal], [t('zone'), (one) => one.zone],
            [t('availability'), (one) => share(one.availability), 'number'],
            [t('faults'), (one) => number(one.faults), 'number'],
            [t('longest'), (one) => length(one.longestFaultMs), 'number'],
            [t('buttonTest'), (one) => one.buttonTestAt == null ? t('untested') : day(one.buttonTestAt)],
            [t('outcome'), (one) => one.passed ? `✓ ${t('passed')}` : `✕ ${t('failed')}`],
        ], terminals), element('p.signature', {}, `${t('signature')}:`)];
    }, choices([[1, t('firstHalf')], [2, t('secondHalf')]], half, (value) => { half = value; again(); }));
}
