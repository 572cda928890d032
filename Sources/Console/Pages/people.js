// SPDX-License-Identifier: Apache-2.0

import { ask, get, post } from './api.js';
import { button, choices, dialog, element, write } from './element.js';
import { fill, heading, table } from './table.js';
import { t } from './words.js';

// The administrator's page: who may log in, as what, for which wards; and where events are sent besides.

const roles = ['officer', 'supervisor', 'technician', 'auditor', 'administrator'];

export function open(main) {
    const users = element('div');
    const hooks = element('div');
    const readUsers = () => fill(users, async () => table([
        [t('userName'), (one) => one.id], [t('name'), (one) => one.name], [t('role'), (one) => t(one.role)],
        [t('areas'), (one) => one.areas?.join(', ')],
        ['', (one) => removal(`users/${encodeURIComponent(one.id)}`, readUsers)],
    ], (await get('users')).users));
    const readHooks = () => fill(hooks, async () => table([
        [t('address'), (one) => one.url],
        ['', (one) => removal(`webhooks/${encodeURIComponent(one.id)}`, readHooks)],
    ], (await get('webhooks')).webhooks));
    main.append(heading(t('people'), button('tool', () => addUser(readUsers), t('add'))), users,
        heading(t('webhooks'), button('tool', () => addHook(readHooks), t('add'))), hooks);
    readUsers();
    readHooks();
}

function removal(path, done) {
    const made = button('danger', async () => {
        if (!made.dataset.sure) { made.dataset.sure = 'true'; write(made, `${t('remove')}?`); return; }
        try { await ask('DELETE', path); done(); } catch (error) { write(made, error.sentence); }
    }, t('remove'));
    return made;
}

/** A form in a dialog; `read(values)` gives the body to send. */
function addition(title, path, fields, read, done) {
    const refusal = element('p.refusal', { role: 'alert' });
    const sheet = dialog(title, t('close'), element('form.decision', {
        onsubmit: async (event) => {
            event.preventDefault();
            try {
                const made = await post(path, read(Object.fromEntries(new FormData(event.target))));
                sheet.finish();
                done(made);
            } catch (error) { write(refusal, error.sentence); }
        },
    }, fields, refusal, element('button.primary', { type: 'submit' }, t('add'))));
}

function field(name, label, properties = {}) {
    const input = element('input', { name, required: true, autocomplete: 'off', ...properties });
    return element('label', {}, label, input);
}

function addUser(done) {
    let role = 'officer';
    addition(t('add'), 'users', [
        field('id', t('userName')), field('name', t('name')),
        field('password', t('password'), { type: 'password', autocomplete: 'new-password' }),
        field('officer', t('officerNumber'), { required: false, maxlength: '16' }),
        field('pin', t('pin'), {
            required: false, inputmode: 'numeric', pattern: '[0-9]{4,12}', maxlength: '12',
        }),
        field('areas', t('areas'), { required: false, placeholder: 'ward-1, ward-2' }),
        choices(roles.map((one) => [one, t(one)]), role, (value) => { role = value; }),
    ], (values) => ({
        ...values, role, officer: values.officer || undefined, pin: values.pin || undefined,
        areas: values.areas.split(/[,，\s]+/).filter(Boolean),
    }), done);
}

function addHook(done) {
    addition(t('add'), 'webhooks', [field('url', t('address'), { type: 'url' })], (values) => values,
        (made) => {
            done();
            // Told once: with it the other side knows what comes from here.
            dialog(t('secret'), t('close'), element('p', {}, made.url), element('code', {}, made.secret));
        });
}
