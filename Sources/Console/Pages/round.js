// SPDX-License-Identifier: Apache-2.0

import { get, post } from './api.js';
import { reasonField } from './cell.js';
import { button, dialog, element, mark, write } from './element.js';
import { listen, live, shortTitle } from './live.js';
import { paced } from './paced.js';
import { heading } from './table.js';
import { length, timeOfDay } from './moments.js';
import { t } from './words.js';

// The daily button round: one officer walks, this page says which cell is next and ticks what was pressed.
// Real alarms go on as always; the strip above and the tone show them here too.

const restMs = 300;
const refreshMs = 1_000;

export function open(main, { go, argument }) {
    return argument ? follow(main, argument, go) : begin(main, go);
}

function begin(main, go) {
    const wards = element('div.wards.choice');
    const refusal = element('p.refusal', { role: 'alert' });
    main.append(heading(t('roundBegin')), element('p', {}, t('roundHint')), refusal,
        element('h3', {}, t('roundWhich')), wards);
    const offer = () => wards.replaceChildren(...live.zones.map((zone) => button('choice', async () => {
        try {
            const round = await post('rounds', { zone: zone.id });
            go(`rounds/${encodeURIComponent(round.id)}`);
        } catch (error) { write(refusal, error.sentence); }
    }, zone.title)));
    offer();
    return listen((kind) => { if (kind === 'wall') offer(); });
}

function follow(main, id, go) {
    const path = `rounds/${encodeURIComponent(id)}`;
    const progress = element('strong.figure');
    const bar = element('progress', { max: 1, value: 0 });
    const next = element('div.next');
    const cells = element('div.cells.round');
    const refusal = element('p.refusal', { role: 'alert' });
    const sheet = element('a.tool', { href: `round.html?id=${encodeURIComponent(id)}`, target: '_blank' },
        t('roundSheet'));
    const end = button('tool', () => tell('end'), t('roundEnd'));
    main.append(heading(t('rounds'), sheet, end, button('tool', () => go('rounds'), t('roundBegin'))),
        progress, bar, refusal, next, cells);

    const tell = async (deed, body) => {
        try {
            show(await post(`${path}/${deed}`, body));
            write(refusal, '');
        } catch (error) { write(refusal, error.sentence); }
    };
    const refresh = paced(async () => {
        if (!cells.isConnected) return;
        try {
            show(await get(path));
        } catch (error) { write(refusal, error.sentence); }
    }, restMs);
    let shown = '';
    const skip = (cell) => askSkip(cell, (note) => tell('skip', { terminal: cell.terminal, note }));

    function show(round) {
        if (!round?.cells) { refresh(); return; }
        const news = JSON.stringify(round);
        if (news === shown) return;
        shown = news;
        const pressed = round.cells.filter((cell) => cell.state === 'pressed').length;
        write(progress, t('roundDone', { n: pressed, all: round.cells.length }));
        const done = round.cells.filter((cell) => cell.state !== 'waiting').length;
        Object.assign(bar, { max: round.cells.length, value: done });
        end.hidden = round.endedAt != null;
        next.replaceChildren(...nextOf(round, skip));
        cells.replaceChildren(...round.cells.map((cell) => roundCell(cell, round, skip)));
    }

    refresh();
    const timer = setInterval(refresh, refreshMs);
    const stop = listen((kind) => { if (kind === 'terminal' || kind === 'alarm') refresh(); });
    return () => { clearInterval(timer); stop(); };
}

function nextOf(round, skip) {
    const ended = `✓ ${t('roundEnded')} ${timeOfDay(round.endedAt)}`;
    if (round.endedAt != null) return [element('strong', {}, ended)];
    const cell = round.cells.find((one) => one.state === 'waiting');
    if (!cell) return [element('strong', {}, `✓ ${t('allPressed')}`)];
    return [element('span', {}, t('roundNext')), element('strong', {}, cell.title),
        button('tool', () => skip(cell), t('skip'))];
}

function roundCell(cell, round, skip) {
    const sign = { waiting: '○', pressed: '✓', skipped: '→' }[cell.state];
    const note = cell.state === 'pressed' ? timeOfDay(cell.pressedAt)
        : cell.state === 'skipped' ? cell.note : t('waitingFor');
    const ward = live.zones.find((zone) => zone.id === round.zone)?.title;
    const name = shortTitle(cell.title, ward);
    const made = button('tile', () => { if (cell.state === 'waiting' && round.endedAt == null) skip(cell); },
        element('strong', {}, name), element('span.state', {}, element('b', {}, sign)),
        element('span.age', {}, note));
    mark(made, 'data-long', name.length > 4);
    mark(made, 'data-round', cell.state);
    mark(made, 'data-terminal', cell.terminal);
    return made;
}

function askSkip(cell, done) {
    const refusal = element('p.refusal', { role: 'alert' });
    const reason = reasonField(['reasonBroken', 'reasonOccupied', 'reasonLocked']);
    const sheet = dialog(`${t('skip')}: ${cell.title}`, t('close'), element('form.decision', {
        onsubmit: (event) => {
            event.preventDefault();
            write(refusal, reason.value ? '' : t('reasonNeeded'));
            if (!reason.value) return;
            sheet.finish();
            done(reason.value);
        },
    }, reason.node, refusal, element('button.primary', { type: 'submit' }, t('skip'))));
}

/** The round as rows, for its printed sheet. */
export const sheetColumns = () => [
    [t('cell'), (cell) => cell.title],
    [t('phase'), (cell) => t(cell.state === 'waiting' ? 'waitingFor' : cell.state)],
    [t('at'), (cell) => timeOfDay(cell.pressedAt)], [t('reaction'), (cell) => length(cell.ms), 'number'],
    [t('note'), (cell) => cell.note ?? ''],
];
