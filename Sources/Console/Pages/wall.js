// SPDX-License-Identifier: Apache-2.0

import { alarmCard } from './card.js';
import { openTerminal } from './cell.js';
import { arrange, button, element, keep, mark, shape, write } from './element.js';
import { ageMs, isMoreUrgent, isUnanswered, listen, live, ordered, undecided } from './live.js';
import { tileGrid } from './tiles.js';
import { shortAge } from './moments.js';
import { t } from './words.js';

// The live wall: what calls on the left, what stands where on the right. The two halves never move, so that
// a finger on its way down finds what the eye saw.
//
// Always true: an alarm that somebody chose or touched keeps the card for `chosenMs`, also while they look
// at another page; after that the most urgent unanswered one takes it, unless the card's is of a higher
// class.

const chosenMs = 20_000;
const clearedMs = 4_000;
const tickMs = 250;
const stripsMax = 12;
const chosen = { id: null, at: -Infinity };

export function open(main, { go }) {
    const queue = element('div.queue', { role: 'list' });
    const place = element('div.place');
    const quiet = element('div.allquiet', {}, shape('quiet'),
        element('strong', {}, t('allQuiet')), element('span', {}, t('quietHint')));
    const grid = tileGrid((terminal) => openTerminal(terminal.id));
    main.append(element('section.calls', {}, place, queue), grid.node);

    const strips = keep((alarm) => strip(alarm, choose));
    const decisions = keep(decision);
    const more = button('more', () => go('flood'));
    let card = null;
    let clearedAt = null;
    let isDue = true;

    function choose(id) {
        touch(id);
        showCard(live.alarms.get(id), false);
        mustRepaint();
    }

    function showCard(alarm, isByItself) {
        if (card?.id === alarm?.id) return;
        clearedAt = null;
        card = alarm ? alarmCard(alarm, isByItself && card !== null, () => { touch(alarm.id); }) : null;
        place.replaceChildren(card ? card.node : quiet);
    }

    /** Which alarm the card shows now. */
    function settle() {
        const alarms = ordered();
        const held = card && live.alarms.get(card.id);
        if (card && !held) {
            clearedAt ??= performance.now();
            card.end();
            if (performance.now() - clearedAt < clearedMs && isChosen(card.id)) return alarms;
        }
        if (held) card.update(held);
        const kept = live.alarms.get(chosen.id);
        showCard(kept && isChosen(kept.id) ? kept : mostUrgent(alarms, held), true);
        return alarms;
    }

    function repaint() {
        isDue = false;
        const alarms = settle();
        const waiting = alarms.filter((alarm) => alarm.id !== card?.id);
        write(more, t('andMore', { n: waiting.length - stripsMax }));
        arrange(queue, [
            ...strips(waiting.slice(0, stripsMax), (alarm) => alarm.id),
            ...waiting.length > stripsMax ? [more] : [],
            ...decisions(undecided().slice(0, stripsMax), (terminal) => terminal.id),
        ]);
        grid.repaint();
    }

    const mustRepaint = () => {
        if (isDue) return;
        isDue = true;
        requestAnimationFrame(repaint);
    };
    const stop = listen((kind) => { if (kind === 'proofs') grid.tick(); else mustRepaint(); });
    const timer = setInterval(() => {
        const before = card;
        settle();
        if (before !== card) mustRepaint();
        card?.tick();
        grid.tick();
        for (const strip of queue.children) strip.tick?.();
    }, tickMs);
    place.append(quiet);
    repaint();
    const onKey = (event) => { if (isForPage(event)) card?.press(Number(event.key) - 1); };
    document.addEventListener('keydown', onKey);
    return () => { stop(); clearInterval(timer); document.removeEventListener('keydown', onKey); };
}

function touch(id) { Object.assign(chosen, { id, at: performance.now() }); }
function isChosen(id) { return chosen.id === id && performance.now() - chosen.at < chosenMs; }

/** A cell call does not push an acknowledged emergency off the card; it waits, blinking, right below. */
function mostUrgent(alarms, held) {
    const waiting = alarms.find(isUnanswered);
    if (!waiting || (held && isMoreUrgent(held, waiting))) return held ?? alarms[0];
    return waiting;
}

function isForPage(event) {
    return /^[1-5]$/.test(event.key) && !event.repeat && !event.ctrlKey && !event.altKey && !event.metaKey
        && !document.querySelector('dialog[open]') && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
}

function strip(first, choose) {
    let alarm = first;
    const [title, phase, age] = [element('strong'), element('span.phase'), element('span.age')];
    const made = button('alarm', () => choose(alarm.id), shape(first.alarmClass), title, phase, age);
    mark(made, 'data-class', first.alarmClass);
    mark(made, 'data-id', first.id);
    made.tick = () => write(age, shortAge(ageMs(alarm)));
    made.update = (newer) => {
        alarm = newer;
        write(title, alarm.title);
        write(phase, t(alarm.phase));
        mark(made, 'data-waits', isUnanswered(alarm));
        made.tick();
    };
    return made;
}

/** A cell in doubt asks for a decision until it has one. */
function decision(terminal) {
    const made = button('decision', () => openTerminal(terminal.id), element('span.sign', {}, '?'),
        element('strong', {}, terminal.title), t('decide'));
    return Object.assign(made, { update() {} });
}
