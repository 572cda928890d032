// SPDX-License-Identifier: Apache-2.0

import { get } from './api.js';
import { element } from './element.js';
import { csvLink, fill, heading, printButton, table } from './table.js';
import { day, timeOfDay } from './moments.js';
import { sheetColumns } from './round.js';
import { chooseLanguage, language, t } from './words.js';

// A round on paper: which cell was pressed when, what was skipped and why, and a line to sign.

const id = new URLSearchParams(location.search).get('id') ?? '';

chooseLanguage(language());
document.title = t('rounds');
fill(document.getElementById('main'), async () => {
    const round = await get(`rounds/${encodeURIComponent(id)}`);
    const { zones } = await get('wall');
    const ward = zones.find((zone) => zone.id === round.zone)?.title ?? round.zone;
    const pressed = round.cells.filter((cell) => cell.state === 'pressed').length;
    return [
        heading(`${t('rounds')} · ${ward} · ${day(round.startedAt)}`, printButton(),
            csvLink(`rounds/${encodeURIComponent(id)}.csv`)),
        element('p', {}, [
            `${t('started')} ${timeOfDay(round.startedAt)}`, `${t('ended')} ${timeOfDay(round.endedAt)}`,
            `${t('by')} ${round.by?.name ?? '–'}`, t('roundDone', { n: pressed, all: round.cells.length }),
        ].join(' · ')),
        table(sheetColumns(), round.cells),
        element('p.signature', {}, `${t('signature')}:`),
    ];
});
