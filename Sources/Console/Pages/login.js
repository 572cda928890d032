// SPDX-License-Identifier: Apache-2.0

import { session } from './api.js';
import { button, dialog, element, write } from './element.js';
import { t } from './words.js';

// Who sits here, and how they say so: a name and a password in the command room, a number and a PIN on big
// keys at a post.

export const who = { user: null, place: 'hub', terminal: null, token: '' };

/** The whole page, in the command room. */
export function loginPage(main, entered) {
    main.className = 'login';
    main.replaceChildren(element('section.login', {}, element('h2', {}, t('watchpost')), nameForm(entered)));
    main.querySelector('input').focus();
}

/** Asks for a login over whatever is shown; rejects when it is put away. */
export function enter() {
    return new Promise((resolve, reject) => {
        const entered = () => { isIn = true; sheet.finish(); resolve(); };
        let isIn = false;
        const sheet = dialog(t('loginWhy'), t('close'),
            who.place === 'post' ? element('p', {}, t('ackFree')) : null,
            who.place === 'post' ? numberForm(entered) : nameForm(entered));
        sheet.addEventListener('close', () => { if (!isIn) reject(new Error('put away')); });
        sheet.querySelector('input').focus();
    });
}

function field(name, label, properties) {
    return element('label', {}, label, element('input', { name, autocomplete: 'off', ...properties }));
}

function nameForm(entered) {
    return form([
        field('name', t('userName'), { required: true, autocomplete: 'username' }),
        field('password', t('password'),
            { type: 'password', required: true, autocomplete: 'current-password' }),
        field('code', t('codeIfAny'),
            { inputmode: 'numeric', pattern: '[0-9]*', autocomplete: 'one-time-code' }),
    ], entered);
}

function numberForm(entered) {
    const made = form([
        field('officer', t('officerNumber'), { required: true }),
        field('pin', t('pin'), { type: 'password', required: true, inputmode: 'none' }),
    ], entered);
    const [officer, pin] = made.querySelectorAll('input');
    let target = officer;
    for (const input of [officer, pin]) input.addEventListener('focus', () => { target = input; });
    const type = (digit) => () => { target.value += digit; target.focus(); };
    const keys = [...'123456789'].map((digit) => button('key', type(digit), digit));
    keys.push(
        button('key', () => { target.value = target.value.slice(0, -1); target.focus(); }, '⌫'),
        button('key', type('0'), '0'),
        button('key', () => { (target === officer ? pin : officer).focus(); }, '⇥'));
    made.querySelector('button').before(element('div.keys', {}, keys));
    return made;
}

function form(fields, entered) {
    const refusal = element('p.refusal', { role: 'alert' });
    const submit = element('button.primary', { type: 'submit' }, t('logIn'));
    return element('form.login', {
        onsubmit: async (event) => {
            event.preventDefault();
            const filled = [...new FormData(event.target)].filter(([, value]) => value !== '');
            submit.disabled = true;
            write(refusal, '');
            try {
                Object.assign(who, await session('POST', Object.fromEntries(filled)));
                entered();
            } catch (error) { write(refusal, error.sentence ?? String(error)); }
            submit.disabled = false;
        },
    }, fields, refusal, submit);
}
