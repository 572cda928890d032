// SPDX-License-Identifier: Apache-2.0

import { language } from './words.js';

// Times and lengths as people read them. Unknown is a dash, never a zero.

const units = { zh: { s: '秒', m: '分', h: '时', d: '天' }, en: { s: ' s', m: ' min', h: ' h', d: ' d' } };

/** < 1 s, 12 s, 3 min, 5 h, 2 d: one calm figure, rounded down. */
export function shortAge(ms) {
    if (ms == null) return '–';
    const unit = units[language()];
    const seconds = Math.max(0, ms) / 1_000;
    if (seconds < 1) return `<1${unit.s}`;
    if (seconds < 100) return `${Math.floor(seconds)}${unit.s}`;
    if (seconds < 6_000) return `${Math.floor(seconds / 60)}${unit.m}`;
    if (seconds < 172_800) return `${Math.floor(seconds / 3_600)}${unit.h}`;
    return `${Math.floor(seconds / 86_400)}${unit.d}`;
}

/** 4:07, 1:02:09. */
export function clock(ms) {
    if (ms == null) return '–';
    const seconds = Math.floor(Math.abs(ms) / 1_000);
    const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
    return h ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** 850 ms, 12.3 s, 4:07: for tables. */
export function length(ms) {
    if (ms == null) return '–';
    if (ms < 1_000) return `${Math.round(ms)} ms`;
    return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : clock(ms);
}

export function timeOfDay(at) {
    if (at == null) return '–';
    const date = new Date(at);
    return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

export function day(at) {
    if (at == null) return '–';
    const date = new Date(at);
    return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

export function moment(at) { return at == null ? '–' : `${day(at)} ${timeOfDay(at)}`; }
export function month(at) { return day(at).slice(0, 7); }

/** 2026-11 → 2026-12 and back. */
export function monthAway(name, by) {
    const [year, number] = name.split('-').map(Number);
    const date = new Date(year, number - 1 + by, 1);
    return `${date.getFullYear()}-${pad(date.getMonth() + 1)}`;
}

/** Rounded down: 100 % is said only of all. */
export function share(value) {
    return value == null ? '–' : `${(Math.floor(value * 10_000 + 1e-6) / 100).toFixed(2)} %`;
}
export function number(value) { return value == null ? '–' : String(value); }

function pad(value) { return String(value).padStart(2, '0'); }
