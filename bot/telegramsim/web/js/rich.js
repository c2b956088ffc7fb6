// A text with its entities as elements. Offsets count UTF-16 units, as strings
// do here.

import { h } from './dom.js';
import { t } from './words.js';

const simple = { bold: 'strong', italic: 'em', underline: 'u', strikethrough: 's' };

/** Makes the nodes of a text; command is called with a pressed /command. */
export function rich(text, entities, command) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, 0, text.length, sorted, command);
}

// span renders text[from:to] with the entities that begin in it. One that
// reaches over the end of its parent is cut there.
function span(text, from, to, entities, command) {
  const out = [];
  let at = from;
  let i = 0;
  while (i < entities.length) {
    const e = entities[i];
    const start = Math.max(e.offset, at);
    const end = Math.min(e.offset + e.length, to);
    i += 1;
    if (start >= end) continue;
    const inner = [];
    while (i < entities.length && entities[i].offset < end) {
      inner.push(entities[i]);
      i += 1;
    }
    if (start > at) out.push(text.slice(at, start));
    out.push(wrap(e, text.slice(start, end), span(text, start, end, inner, command), command));
    at = end;
    if (['pre', 'blockquote', 'expandable_blockquote'].includes(e.type) && text[at] === '\n') at += 1;
  }
  if (at < to) out.push(text.slice(at, to));
  return out;
}

function wrap(e, raw, children, command) {
  if (simple[e.type]) return h(simple[e.type], {}, children);
  switch (e.type) {
    case 'code':
      return h('code', {}, children);
    case 'pre':
      return h('pre', {}, e.language && h('small', {}, e.language), h('code', {}, children));
    case 'blockquote':
      return h('blockquote', {}, children);
    case 'expandable_blockquote':
      return h('blockquote', { class: 'long', onclick: (ev) => ev.currentTarget.classList.add('open') }, children);
    case 'spoiler':
      return spoiler(children);
    case 'bot_command':
      return h('button', { type: 'button', class: 'cmd', onclick: () => command?.(raw) }, children);
    case 'mention': case 'hashtag': case 'cashtag': case 'text_mention':
      return h('span', { class: 'tag' }, children);
    default:
      return link(e, raw, children);
  }
}

function spoiler(children) {
  const open = (ev) => {
    ev.currentTarget.classList.add('open');
    ev.currentTarget.removeAttribute('aria-label');
  };
  return h('button', { type: 'button', class: 'spoiler', 'aria-label': t('spoiler'), onclick: open }, h('span', {}, children));
}

function link(e, raw, children) {
  const href = {
    url: /^[a-z][a-z\d+.-]*:/i.test(raw) ? raw : `http://${raw}`,
    text_link: e.url,
    email: `mailto:${raw}`,
    phone_number: `tel:${raw}`,
  }[e.type];
  const safe = safeURL(href);
  if (!safe) return h('span', {}, children);
  return h('a', { href: safe, target: '_blank', rel: 'noopener noreferrer', title: e.type === 'text_link' ? e.url : null }, children);
}

/** The address when a link may lead there, '' when not. */
export function safeURL(href) {
  try {
    return ['http:', 'https:', 'mailto:', 'tel:'].includes(new URL(href).protocol) ? href : '';
  } catch {
    return '';
  }
}

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Whether the last line of a text runs, at least in part, from right to left. */
export function endsRightToLeft(text) {
  return rightToLeft.test(text.slice(text.lastIndexOf('\n') + 1));
}

/** Whether a text is nothing but one to three emoji. */
export function onlyEmoji(text) {
  const parts = [...new Intl.Segmenter().segment(text)].map((s) => s.segment);
  return parts.length > 0 && parts.length <= 3 && parts.every((p) => /^\p{Extended_Pictographic}|^\p{Regional_Indicator}{2}$/u.test(p));
}
