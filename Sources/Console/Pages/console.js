// SPDX-License-Identifier: Apache-2.0

import { session, whenLoggedOut } from './api.js';
import { button, dialog, element, mark, shape, write } from './element.js';
import { forget, hear, live, listen, nowMs, ordered } from './live.js';
import { LiveStream } from './stream.js';
import { enter, loginPage, who } from './login.js';
import { menu, pages } from './pages.js';
import { timeOfDay } from './moments.js';
import * as sound from './sound.js';
import { both, chooseLanguage, language, t } from './words.js';

// The frame around every page: the bar, the word about a standing picture, the strip that shows an alarm on
// pages that do not, and the beat that keeps ages, clocks and tones going.

const beatMs = 200;
const at = (id) => document.getElementById(id);
const strip = at('strip');
let stream = null;
let closePage = () => {};
let known = new Set();

const bar = {
    place: element('h1'), clock: element('time.clock'), stream: element('span.stream', { role: 'status' }),
    sound: button('sound', () => { sound.rehearse().then(beat); }),
    language: button('language', otherLanguage),
    person: button('person', person), menu: button('menu', () => menu(go)),
};
at('bar').append(...Object.values(bar));
strip.addEventListener('click', () => {
    document.querySelector('dialog[open]')?.close();
    go('wall');
});

function go(page) {
    if (location.hash === `#/${page}`) show();
    else location.hash = `#/${page}`;
}

function show() {
    closePage();
    const [name, ...rest] = location.hash.replace(/^#\//, '').split('/');
    const page = pages[name] ?? pages.wall;
    const main = at('main');
    main.replaceChildren();
    main.className = pages[name] ? name : 'wall';
    document.body.dataset.page = main.className;
    closePage = page.open(main, { go, argument: rest.map(decodeURIComponent).join('/') }) ?? (() => {});
    label();
}

function label() {
    document.title = t('watchpost');
    write(bar.language, t('otherLanguage'));
    write(bar.menu, t('menu'));
    beat();
}

function placeName() {
    if (who.place !== 'post') return t('hub');
    return live.terminals.get(who.terminal)?.title ?? `${t('post')} ${who.terminal ?? ''}`;
}

function otherLanguage() {
    chooseLanguage(language() === 'zh' ? 'en' : 'zh');
    if (mayWatch()) show();
    else begin();
}

async function person() {
    if (!who.user) { await enter().catch(() => {}); begin(); return; }
    const sheet = dialog(who.user.name, t('close'), element('p', {}, t(who.user.role)),
        button('primary', () => {
            sheet.finish();
            session('DELETE').catch(() => {}).then(begin);
        }, t('logOut')));
}

/** A post shows what stands to whoever is there; the command room asks who it is. */
function mayWatch() { return who.user !== null || who.place === 'post'; }

async function begin() {
    try {
        Object.assign(who, await session());
    } catch {
        setTimeout(begin, 2_000);
        write(bar.stream, t('streamBegins'));
        return;
    }
    if (!mayWatch()) { leave(); return; }
    stream ??= new LiveStream(hear, leave);
    show();
}

function leave() {
    stream?.close();
    stream = null;
    closePage();
    closePage = () => {};
    forget();
    who.user = null;
    label();
    loginPage(at('main'), begin);
    document.body.dataset.page = 'login';
}

/** Everything that moves without a word from the hub. */
function beat() {
    stream?.check();
    const isStale = stream !== null && stream.isStale;
    write(bar.place, placeName());
    write(bar.person, who.user ? who.user.name : t('logIn'));
    write(bar.clock, timeOfDay(nowMs()));
    mark(document.body, 'data-stale', isStale);
    const seconds = stream ? Math.floor(stream.ageMs / 1_000) : 0;
    at('stale').hidden = !isStale;
    if (isStale) write(at('stale'), `■ ${both('stale', { n: seconds })} — ${t('staleHint')}`);
    const well = live.isKnown ? `● ${t('streamWell')}` : t('streamBegins');
    write(bar.stream, !stream ? '' : isStale ? t('stale', { n: seconds }) : well);
    sound.tick(isStale);
    mark(bar.sound, 'data-on', sound.isOn());
    write(bar.sound, sound.isOn() ? `♪ ${t('soundOn')}` : `✕ ${t('soundOff')}`);
    showStrip();
}

/** Stands above every page that shows no alarms itself, and inside whatever dialog is open. */
function showStrip() {
    const [first] = ordered();
    const open = live.alarms.size;
    const title = first ? `(${open}) ${t(first.alarmClass)} ${first.title}` : t('watchpost');
    if (document.title !== title) document.title = title;
    const sheet = document.querySelector('dialog[open]');
    const isSeenAnyway = document.body.dataset.page === 'wall' && !sheet;
    strip.hidden = !first || isSeenAnyway;
    if (sheet && strip.parentNode !== sheet) sheet.prepend(strip);
    if (!sheet && strip.parentNode !== document.body) at('main').before(strip);
    if (strip.hidden || strip.dataset.shown === title + language()) return;
    Object.assign(strip.dataset, { shown: title + language(), class: first.alarmClass });
    strip.replaceChildren(shape(first.alarmClass), element('strong', {}, first.title),
        ` ${t(first.alarmClass)} · ${t('waiting', { n: open })} · ${t('toWall')}`);
}

/** Spoken by a screen reader once, when an alarm is new. */
function announce() {
    const [first] = ordered().filter((alarm) => !known.has(alarm.id) && !alarm.history);
    if (first) write(at('spoken'), t('newAlarm', { class: t(first.alarmClass), title: first.title }));
    known = new Set(live.alarms.keys());
}

chooseLanguage(language());
whenLoggedOut(() => { if (who.place !== 'post') who.user = null; label(); });
window.addEventListener('hashchange', () => { if (mayWatch()) show(); });
listen((kind) => { if (kind === 'wall' || kind === 'alarm') { announce(); beat(); } });
sound.begin();
setInterval(beat, beatMs);
begin();
