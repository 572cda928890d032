// SPDX-License-Identifier: Apache-2.0

// The only way anything gets onto a page: elements and text, never markup, so nothing that a terminal, an
// officer or a hub says can become code (the pages run under `require-trusted-types-for 'script'`).

const SVG = 'http://www.w3.org/2000/svg';

/** element('button.big', {onclick, type: 'button'}, 'text', child, [children], null) */
export function element(kind, properties = {}, ...children) {
    const [tag, ...classes] = kind.split('.');
    const made = document.createElement(tag);
    if (classes.length) made.className = classes.join(' ');
    return furnish(made, properties, children);
}

/** The same for drawings; every property is an attribute. */
export function drawing(kind, attributes = {}, ...children) {
    const [tag, ...classes] = kind.split('.');
    const made = document.createElementNS(SVG, tag);
    if (classes.length) made.setAttribute('class', classes.join(' '));
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children.flat(Infinity).filter((child) => child != null));
    return made;
}

function furnish(made, properties, children) {
    for (const [name, value] of Object.entries(properties)) {
        if (value == null || value === false) continue;
        if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
        else if (name in made && typeof value !== 'string') made[name] = value;
        else made.setAttribute(name, value === true ? '' : value);
    }
    made.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
    return made;
}

/** Writes only what changed: 500 tiles tick every second. */
export function write(node, text) {
    if (node.textContent !== text) node.textContent = text;
}

export function mark(node, name, value) {
    if (value == null || value === false) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/**
 * Brings a list into this order and moves only what must move: a node that is taken out and put back loses
 * the press that a finger has begun on it.
 */
export function arrange(parent, nodes) {
    const wanted = new Set(nodes);
    for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, index) => {
        if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
    });
}

/** Nodes by key, each made once and updated since; what is no longer asked for is forgotten. */
export function keep(make) {
    let kept = new Map();
    return (items, keyOf) => {
        const next = new Map(items.map((item) => [keyOf(item), kept.get(keyOf(item)) ?? make(item)]));
        kept = next;
        for (const item of items) next.get(keyOf(item)).update(item);
        return [...next.values()];
    };
}

export function button(kind, onclick, ...children) {
    return element(`button.${kind}`, { type: 'button', onclick }, ...children);
}

const SHAPES = {
    // Each class has its own outline and its own sign inside, so that hue is never needed.
    officerDuress: ['M24 2 46 24 24 46 2 24Z', 'M24 11v16M24 33v4'],
    emergency: ['M15 3h18l12 12v18L33 45H15L3 33V15Z', 'M24 11v17M24 33v4'],
    cellCall: ['M24 3a21 21 0 1 0 .1 0Z', 'M16 30c3-3 2-12 8-12s5 9 8 12ZM21 34h6'],
    trouble: ['M24 4 46 43H2Z', 'M18 36l9-9M25 22a5 5 0 0 0 7 7'],
    quiet: ['M24 3a21 21 0 1 0 .1 0Z', 'M14 25l7 7 13-15'],
};

export function shape(alarmClass) {
    const [outline, sign] = SHAPES[alarmClass] ?? SHAPES.trouble;
    return drawing(`svg.shape.${alarmClass}`, { viewBox: '0 0 48 48', 'aria-hidden': 'true' },
        drawing('path.outline', { d: outline }), drawing('path.sign', { d: sign }));
}

/** A dialog that asks something; closed by Escape, by its cross, or by `close`. */
export function dialog(title, closeLabel, ...children) {
    const close = () => { sheet.close(); };
    const sheet = element('dialog', { onclose: () => sheet.remove() },
        element('header', {}, element('h2', {}, title),
            button('cross', close, element('span', { 'aria-hidden': 'true' }, '✕'),
                element('span.hidden', {}, closeLabel))),
        ...children);
    document.body.append(sheet);
    sheet.showModal();
    return Object.assign(sheet, { finish: close });
}

/** A labelled choice of a few big buttons; calls back with the value. */
export function choices(options, chosen, onchoose) {
    const group = element('div.choices', { role: 'group' });
    for (const [value, label] of options) {
        group.append(element('button', {
            type: 'button', 'aria-pressed': String(value === chosen), 'data-value': String(value),
            onclick: (event) => {
                for (const other of group.children) other.setAttribute('aria-pressed', 'false');
                event.currentTarget.setAttribute('aria-pressed', 'true');
                onchoose(value);
            },
        }, label));
    }
    return group;
}
