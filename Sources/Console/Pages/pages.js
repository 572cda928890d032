// SPDX-License-Identifier: Apache-2.0

import { button, dialog, element } from './element.js';
import { who } from './login.js';
import { t } from './words.js';
import * as audit from './audit.js';
import * as calls from './calls.js';
import * as clips from './clips.js';
import * as day from './day.js';
import * as devices from './devices.js';
import * as flood from './flood.js';
import * as past from './past.js';
import * as people from './people.js';
import * as reports from './reports.js';
import * as round from './round.js';
import * as timetable from './timetable.js';
import * as wall from './wall.js';

// Which pages there are and who is offered them, at the hub and at posts (an officer there: the own duty).
// The offer is courtesy; the API decides.

const everybody = ['officer', 'supervisor', 'technician', 'auditor', 'administrator'];
const readers = ['officer', 'supervisor', 'auditor'];

export const pages = {
    wall: { open: wall.open, roles: everybody, atPosts: 'anybody' },
    flood: { open: flood.open, roles: ['officer', 'supervisor'], atPosts: 'anybody' },
    rounds: { open: round.open, roles: ['officer', 'supervisor'] },
    past: { open: past.open, roles: readers, atPosts: readers },
    calls: { open: calls.open, roles: readers },
    dayPlan: { open: day.open, roles: everybody },
    timetable: { open: timetable.open, roles: ['supervisor', 'technician', 'administrator'] },
    clips: { open: clips.open, roles: ['supervisor', 'technician', 'administrator'] },
    duty: { open: reports.openDuty, roles: ['supervisor', 'auditor'], atPosts: readers },
    statistics: {
        open: reports.openStatistics, roles: ['supervisor', 'auditor'], atPosts: ['supervisor', 'auditor'],
    },
    report: { open: reports.openReport, roles: ['supervisor', 'auditor'] },
    certificate: { open: reports.openCertificate, roles: ['supervisor', 'auditor'] },
    devices: { open: devices.open, roles: ['technician', 'administrator'] },
    audit: { open: audit.open, roles: ['auditor'], atPosts: ['auditor'] },
    people: { open: people.open, roles: ['administrator'] },
};

export function menu(go) {
    const role = who.user?.role;
    const isOffered = ({ roles, atPosts = [] }) =>
        who.place === 'post' ? atPosts === 'anybody' || atPosts.includes(role) : roles.includes(role);
    const offered = Object.entries(pages).filter(([, page]) => isOffered(page));
    const sheet = dialog(t('menu'), t('close'), element('nav.menu', {}, offered.map(([name]) =>
        button('choice', () => { sheet.finish(); go(name); }, t(name)))));
}
