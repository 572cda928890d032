// SPDX-License-Identifier: Apache-2.0

// What stands now, as the stream told it: zones, terminals, alarms. Every view reads it; only the stream
// writes it.
//
// Always true: ages go on counting from the moment of receipt on a clock that nobody can set; alarms are in
// the order of a post's list, class first, then the older one; a cleared alarm leaves the list.

const classOrder = { officerDuress: 4, emergency: 3, cellCall: 2, trouble: 1 };
const listeners = new Set();

export const live = { zones: [], terminals: new Map(), alarms: new Map(), isKnown: false, offsetMs: 0 };

/** Milliseconds since a thing was received; everything from the stream carries `receivedAt`. */
export function since(thing) { return performance.now() - thing.receivedAt; }
export function ageMs(alarm) { return alarm.ageMs + since(alarm); }
export function clockMs(alarm) { return alarm.clockMs == null ? null : alarm.clockMs - since(alarm); }
export function quietForMs(alarm) { return Math.max(0, (alarm.quietForMs ?? 0) - since(alarm)); }
export function proofAgeMs(terminal) {
    return terminal.proofAgeMs == null ? null : terminal.proofAgeMs + since(terminal);
}

/** The hub's wall clock, however wrong this machine's own is. */
export function nowMs() { return live.isKnown ? performance.now() + live.offsetMs : Date.now(); }

/** Open alarms, most urgent first. */
export function ordered() {
    return [...live.alarms.values()].sort((a, b) =>
        classOrder[b.alarmClass] - classOrder[a.alarmClass] || ageMs(b) - ageMs(a) || (a.id < b.id ? -1 : 1));
}

/** The most urgent alarm of each terminal. */
export function worstByTerminal() {
    return new Map(ordered().reverse().map((alarm) => [alarm.terminal, alarm]));
}

export function isMoreUrgent(a, b) { return classOrder[a.alarmClass] > classOrder[b.alarmClass]; }

export function isUnanswered(alarm) { return alarm.phase === 'raised' || alarm.phase === 'annunciated'; }

/** Cells that somebody has to decide about: a fault made them doubtful. */
export function undecided() {
    return [...live.terminals.values()].filter((terminal) => terminal.use === 'doubtful');
}

export function listen(call) {
    listeners.add(call);
    return () => listeners.delete(call);
}

export function hear(kind, data) {
    if (kind === 'wall') takeWall(data);
    if (kind === 'alarm') takeAlarm(data);
    if (kind === 'terminal') takeTerminal(data);
    if (kind === 'proofs') takeProofs(data);
    for (const call of listeners) call(kind, data);
}

/** An answer to a deed is the newest word about its alarm. */
export function hearAnswer(alarm) { if (alarm?.id) hear('alarm', alarm); }

export function forget() {
    Object.assign(live, { zones: [], isKnown: false });
    live.terminals.clear();
    live.alarms.clear();
}

function received(thing) { return Object.assign(thing, { receivedAt: performance.now() }); }

function takeWall(wall) {
    live.isKnown = true;
    live.offsetMs = wall.now - performance.now();
    live.zones = wall.zones.map(({ id, title, terminals }) =>
        ({ id, title, terminals: terminals.map((terminal) => terminal.id) }));
    live.terminals.clear();
    for (const zone of wall.zones) {
        for (const terminal of zone.terminals) live.terminals.set(terminal.id, received(terminal));
    }
    live.alarms.clear();
    wall.alarms.forEach((alarm) => { takeAlarm(alarm); });
}

function takeAlarm(alarm) {
    if (alarm.phase === 'cleared') live.alarms.delete(alarm.id);
    else live.alarms.set(alarm.id, received(alarm));
}

function takeTerminal(terminal) {
    if (live.terminals.has(terminal.id)) live.terminals.set(terminal.id, received(terminal));
}

/** {terminal: age of its last proof}: keeps 500 ages true without sending 500 terminals. */
function takeProofs(ages) {
    for (const [id, age] of Object.entries(ages)) {
        const terminal = live.terminals.get(id);
        if (terminal) received(Object.assign(terminal, { proofAgeMs: age }));
    }
}

/** What people call it within its ward: 一监区101室 stands in 一监区 as 101室, or no tile would show which. */
export function shortTitle(title, zone) {
    const isWithin = zone && title.length > zone.length && title.startsWith(zone);
    return isWithin ? title.slice(zone.length).trim() : title;
}
