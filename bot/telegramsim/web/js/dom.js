// Building elements. Whatever comes from a message goes in as a text node or as
// an attribute's value, never as markup.

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an element: h('button', {class: 'x', onclick: f}, 'text', child). */
export function h(tag, props, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) el.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked' || name === 'muted') el[name] = value;
    else el.setAttribute(name, value === true ? '' : String(value));
  }
  el.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return el;
}

const shapes = {
  send: 'M4 12 3.2 4.9c-.1-.7.6-1.2 1.2-.9l16.2 7.3c.6.3.6 1.1 0 1.4L4.4 20c-.6.3-1.3-.2-1.2-.9L4 12Zm0 0h8',
  clip: 'm20 11.5-8 8a5 5 0 0 1-7.1-7.1l8.5-8.4a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.4a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8',
  smile: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.3 14.2a4.6 4.6 0 0 0 7.4 0M9 9.6v.6M15 9.6v.6',
  menu: 'M4 7h16M4 12h16M4 17h16',
  keys: 'M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7c0-1.1.9-2 2-2ZM7 9h2M11 9h2M15 9h2M8 15h8M7 12h2M11 12h2M15 12h2',
  close: 'm6 6 12 12M18 6 6 18',
  back: 'M20 12H5m6.5-6.5L5 12l6.5 6.5',
  down: 'm6 9.5 6 6 6-6',
  plus: 'M12 5v14M5 12h14',
  check: 'm4.5 12.5 4.7 4.7L19.5 7',
  checks: 'm1.5 12.8 4.3 4.4L15 7.5M11.3 15.5l1.8 1.7L22.5 7.5',
  reply: 'M10 7 4.5 12l5.5 5M5 12h8.5a6 6 0 0 1 6 6',
  edit: 'm5 19 .8-4L16.2 4.6a1.8 1.8 0 0 1 2.6 0l.6.6a1.8 1.8 0 0 1 0 2.6L9 18.2 5 19ZM14 7l3 3',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5',
  copy: 'M9 9h9a1.5 1.5 0 0 1 1.5 1.5v8A1.5 1.5 0 0 1 18 20h-7.5A1.5 1.5 0 0 1 9 18.5V9ZM6 15H5.5A1.5 1.5 0 0 1 4 13.5V5.5A1.5 1.5 0 0 1 5.5 4H13a1.5 1.5 0 0 1 1.5 1.5V6',
  photo: 'M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7c0-1.1.9-2 2-2ZM3.5 17l5-5 4 4 3-3 5 4.5M15.5 9.5h.1',
  file: 'M7 3.5h7l5 5V19a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 19V5c0-.8.7-1.5 1.5-1.5ZM13.5 3.5V9H19',
  gif: 'M4.5 5.5h15A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7c0-.8.7-1.5 1.5-1.5ZM10 10.2c-.4-.6-1-.9-1.6-.9-1.3 0-2.2 1.2-2.2 2.7s.9 2.7 2.2 2.7c1 0 1.7-.5 1.7-2.3H8.5M12.8 9.3v5.4M15.5 14.7V9.3h2.8M15.5 12h2.3',
  sticker: 'M5.5 4h13A1.5 1.5 0 0 1 20 5.5V13l-7 7H5.5A1.5 1.5 0 0 1 4 18.5v-13C4 4.7 4.7 4 5.5 4ZM13 20v-5.5c0-.8.7-1.5 1.5-1.5H20',
  mic: 'M12 3.5a2.8 2.8 0 0 1 2.8 2.8v5.2a2.8 2.8 0 0 1-5.6 0V6.3A2.8 2.8 0 0 1 12 3.5ZM6 11.5a6 6 0 0 0 12 0M12 17.5v3',
  play: 'M8 5.5v13l10.5-6.5L8 5.5Z',
  contact: 'M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20c.8-3.4 3.8-5 7.5-5s6.7 1.6 7.5 5',
  block: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM5.7 5.7l12.6 12.6',
  dots: 'M12 5.5v.1M12 12v.1M12 18.5v.1',
  lock: 'M7 11h10a1.5 1.5 0 0 1 1.5 1.5V19a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 19v-6.5c0-.8.7-1.5 1.5-1.5ZM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11',
  hash: 'M9.5 4 7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16',
  group: 'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5c.6-3.2 3.1-5 6.5-5s5.9 1.8 6.5 5M15.5 5a3.3 3.3 0 0 1 0 6.3M17.5 14.8c2.2.6 3.6 2.2 4 4.7',
  pin: 'M9 4h6l-.7 6 3.2 3.5h-11L9.7 10 9 4ZM12 13.5V20.5',
  link: 'M8 16 16.5 7.5M9 7h8v8',
  sun: 'M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z',
  spark: 'M12 4l1.7 5.3L19 11l-5.3 1.7L12 18l-1.7-5.3L5 11l5.3-1.7L12 4Z',
  globe: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3 12h18M12 3c2.8 3 4 6 4 9s-1.2 6-4 9c-2.8-3-4-6-4-9s1.2-6 4-9Z',
};

/** A line drawing by name, hidden from screen readers. */
export function icon(name, extra) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', extra ? `icon ${extra}` : 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', shapes[name]);
  const look = { fill: 'none', stroke: 'currentColor', 'stroke-width': name === 'dots' ? 2.6 : 1.8, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
  for (const [k, v] of Object.entries(look)) path.setAttribute(k, v);
  svg.append(path);
  return svg;
}

/** A round button with an icon; the label is its name and its tooltip. */
export function iconButton(name, label, onclick, extra = '') {
  return h('button', { type: 'button', class: `icon-button ${extra}`, 'aria-label': label, title: label, onclick }, icon(name));
}

/** Puts the list's elements into a parent, moving only what changed. */
export function place(parent, list) {
  let at = parent.firstChild;
  for (const el of list) {
    if (el === at) at = at.nextSibling;
    else parent.insertBefore(el, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

/** A circle with a name's initials in a colour that belongs to the ID. */
export function avatar(id, name, extra = '') {
  const letters = name.split(/\s+/).filter(Boolean).slice(0, 2).map((w) => [...w][0].toUpperCase()).join('');
  return h('span', { class: `avatar hue-${hue(id)} ${extra}`, 'aria-hidden': 'true' }, letters || '?');
}

/** A person's or chat's colour, 0 to 6. */
export function hue(id) {
  return Math.abs(id) % 7;
}

/** Moves the focus among a container's elements with arrow keys, Home and End. */
export function roving(container, selector, keys = { next: 'ArrowDown', prev: 'ArrowUp' }) {
  container.addEventListener('keydown', (e) => {
    const list = [...container.querySelectorAll(selector)].filter((el) => el.offsetParent !== null);
    const at = list.indexOf(document.activeElement);
    if (at < 0) return;
    const target = { [keys.next]: list[at + 1], [keys.prev]: list[at - 1], Home: list[0], End: list.at(-1) }[e.key];
    if (!target) return;
    e.preventDefault();
    for (const el of list) el.tabIndex = el === target ? 0 : -1;
    target.focus();
  });
}
