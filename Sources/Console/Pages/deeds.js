// SPDX-License-Identifier: Apache-2.0

import { ask } from './api.js';
import { hearAnswer } from './live.js';
import { enter, who } from './login.js';

// What an officer does to an alarm. At a post anybody may acknowledge; everything else asks who it is, once,
// and then goes on with what was pressed.

export const deeds = ['acknowledge', 'attend', 'clear', 'silence'];

export async function act(alarm, deed) {
    const path = `alarms/${encodeURIComponent(alarm.id)}/${deed}`;
    await withLogin(async () => { hearAnswer(await ask('POST', path)); }, deed === 'acknowledge');
}

/** Runs a deed; when it needs a login, asks for one and runs it again. */
export async function withLogin(deed, isFree = false) {
    if (!who.user && !isFree) await enter();
    try {
        return await deed();
    } catch (error) {
        if (error.status !== 401) throw error;
        await enter();
        return deed();
    }
}
