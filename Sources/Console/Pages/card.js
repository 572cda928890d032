// SPDX-License-Identifier: Apache-2.0

import { get } from './api.js';
import { callLines } from './calls.js';
import { act, deeds } from './deeds.js';
import { button, element, mark, shape, write } from './element.js';
import { ageMs, clockMs, isUnanswered, live, quietForMs, shortTitle } from './live.js';
import { begin } from './talk.js';
import { clock, length, shortAge, timeOfDay } from './moments.js';
import { other, said, t } from './words.js';

// The alarm card: who, where, since when, what has been done, what to do now, and four buttons that never
// change their place. A card is made once per alarm and then only written to, so that a press is never lost
// because its button was replaced under the finger. No button is ever greyed out: one pressed in the wrong
// order is answered by the sentence that says what comes first.

const limitMs = 300_000;
const guardMs = 600;
/** So says a terminal whose clock was never set. */
const unknownMs = 0xffff_ffff;
const steps = ['raised', 'annunciated', 'acknowledged', 'attended', 'cleared'];

export function alarmCard(first, isGuarded, ontouch) {
    let alarm = first;
    let isOver = false;
    const madeAt = performance.now();
    const part = {
        clock: element('strong.figure'), clockLabel: element('span.label'), age: element('span.age'),
        bar: element('progress', { max: limitMs, value: 0, 'aria-hidden': 'true' }),
        badges: element('p.badges'), where: element('p.where'), steps: element('ol.steps'),
        todo: element('ul.todo'), refusal: element('p.refusal', { role: 'alert' }),
        entries: element('ol.entries', { hidden: true }),
    };
    const buttons = deeds.map((deed, index) => {
        const made = button(`deed.${deed}`, () => press(index), element('kbd', {}, String(index + 1)),
            element('strong', {}, t(deed)), element('span', {}, other(deed)), element('small'));
        made.dataset.deed = deed;
        return made;
    });
    const speak = button('speak', talk, element('kbd', {}, '5'), element('strong', {}, t('talk')),
        element('span', {}, other('talk')));
    speak.hidden = first.alarmClass === 'trouble';
    const marks = { 'data-class': first.alarmClass, 'data-id': first.id, onpointerdown: ontouch };
    const node = element('article.card', marks,
        element('header', {}, shape(first.alarmClass), element('strong', {}, t(first.alarmClass)),
            element('span', {}, other(first.alarmClass)), part.badges),
        element('div.who', {},
            element('div', {}, element('h2', {}, shortTitle(first.title, first.zone)), part.where),
            element('div.five', { role: 'timer' }, part.clockLabel, part.clock)),
        part.bar, part.steps, part.todo,
        part.refusal, speak, element('div.deeds', {}, buttons),
        element('footer', {}, part.age, button('timeline', timeline, t('timeline'))), part.entries);

    async function press(index) {
        if (index === deeds.length) { talk(); return; }
        if (isOver || !buttons[index] || (isGuarded && performance.now() - madeAt < guardMs)) return;
        ontouch();
        const made = buttons[index];
        mark(made, 'data-busy', true);
        write(part.refusal, '');
        try {
            await act(alarm, deeds[index]);
        } catch (error) {
            if (error.sentence) write(part.refusal, error.sentence);
        }
        mark(made, 'data-busy', null);
    }

    async function talk() {
        if (isOver || (isGuarded && performance.now() - madeAt < guardMs)) return;
        ontouch();
        write(part.refusal, '');
        try {
            await begin(alarm.terminal, 'answer');
        } catch (error) {
            if (error.sentence) write(part.refusal, error.sentence);
        }
    }

    async function timeline() {
        ontouch();
        part.entries.hidden = !part.entries.hidden;
        if (part.entries.hidden) return;
        part.entries.replaceChildren(element('li', {}, t('loading')));
        try {
            const { entries } = await get(`alarms/${encodeURIComponent(alarm.id)}`);
            part.entries.replaceChildren(...entries.map(entryLine), ...await callLines(alarm.id));
        } catch (error) { part.entries.replaceChildren(element('li.refusal', {}, error.sentence)); }
    }

    function update(newer) {
        if (newer === alarm && node.isConnected && part.steps.childElementCount) return;
        if (newer.phase !== alarm.phase) write(part.refusal, '');
        alarm = newer;
        mark(node, 'data-phase', alarm.phase);
        part.steps.replaceChildren(...stepsOf(alarm));
        const todo = [said(alarm.todo)].flat().filter(Boolean);
        part.todo.replaceChildren(...todo.map((line) => element('li', {}, line)));
        part.todo.hidden = !part.todo.childElementCount;
        const next = nextDeed(alarm);
        for (const made of buttons) {
            mark(made, 'data-next', made.dataset.deed === next);
            mark(made, 'data-done', isDone(alarm, made.dataset.deed));
            write(made.querySelector('small'), noteOf(alarm, made.dataset.deed));
        }
        tick();
    }

    function tick() {
        if (isOver) return;
        const remaining = clockMs(alarm);
        const isLate = remaining !== null && remaining < 0;
        const attendedAfter = alarm.deeds.find(({ deed }) => deed === 'attended')?.afterMs;
        const label = remaining === null ? 'arrivedIn' : isLate ? 'over' : 'arriveIn';
        const isTimed = remaining !== null || attendedAfter != null;
        write(part.clockLabel, isTimed ? t(label) : '');
        write(part.clock, isTimed ? clock(remaining ?? attendedAfter) : '');
        mark(node, 'data-late', isLate);
        part.bar.value = remaining === null ? 0 : Math.min(limitMs, Math.max(0, limitMs - remaining));
        part.bar.hidden = remaining === null;
        write(part.age, `${timeOfDay(alarm.raisedAt)} · ${t('ago', { n: shortAge(ageMs(alarm)) })}`);
        const presses = alarm.presses > 1 && t('presses', { n: alarm.presses });
        write(part.where, [alarm.zone, t(alarm.point), presses].filter(Boolean).join(' · '));
        write(part.badges, badgesOf(alarm).join('  '));
    }

    /** Cleared: the card says so and takes no more presses. */
    function end() {
        if (isOver) return;
        isOver = true;
        mark(node, 'data-phase', 'cleared');
        write(part.badges, `✓ ${t('cleared')}`);
        write(part.refusal, '');
        part.todo.hidden = true;
        for (const step of part.steps.children) mark(step, 'data-done', true);
    }

    update(first);
    return { id: first.id, node, update, tick, end, press };
}

