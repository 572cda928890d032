// SPDX-License-Identifier: Apache-2.0

import { get, query } from './api.js';
import { button, choices, element } from './element.js';
import { nowMs } from './live.js';
import { who } from './login.js';
import { day, length, moment, month, monthAway, number, share } from './moments.js';
import { arrivalPlot, countPlot } from './plot.js';
import { csvLink, fill, heading, printButton, table } from './table.js';
import { said, t } from './words.js';

// The reports of a month: who did what, how fast, and how well the equipment stood. Every figure is the API's
// own; nothing is computed here, so page, CSV and API cannot differ.

/** A report with a month to go through. `read(month)` brings its nodes, `files(month)` its CSV. */
function monthly(main, title, files, read, ...tools) {
    let shown = month(nowMs());
    const name = element('strong.month');
    const save = element('span.tools');
    const body = element('div.report');
    const show = (by) => {
        shown = monthAway(shown, by);
        name.textContent = shown;
        main.querySelector('h2').dataset.month = shown;
        save.replaceChildren(...[files(shown)].flat().filter(Boolean));
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

const dutyTable = (officers, onrow) => table([
    [t('officerNumber'), (one) => one.officer], [t('name'), (one) => one.name],
    ...deedColumns().map(([label, read, kind]) => [label, (one) => read(one.month), kind]),
], officers, onrow);

export function openDuty(main) {
    const isHub = who.place !== 'post';
    const files = (name) => [csvLink(`duty.csv?month=${name}`),
        isHub && csvLink(`duty/acts.csv?month=${name}`, t('saveActs'))];
    monthly(main, t('duty'), files, async (name) => {
        const { officers } = await get(`duty?month=${name}`);
        const days = element('div');
        const acts = element('div');
        const show = (one) => {
            days.replaceChildren(element('h3', {}, `${one.name} · ${t('perDay')}`),
                table([[t('day'), (row) => row.day], ...deedColumns()], one.days));
            if (isHub) fill(acts, () => actsOf({ month: name, officer: one.officer }));
            days.scrollIntoView();
        };
        if (isHub) fill(acts, () => actsOf({ month: name }));
        return [dutyTable(officers, show), days, isHub && element('h3', {}, t('acts')), acts].filter(Boolean);
    });
}

/** What was done at the posts' own panels, also while the hub was gone; newest first. */
async function actsOf(asked, cursor) {
    const { acts, next } = await get(query('duty/acts', { ...asked, limit: 50, cursor }));
    const made = [table([
        [t('at'), (one) => moment(one.at)],
        [t('who'), (one) => one.who === one.terminal ? t('nobody') : one.name],
        [t('post'), (one) => one.title],
        [t('what'), (one) => said(one.did)], [t('outcome'), (one) => said(one.result)],
    ], acts)];
    if (!next) return made;
    const older = element('div');
    older.append(button('primary', () => fill(older, () => actsOf(asked, next)), t('older')));
    return [...made, older];
}

export function openStatistics(main) {
    monthly(main, t('statistics'), (name) => csvLink(`statistics.csv?month=${name}`), async (name) => {
        const all = await get(`statistics?month=${name}`);
        return [
            figures(all), element('h3', {}, t('arrivals')), arrivalPlot(all.byDay),
            element('h3', {}, t('perDay')), countPlot(all.byDay),
            element('h3', {}, t('byClass')), classTable(all.byClass ?? []),
        ];
    });
}

/** One or two sheets to sign: how the month's alarms were answered, and by whom. */
export function openReport(main) {
    const files = (name) => [csvLink(`statistics.csv?month=${name}`, t('saveAlarms')),
        csvLink(`duty.csv?month=${name}`, t('saveDuty'))];
    monthly(main, t('report'), files, async (name) => {
        const { statistics, duty } = await get(`report?month=${name}`);
        return [
            element('p.made', {}, `${t('madeAt', { n: moment(nowMs()) })} · ${who.user?.name ?? ''}`),
            element('h3', {}, t('alarms')), figures(statistics), classTable(statistics.byClass ?? []),
            element('h3', {}, t('arrivals')), arrivalPlot(statistics.byDay),
            element('h3', {}, t('duty')), dutyTable(duty.officers),
            element('div.signatures', {}, element('p.signature', {}, `${t('dutySigns')}:`),
                element('p.signature', {}, `${t('supervisorSigns')}:`)),
        ];
    });
}

function figures(all) {
    return element('dl.figures', {},
        figure('alarms', number(all.alarms)), figure('attended', number(all.attended)),
        figure('within', share(all.within300s)),
        figure('p50', length(all.p50Ms)), figure('p95', length(all.p95Ms)));
}

function classTable(rows) {
    return table([
        [t('class'), (row) => t(row.alarmClass)],
        [t('alarms'), (row) => number(row.alarms), 'number'],
        [t('attended'), (row) => number(row.attended), 'number'],
        [t('p50'), (row) => length(row.p50Ms), 'number'],
        [t('p95'), (row) => length(row.p95Ms), 'number'],
        [t('within'), (row) => share(row.within300s), 'number'],
    ], rows);
}

function figure(key, value) {
    return element('div', { 'data-figure': key }, element('dt', {}, t(key)), element('dd', {}, value));
}

export function openCertificate(main) {
    let half = new Date(nowMs()).getDate() <= 15 ? 1 : 2;
    let again = () => {};
    const file = (name) => csvLink(`certificate.csv?month=${name}&half=${half}`);
    again = monthly(main, t('certificate'), file, async (name) => {
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
