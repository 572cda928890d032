// SPDX-License-Identifier: Apache-2.0

import { live, quietForMs } from './live.js';

// What this screen lets be heard: the tone of the most urgent sounding alarm, made here, loaded from nowhere.
// Duress, emergency, call and trouble differ in rhythm and in pitch, so that they can be told apart from
// another room and by somebody who hears high tones badly (nothing above 1.3 kHz carries the meaning).
//
// Always true: history never rings; a browser that forbids sound until it is touched is shown as "sound is
// off", never as quiet.

//                 repeat after, then [start s, length s, from Hz, to Hz]
const tones = {
    officerDuress: [1_400, [[0, 0.3, 500, 1_300], [0.35, 0.3, 500, 1_300], [0.7, 0.3, 500, 1_300]]],
    emergency: [1_000, [[0, 0.45, 960, 960], [0.5, 0.45, 720, 720]]],
    cellCall: [4_000, [[0, 0.25, 660, 660], [0.3, 0.5, 550, 550]]],
    trouble: [5_000, [[0, 0.12, 440, 440]]],
};
const urgency = ['officerDuress', 'emergency', 'cellCall', 'trouble'];

let context = null;
let playing = null;
let againAt = 0;

export function isOn() { return context?.state === 'running'; }

/** To be called from a touch or a key: browsers allow sound only then. */
export async function switchOn() {
    context ??= new AudioContext();
    if (context.state !== 'running') await context.resume().catch(() => {});
}

/** A screen of ours may sound without having been touched; others say so here. */
export function begin() {
    switchOn();
    const touched = () => { if (!isOn()) switchOn(); };
    for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, touched);
}

/** A short word of each tone, so that people know them before they need them. */
export async function rehearse() {
    await switchOn();
    if (isOn()) play('cellCall');
}

/** The class that has to be heard now; null = quiet. A standing picture is trouble too. */
export function due(isStale) {
    const sounding = new Set();
    for (const alarm of live.alarms.values()) {
        // A pause that ran out ends here too, whatever a dead stream last said.
        const isPauseOver = alarm.quietForMs > 0 && quietForMs(alarm) === 0;
        if ((alarm.sounding || isPauseOver) && !alarm.history) sounding.add(alarm.alarmClass);
    }
    return urgency.find((alarmClass) => sounding.has(alarmClass)) ?? (isStale ? 'trouble' : null);
}

/** Called many times a second; begins a tone when it is its turn, a more urgent one at once. */
export function tick(isStale) {
    const wanted = due(isStale);
    const now = performance.now();
    if (wanted === playing && now < againAt) return;
    playing = wanted;
    if (wanted === null) { againAt = 0; return; }
    againAt = now + tones[wanted][0];
    if (isOn()) play(wanted);
}

function play(alarmClass) {
    const start = context.currentTime + 0.02;
    for (const [after, length, from, to] of tones[alarmClass][1]) {
        const voice = context.createOscillator();
        const loudness = context.createGain();
        voice.type = alarmClass === 'cellCall' ? 'sine' : 'square';
        voice.frequency.setValueAtTime(from, start + after);
        voice.frequency.linearRampToValueAtTime(to, start + after + length);
        const peak = alarmClass === 'cellCall' ? 0.5 : 0.25;
        loudness.gain.setValueAtTime(0, start + after);
        loudness.gain.linearRampToValueAtTime(peak, start + after + 0.01);
        loudness.gain.setValueAtTime(peak, start + after + length - 0.03);
        loudness.gain.linearRampToValueAtTime(0, start + after + length);
        voice.connect(loudness).connect(context.destination);
        voice.start(start + after);
        voice.stop(start + after + length);
    }
}
