// SPDX-License-Identifier: Apache-2.0

import { button, element, mark, shape, write } from './element.js';
import { isMoreUrgent, live, proofAgeMs, shortTitle, worstByTerminal } from './live.js';
import { shortAge } from './moments.js';
import { t } from './words.js';

// Every terminal by ward, each with the age of its last proof. A tile is made once and kept: 500 of them are
// repainted by writing only what changed.

const signs = { alive: '✓', late: '…', lost: '✕', never: '–' };
const useSigns = { doubtful: '?', notUsable: '⊘' };
let chosenZone = null;

export function tileGrid(onpress) {
    const zones = element('nav.zones');
    const wards = element('div.wards');
    const node = element('section.tiles', {}, zones, wards);
    const tiles = new Map();
    let layout = '';

    function lay() {
        tiles.clear();
        if (!live.zones.some((zone) => zone.id === chosenZone)) chosenZone = null;
        const shown = live.zones.filter((zone) => chosenZone === null || zone.id === chosenZone);
        const count = shown.reduce((sum, zone) => sum + zone.terminals.length, 0);
        mark(node, 'data-density', count > 200 ? 'crowd' : count > 90 ? 'many' : count > 40 ? 'some' : 'few');
        zones.replaceChildren(...live.zones.length > 1 ? zoneButtons() : []);
        wards.replaceChildren(...shown.map(ward));
        layout = signature();
    }

    function zoneButtons() {
        return [{ id: null, title: t('allZones') }, ...live.zones].map((zone) => {
            const made = button('zone', () => { chosenZone = zone.id; lay(); repaint(); }, zone.title);
            made.setAttribute('aria-pressed', String(zone.id === chosenZone));
            if (zone.id !== null) made.count = (worst) => markZone(made, zone, worst);
            return made;
        });
    }

    function ward(zone) {
        const tally = element('span.tally');
        const made = element('section.ward', {}, element('h2', {}, zone.title, tally),
            element('div.cells', {}, zone.terminals.map((id) => tile(id, zone.title))));
        made.count = (worst) => write(tally, tallyOf(zone, worst));
        return made;
    }

    function tile(id, ward) {
        const [title, state, age] = [element('strong'), element('span.state'), element('span.age')];
        const parts = { id, ward, title, state, age };
        parts.node = button('tile', () => onpress(live.terminals.get(id)), title, state, age);
        parts.node.dataset.terminal = id;
        tiles.set(id, parts);
        return parts.node;
    }

    function repaint() {
        if (layout !== signature()) lay();
        const worst = worstByTerminal();
        for (const parts of tiles.values()) paint(parts, live.terminals.get(parts.id), worst.get(parts.id));
        for (const made of wards.children) made.count(worst);
        for (const made of zones.children) made.count?.(worst);
        tick();
    }

    function tick() {
        for (const parts of tiles.values()) {
            const terminal = live.terminals.get(parts.id);
            if (terminal) write(parts.age, noteOf(terminal));
        }
    }

    return { node, repaint, tick };
}

function signature() {
    return live.zones.map((zone) => `${zone.id}:${zone.terminals.join()}`).join(';');
}

/** A ward that is out of sight still shows the shape of its worst alarm. */
function markZone(made, zone, worst) {
    const alarm = zone.terminals.map((id) => worst.get(id)).filter(Boolean)
        .reduce((one, other) => (one && !isMoreUrgent(other, one) ? one : other), null);
    if ((made.dataset.class ?? '') === (alarm?.alarmClass ?? '')) return;
    mark(made, 'data-class', alarm?.alarmClass);
    made.replaceChildren(...alarm ? [shape(alarm.alarmClass)] : [], zone.title);
}

function tallyOf(zone, worst) {
    const terminals = zone.terminals.map((id) => live.terminals.get(id)).filter(Boolean);
    const alarms = zone.terminals.filter((id) => worst.has(id)).length;
    const lost = terminals.filter((terminal) => terminal.proof === 'lost').length;
    const parts = [alarms && t('alarmsInZone', { n: alarms }), lost && t('lostInZone', { n: lost })];
    return parts.filter(Boolean).join(' · ');
}

function paint({ node, ward, title, state }, terminal, alarm) {
    if (!terminal) return;
    const name = shortTitle(terminal.title, ward);
    write(title, name);
    mark(node, 'data-long', name.length > 4);
    mark(node, 'data-proof', terminal.proof);
    mark(node, 'data-use', terminal.use);
    mark(node, 'data-role', terminal.role);
    mark(node, 'data-alarm', alarm?.alarmClass);
    mark(node, 'data-phase', alarm?.phase);
    mark(node, 'data-faults', terminal.faults.length || null);
    const key = alarm ? alarm.alarmClass : `${terminal.proof} ${terminal.use} ${terminal.faults.length}`;
    if (node.dataset.state !== key) {
        node.dataset.state = key;
        state.replaceChildren(...stateOf(terminal, alarm));
    }
    mark(node, 'aria-label', `${terminal.title} ${alarm ? t(alarm.alarmClass) : t(terminal.proof)}`);
}

function stateOf(terminal, alarm) {
    if (alarm) return [shape(alarm.alarmClass)];
    if (terminal.faults.length && terminal.use === 'usable') return [shape('trouble')];
    return [element('b', {}, useSigns[terminal.use] ?? signs[terminal.proof])];
}

function noteOf(terminal) {
    const age = shortAge(proofAgeMs(terminal));
    return terminal.use === 'usable' ? age : `${t(terminal.use)} ${age}`;
}
