// What lies above the page: menus, dialogs, toasts, the viewer of pictures.

import { h, icon, iconButton } from './dom.js';
import { t } from './words.js';

const layers = () => document.getElementById('layers');

let lastToasts; // the box of the window in which one acted last

/** Remembers where toasts belong: the box of the window that has the focus. */
export function toastsIn(box) {
  lastToasts = box;
}

/** Shows a short note for three and a half seconds. */
export function toast(text, box = lastToasts) {
  const el = h('div', { class: 'toast', role: 'status' }, text);
  (box ?? layers()).append(el);
  setTimeout(() => el.remove(), 3500);
}

/** Shows a refusal of the server. */
export function fail(code, detail) {
  toast(code === 'failed' && detail ? `${t('failed')}: ${detail.replace(/^telegramsim: /, '')}` : t(code ?? 'failed'));
}

/** Opens a dialog with a title and a body; it closes by Escape too. */
export function dialog(title, ...body) {
  const el = h('dialog', { class: 'box', 'aria-label': title }, title && h('h2', {}, title), ...body);
  el.addEventListener('close', () => {
    el.remove();
    const back = document.activeElement; // has the focus again, but no caret where a field of the dialog had it: what one types would be lost
    back?.blur();
    back?.focus({ preventScroll: true });
  });
  el.addEventListener('click', (e) => { if (e.target === el) el.close(); });
  layers().append(el);
  el.showModal();
  return el;
}

/** Shows a text that one must close: answerCallbackQuery with show_alert. */
export function alertBox(title, text) {
  const el = dialog(title, h('p', {}, text), h('footer', {},
    h('button', { type: 'button', class: 'flat main', autofocus: true, onclick: () => el.close() }, t('ok'))));
  el.setAttribute('role', 'alertdialog');
}

/** An item of a menu. */
export function item(name, label, onclick, extra = '') {
  return h('button', { type: 'button', role: 'menuitem', tabindex: -1, class: extra, onclick }, icon(name), h('span', {}, label));
}

let openMenu;

/** Opens a menu at an element or a point {x, y}. Arrow keys walk it, Escape closes it. */
export function menu(at, label, children, extra = '') {
  openMenu?.();
  const back = document.activeElement;
  const el = h('div', { class: `menu ${extra}`, role: 'menu', 'aria-label': label }, children);
  const items = [...el.querySelectorAll('[role="menuitem"]')];
  const close = (focus) => {
    openMenu = undefined;
    el.remove();
    if (at.setAttribute) at.setAttribute('aria-expanded', 'false');
    document.removeEventListener('pointerdown', outside, true);
    if (focus && back?.isConnected) back.focus();
  };
  const outside = (e) => { if (!el.contains(e.target)) close(false); };
  openMenu = close;
  el.addEventListener('keydown', (e) => walk(e, items, close));
  el.addEventListener('click', (e) => { if (e.target.closest('[role="menuitem"]')) close(el.contains(document.activeElement)); });
  document.addEventListener('pointerdown', outside, true);
  layers().append(el);
  if (at.setAttribute) at.setAttribute('aria-expanded', 'true');
  position(el, at);
  items[0]?.focus();
}

function walk(e, items, close) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[e.key];
  if (step) {
    e.preventDefault();
    const n = items.indexOf(document.activeElement) + step;
    items[(n + items.length) % items.length].focus();
  } else if (e.key === 'Escape' || e.key === 'Tab') {
    e.preventDefault();
    e.stopPropagation();
    close(true);
  } else if (e.key.length === 1 && e.key !== ' ' && !e.ctrlKey && !e.metaKey) {
    close(true); // who types a command in full goes on in the field
  }
}

function position(el, at) {
  const box = at.getBoundingClientRect ? at.getBoundingClientRect() : { left: at.x, right: at.x, top: at.y, bottom: at.y };
  const { offsetWidth: w, offsetHeight: ht } = el;
  const x = box.left + w > innerWidth - 8 ? box.right - w : box.left;
  const above = box.bottom + ht + 8 > innerHeight;
  const y = above ? box.top - ht - 6 : box.bottom + 6;
  el.style.left = `${Math.max(8, Math.min(x, innerWidth - w - 8))}px`;
  el.style.top = `${Math.max(8, Math.min(y, innerHeight - ht - 8))}px`;
}

/** Shows pictures in full size, beginning with one; arrow keys turn them. */
export function view(pictures, start) {
  let at = start;
  const stage = h('div');
  const line = h('div', { class: 'caption-line' });
  const turn = (step) => {
    at = (at + step + pictures.length) % pictures.length;
    const p = pictures[at];
    stage.replaceChildren(p.video ? h('video', { src: p.url, controls: true, autoplay: true, loop: true, muted: true }) : h('img', { src: p.url, alt: p.label }));
    line.textContent = pictures.length > 1 ? `${at + 1} / ${pictures.length}` : p.label;
  };
  const several = pictures.length > 1;
  const el = h('dialog', { class: 'viewer', 'aria-label': t('picture') }, stage, line,
    several && iconButton('back', t('prev'), () => turn(-1), 'prev'), several && iconButton('back', t('next'), () => turn(1), 'next turned'),
    iconButton('close', t('close'), () => el.close(), 'close'));
  el.addEventListener('close', () => el.remove());
  el.addEventListener('click', (e) => { if (e.target === el || e.target === stage) el.close(); });
  el.addEventListener('keydown', (e) => {
    if (several && e.key === 'ArrowRight') turn(1);
    if (several && e.key === 'ArrowLeft') turn(-1);
  });
  turn(0);
  layers().append(el);
  el.showModal();
}
