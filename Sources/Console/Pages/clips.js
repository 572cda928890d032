// SPDX-License-Identifier: Apache-2.0

import { ask, get, post } from './api.js';
import { button, dialog, element, write } from './element.js';
import { fill, heading, table } from './table.js';
import { length, moment, number } from './moments.js';
import { t } from './words.js';

// The library of voice units: what there is, what the timetable plays and it lacks, who holds it; a new unit
// from a file or from a line of text.

export function open(main) {
    const body = element('div.report');
    const read = () => fill(body, async () => {
        const { units, lacks, terminals, speaks, version } = await get('clips');
        return [
            lacks.length ? element('p.refusal', {}, `✕ ${t('clipLacking')}: ${lacks.join(', ')}`) : null,
            heading(t('clipUnits'), button('primary', () => add(speaks, read), t('add'))),
            table([
                [t('name'), (one) => one.name], [t('callLength'), (one) => length(one.ms), 'number'],
                ['', (one) => removal(one, read)],
            ], units),
            heading(t('clipHolders')),
            table([
                [t('terminal'), (one) => one.id],
                [t('clipHeld'), (one) => number(one.units), 'number'],
                [t('clipMissing'), (one) => one.missing ? `✕ ${one.missing}` : '✓'],
                [t('version'), (one) => one.version === version ? `✓ ${one.version}` : `○ ${one.version}`],
                [t('lastProof'), (one) => moment(one.at)],
            ], terminals.toSorted((a, b) => b.missing - a.missing || a.id.localeCompare(b.id))),
        ].filter(Boolean);
    });
    main.append(heading(t('clips'), button('tool', read, '↻')), body);
    read();
}

function removal({ name }, done) {
    const made = button('danger', async () => {
        if (!made.dataset.sure) { made.dataset.sure = 'true'; write(made, `${t('remove')}?`); return; }
        try {
            await ask('DELETE', `clips/${encodeURIComponent(name)}`);
            done();
        } catch (error) { write(made, error.sentence); }
    }, t('remove'));
    return made;
}

function add(speaks, done) {
    const refusal = element('p.refusal', { role: 'alert' });
    const file = element('input', { name: 'file', type: 'file', accept: '.wav,.flac,.ogg,.opus' });
    const say = element('input', { name: 'say', autocomplete: 'off', disabled: !speaks });
    const sheet = dialog(t('add'), t('close'), element('form.decision', {
        onsubmit: async (event) => {
            event.preventDefault();
            const { name } = Object.fromEntries(new FormData(event.target));
            try {
                const source = file.files[0] ? { sound: await base64(file.files[0]) } : { say: say.value };
                const language = /[\u3400-\u9fff]/.test(say.value) ? 'zh' : 'en';
                await post('clips', { name, ...source, ...(source.say ? { language } : {}) });
                sheet.finish();
                done();
            } catch (error) { write(refusal, error.sentence ?? String(error)); }
        },
    },
    element('label', {}, t('name'), element('input', {
        name: 'name', required: true, maxlength: '16', pattern: '[A-Za-z0-9._\\-]+', autocomplete: 'off',
    })),
    element('label', {}, t('clipFile'), file),
    element('label', {}, speaks ? t('clipSay') : t('clipNoSpeech'), say),
    refusal, element('button.primary', { type: 'submit' }, t('add'))));
}

async function base64(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 8_192) {
        text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
    }
    return btoa(text);
}
