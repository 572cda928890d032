// SPDX-License-Identifier: Apache-2.0

import { get, query } from './api.js';
import { button, dialog, element } from './element.js';
import { who } from './login.js';
import { fill, heading, printButton, table } from './table.js';
import { length, moment, number, timeOfDay } from './moments.js';
import { t } from './words.js';

// The record of calls: who spoke with whom, why, how it was to hear, and the recording. Each hearing is an
// entry of the audit, which the page says before the first press.

const pageCount = 50;
const listeners = ['supervisor', 'auditor'];

export function open(main) {
    const list = element('div');
    main.append(heading(t('calls'), printButton()), list);
    fill(list, async () => page(await get(query('calls', { limit: pageCount }))));
}

function page({ calls, next }) {
    const made = [table([
        [t('at'), (one) => moment(one.at)], [t('terminal'), (one) => one.title],
        [t('callWith'), (one) => one.party || '–'],
        [t('class'), (one) => one.urgency && t(`call_${one.urgency}`)],
        [t('officer'), (one) => one.officer?.name],
        [t('callLength'), (one) => length(lengthOf(one)), 'number'],
        [t('callQuality'), (one) => qualityOf(one)], [t('recording'), (one) => stateOf(one)],
    ], calls, openCall)];
    if (!next) return made;
    const older = element('div');
    older.append(button('primary', () => fill(older, async () =>
        page(await get(query('calls', { limit: pageCount, cursor: next })))), t('older')));
    return [...made, older];
}

/** The lines of an alarm's calls, for its timeline; none where this place does not know of them. */
export async function callLines(alarm) {
    if (who.place === 'post') return [];
    const { calls } = await get(query('calls', { alarm })).catch(() => ({ calls: [] }));
    return calls.map((one) => element('li.call', {}, element('time', {}, timeOfDay(one.at)),
        ` ${t('talk')}: ${one.party || '–'} · ${length(lengthOf(one)) ?? '–'} · ${stateOf(one)} `,
        button('tool', () => openCall(one), t('more'))));
}

function lengthOf(call) { return call.ms ?? call.recordings[0]?.ms; }

function stateOf({ recordings, unrecorded }) {
    if (!recordings.length) return unrecorded ? `✕ ${t('notRecorded')}` : '–';
    const best = recordings.find((one) => one.stored) ?? recordings[0];
    if (best.stored) return `● ${length(best.ms)}${best.cut ? ` · ${t('recordingCut')}` : ''}`;
    return best.removed ? `✕ ${t('recordingGone')}` : `○ ${t('recordingWaits')}`;
}

function qualityOf({ recordings }) {
    const { loss, delay } = recordings.find((one) => one.quality.received > 0)?.quality ?? {};
    return [loss != null && t('callLoss', { n: number(loss / 10) }),
        delay != null && t('talkDelay', { n: number(Math.round(delay)) })].filter(Boolean).join(' · ') || '–';
}

function openCall(call) {
    const facts = [
        [t('callWith'), call.party], [t('officer'), call.officer?.name], [t('talkSecond'), call.second?.name],
        [t('reason'), call.reason], [t('outcome'), call.ending && t(`callEnd_${call.ending}`)],
        [t('notRecorded'), call.unrecorded],
    ].filter(([, value]) => value);
    dialog(`${call.title} · ${moment(call.at)}`, t('close'),
        element('dl.facts', {}, facts.flatMap(([name, value]) =>
            [element('dt', {}, name), element('dd', {}, value)])),
        call.recordings.map(recordingPart));
}

function recordingPart(one) {
    const figures = Object.entries(one.quality).map(([name, value]) => `${name} ${value}`).join(' · ');
    const mayHear = one.stored && listeners.includes(who.user?.role);
    const path = `/api/recordings/${one.id}`;
    return element('section.recording', {},
        element('h3', {}, `${t('recordedAt')} ${one.title}`),
        element('p', {}, stateOf({ recordings: [one] })),
        mayHear ? [
            element('p.hint', {}, t('hearingNoted')),
            element('audio', { controls: '', preload: 'none', src: path }),
            element('div.tools', {},
                element('a.tool', { href: `${path}.opus`, download: '' }, t('saveRecording')),
                element('a.tool', { href: `${path}.seal`, download: '' }, t('saveSeal'))),
        ] : null,
        element('p.figures', {}, figures), element('code', {}, one.id.slice(0, 16)));
}