export function entryLine({ at, uncertaintyMs, text }) {
    const error = uncertaintyMs >= unknownMs ? ` ${t('clockUnset')}`
        : uncertaintyMs > 1_000 ? ` ${t('uncertain', { n: shortAge(uncertaintyMs) })}` : '';
    return element('li', {}, element('time', {}, timeOfDay(at) + error), ` ${said(text)}`);
}

function badgesOf(alarm) {
    const quiet = quietForMs(alarm);
    return [
        alarm.history && `↺ ${t('history')}`, alarm.cellLost && `✕ ${t('cellLost')}`,
        alarm.escalation > 0 && `▲ ${t('level', { n: alarm.escalation })}`,
        quiet > 0 && `${t('quietFor', { n: clock(quiet) })}`,
        alarm.shelvedUntil && `${t('shelvedUntil', { n: timeOfDay(alarm.shelvedUntil) })}`,
    ].filter(Boolean);
}

/** The first word about each step: what was done, after how long, by whom. */
function stepsOf(alarm) {
    const reached = steps.indexOf(alarm.phase);
    return steps.map((step, index) => {
        const deed = alarm.deeds.find((one) => one.deed === step);
        const ground = deed && (step === 'annunciated' ? titleOf(deed.terminal) : t(deed.ground));
        const by = deed?.officer?.name ?? ground ?? '';
        const after = step === 'raised' ? timeOfDay(alarm.raisedAt) : deed ? `+${length(deed.afterMs)}` : '';
        const isUnproven = deed?.ground === 'declared' && step === 'attended';
        return element('li', { 'data-done': index <= reached || deed ? '' : null },
            element('strong', {}, t(step)), element('span', {}, after), element('span', {}, by),
            isUnproven && element('em', {}, t('declared')));
    });
}

function titleOf(terminal) { return live.terminals.get(terminal)?.title ?? terminal; }

function nextDeed(alarm) {
    if (isUnanswered(alarm)) return 'acknowledge';
    if (alarm.phase === 'acknowledged') return alarm.alarmClass === 'trouble' ? 'clear' : 'attend';
    return 'clear';
}

function isDone(alarm, deed) {
    const reached = steps.indexOf(alarm.phase);
    return deed === 'acknowledge' ? reached >= 2 : deed === 'attend' && reached >= 3;
}

function noteOf(alarm, deed) {
    return deed === 'attend' && alarm.attendanceWired ? t('attendWired') : t(`${deed}Note`);
}
