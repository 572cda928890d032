// SPDX-License-Identifier: Apache-2.0

import { drawing } from './element.js';
import { clock } from './moments.js';
import { t } from './words.js';

// Two plots of a month. Lines differ in dash and in mark, bars in filling: they read the same on grey paper.

const size = { width: 1_000, height: 300, left: 70, right: 20, top: 34, bottom: 34 };
const wide = size.width - size.left - size.right;
const tall = size.height - size.top - size.bottom;
const limitMs = 300_000;

function frame(label, days, highest, steps, name) {
    const across = (index) => size.left + wide * (index + 0.5) / Math.max(1, days.length);
    const up = (value) => size.height - size.bottom - tall * value / highest;
    const grid = steps.map((value) => [
        drawing('line.grid', { x1: size.left, x2: size.width - size.right, y1: up(value), y2: up(value) }),
        drawing('text.left', { x: size.left - 8, y: up(value) + 5 }, name(value)),
    ]);
    const every = Math.ceil(days.length / 16);
    const dates = days.map(({ day }, index) => index % every ? null
        : drawing('text.below', { x: across(index), y: size.height - 10 }, String(Number(day.slice(-2)))));
    const svg = drawing('svg.plot',
        { viewBox: `0 0 ${size.width} ${size.height}`, role: 'img', 'aria-label': label },
        grid, dates);
    return { svg, across, up };
}

/** p50 and p95 of each day against the five minutes. */
export function arrivalPlot(days) {
    const values = days.flatMap((one) => [one.p50Ms ?? 0, one.p95Ms ?? 0]);
    const highest = Math.max(360_000, Math.ceil(Math.max(0, ...values) / 120_000) * 120_000);
    const step = highest > 1_200_000 ? highest / 5 : highest > 600_000 ? 300_000 : 60_000;
    const steps = Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => index * step);
    const { svg, across, up } = frame(t('arrivals'), days, highest, steps, clock);
    svg.append(
        drawing('line.limit',
            { x1: size.left, x2: size.width - size.right, y1: up(limitMs), y2: up(limitMs) }),
        ...series('p95', days.map((one) => one.p95Ms), across, up, square),
        ...series('p50', days.map((one) => one.p50Ms), across, up, circle),
        ...key('p50', circle, size.left + 20), ...key('p95', square, size.left + 300),
        ...key('limit', stroke, size.left + 580));
    return svg;
}

function series(name, values, across, up, dot) {
    const known = values.map((value, index) => [across(index), value]).filter(([, value]) => value != null);
    const points = known.map(([x, value]) => `${x},${up(value)}`).join(' ');
    return [drawing(`polyline.${name}`, { points }), ...known.map(([x, value]) => dot(name, x, up(value)))];
}

function circle(name, x, y) { return drawing(`circle.${name}`, { cx: x, cy: y, r: 5 }); }
function square(name, x, y) { return drawing(`rect.${name}`, { x: x - 5, y: y - 5, width: 10, height: 10 }); }

function stroke(name, x, y) { return drawing(`line.${name}`, { x1: x - 30, x2: x + 4, y1: y, y2: y }); }

function key(name, dot, x) {
    return [dot(name, x, 16), drawing('text.key', { x: x + 14, y: 21 }, t(name))];
}

/** How many alarms on each day. */
export function countPlot(days) {
    const most = Math.max(4, ...days.map((one) => one.alarms));
    const step = Math.ceil(most / 4);
    const steps = [0, 1, 2, 3, 4].map((n) => n * step);
    const { svg, across, up } = frame(t('perDay'), days, step * 4, steps, String);
    const width = Math.min(40, wide / Math.max(1, days.length) * 0.7);
    svg.append(...days.flatMap(({ alarms }, index) => alarms ? [
        drawing('rect.bar',
            { x: across(index) - width / 2, y: up(alarms), width, height: up(0) - up(alarms) }),
        drawing('text.value', { x: across(index), y: up(alarms) - 5 }, String(alarms)),
    ] : []));
    return svg;
}
