// SPDX-License-Identifier: Apache-2.0

import { get, query } from './api.js';
import { button, choices, dialog, element } from './element.js';
import { csvLink, fill, heading, printButton, table } from './table.js';
import { day as dayOf, length, number, timeOfDay } from './moments.js';
import { said, t } from './words.js';

// One day: what was planned and what became of it, a strip for each zone that is read from three metres; and
// the days to come, exactly as they will play.

/** The worst first; a sign beside the word, for colour alone is not seen by everybody. */
const signs = {
    notHeard: '✕', skipped: '✕', tooQuiet: '▽', cut: '✂', interrupted: '‖', untold: '?',
    playing: '▶', planned: '○', played: '✓', heard: '✓',
};
const states = Object.keys(signs);
const troubles = new Set(states.slice(0, 6));

export function open(main) {
    const body = element('div.day');
    const name = element('strong.month');
    let chosen = dayOf(Date.now());
    let links = null;
    const read = () => fill(body, async () => {
        const view = await get(query('day', { day: chosen }));
        name.textContent = view.day;
        const path = query('day.csv', { day: chosen });
        links?.setAttribute('href', `/api/${path}`);
        return view.strips.length ? view.strips.map(strip) : element('p.nothing', {}, t('nothing'));
    });
    const step = (days) => () => {
        chosen = dayOf(Date.parse(`${chosen}T12:00:00`) + days * 86_400_000);
        read();
    };
    links = csvLink(query('day.csv', { day: chosen }));
    main.append(heading(t('dayPlan'), button('tool', step(-1), '◀'), name, button('tool', step(1), '▶'),
        links, printButton()), body);
    read();
}

function strip({ zone, title, kind, units, terminals }) {
    const wrong = terminals.flatMap((terminal) => terminal.states
        .map((state, place) => ({ terminal, place, state })).filter(({ state }) => troubles.has(state)));
    return element('section.strip', { 'data-zone': zone },
        element('header.heading', {}, element('h3', {}, title, kind && ` · ${kind}`),
            button('tool', () => openPreview(zone, title), t('dayPreview'))),
        units.length ? element('ol.units', {}, units.map((unit, place) => block(unit, place, terminals)))
            : element('p.nothing', {}, t('dayNothing')),
        wrong.length ? element('ul.wrong', {}, wrong.map(({ terminal, place, state }) =>
            element('li', { 'data-state': state }, line(units[place], terminal, place, state)))) : null);
}

/** `✕ 101 · 08:00 点名 · 未听到 · −24 dB` */
function line(unit, terminal, place, state) {
    const { why, levelDb } = terminal.notes.find((one) => one.unit === place) ?? {};
    return [`${signs[state]} ${terminal.title}`, `${unit.at} ${unit.title}`, t(`play_${state}`), said(why),
        levelDb != null && `${number(levelDb)} dB`].filter(Boolean).join(' · ');
}

/** One unit of a zone: its worst state, and at how many terminals. */
function block(unit, place, terminals) {
    const all = terminals.map((one) => one.states[place]);
    const worst = states.find((state) => all.includes(state)) ?? 'planned';
    const count = all.filter((state) => state === worst).length;
    const few = count < all.length ? ` ${count}/${all.length}` : '';
    return element('li', {}, button('unit', () => openUnit(unit, place, terminals),
        element('time', {}, unit.at), element('strong', {}, unit.title),
        element('span.state', { 'data-state': worst }, `${signs[worst]} ${t(`play_${worst}`)}${few}`)));
}

function openUnit(unit, place, terminals) {
    const note = (one) => one.notes.find((note) => note.unit === place) ?? {};
    dialog(`${unit.at} ${unit.title}`, t('close'), table([
        [t('terminal'), (one) => one.title],
        [t('outcome'), (one) => element('span.state', { 'data-state': one.states[place] },
            `${signs[one.states[place]]} ${t(`play_${one.states[place]}`)}`)],
        [t('reason'), (one) => said(note(one).why) || '–'],
        [t('playBegan'), (one) => note(one).beganAt && timeOfDay(note(one).beganAt)],
        [t('playLevel'), (one) => note(one).levelDb != null && `${number(note(one).levelDb)} dB`, 'number'],
    ], terminals.toSorted((a, b) => states.indexOf(a.states[place]) - states.indexOf(b.states[place]))));
}

function openPreview(zone, title) {
    const body = element('div');
    dialog(`${title} · ${t('dayPreview')}`, t('close'), body);
    fill(body, async () => {
        const { name, days } = await get(query('day/preview', { zone }));
        return days.length ? [element('p.hint', {}, name), ...preview(days)]
            : element('p.nothing', {}, t('dayNothing'));
    });
}

/** Days to come, one at a time. */
export function preview(days) {
    const shown = element('div');
    const show = (wanted) => {
        const { units } = days.find(({ day }) => day === wanted);
        shown.replaceChildren(table([
            [t('at'), (one) => one.at], [t('dayUnit'), (one) => one.title],
            [t('callLength'), (one) => length(one.seconds * 1_000), 'number'],
            [t('clip'), (one) => one.isLacking ? `✕ ${one.unit}: ${t('clipLacking')}` : one.unit],
        ], units));
    };
    show(days[0].day);
    return [choices(days.map(({ day, kind }) => [day, `${day.slice(5)} ${kind}`]), days[0].day, show), shown];
}
