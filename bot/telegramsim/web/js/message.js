// One message, or one album, as an element.

import { avatar, h, hue, icon } from './dom.js';
import { album, brief, contact, documentLine, kindOfRaw, location, service, voice } from './media.js';
import { endsRightToLeft, onlyEmoji, rich, safeURL } from './rich.js';
import { clock, t } from './words.js';

/**
 * Makes the element of a group of messages (one, or an album's) in a chat.
 * look: {own, first, last, group, read, person, pressing, bot}; doing: what pressing
 * things in it does: {command, press, react, jump, menu}.
 */
export function messageItem(list, look, doing) {
  const m = list.at(-1);
  if (m.kind === 'service') return h('div', { class: 'service', role: 'listitem', tabindex: -1 }, service(m));
  const el = h('div', {
    class: ['item', look.own && 'own', look.first && 'first', look.last && 'last', look.face && 'with-face', isBig(m) && 'big'].filter(Boolean).join(' '),
    role: 'listitem', tabindex: -1, 'data-message': m.id, 'aria-label': spoken(list, look),
    oncontextmenu: (e) => { if (!e.target.closest('a')) { e.preventDefault(); doing.menu(m, { x: e.clientX, y: e.clientY }); } },
    ondblclick: (e) => { if (e.target.closest('.bubble') && !getSelection().toString().trim()) doing.reply(m); },
    onkeydown: (e) => { if (e.target === el && ['Enter', 'ContextMenu', ' '].includes(e.key)) { e.preventDefault(); doing.menu(m, el.querySelector('.bubble')); } },
  }, more(m, doing), look.face && h('span', { class: 'face' }, look.last && avatar(m.from_id, m.from)), bubble(list, m, look, doing), keys(m, look, doing));
  return el;
}

// more opens the menu for those who do not know the right mouse button; keyboards
// have Enter.
function more(m, doing) {
  const el = h('button', { type: 'button', class: 'more-of', tabindex: -1, 'aria-label': t('messageMenu'), title: t('messageMenu'), onclick: () => doing.menu(m, el) }, icon('dots'));
  return el;
}

const isBig = (m) => m.kind === 'text' && !m.raw.entities?.length && m.text.length < 24 && onlyEmoji(m.text) && !m.raw.reply_to_message?.text;

function spoken(list, look) {
  const m = list.at(-1);
  const what = list.length > 1 ? `${t('album')}, ${t('photos', list.length)} ${list.map((one) => one.text).join(' ')}` : brief(m);
  return `${look.own ? t('you') : m.from}: ${what}, ${clock(new Date(m.date))}`;
}

function bubble(list, m, look, doing) {
  const captioned = list.find((one) => one.text) ?? m;
  const pictured = ['photo', 'animation', 'video'].includes(m.kind);
  const hasReactions = m.reactions?.length > 0;
  const named = look.group && !look.own && look.first;
  const classes = ['bubble', pictured && 'pictured', pictured && (captioned.text || hasReactions) && 'captioned', m.buttons && 'buttoned', m.kind === 'sticker' && 'sticker-bubble'];
  return h('div', { class: classes.filter(Boolean).join(' ') },
    named && h('div', { class: `sender name-${hue(m.from_id)}` }, m.from, m.from_bot && h('small', {}, t('bot'))),
    forwarded(m.raw.forward_origin),
    quote(m, look, doing),
    pictured && album(list),
    content(list, captioned, m, look, pictured, doing),
    hasReactions && reactions(m, look, doing),
    meta(m, look, below(captioned, m, pictured)));
}

function below(captioned, m, pictured) {
  return !m.reactions?.length && (m.kind === 'text' || pictured) && captioned.text && endsRightToLeft(captioned.text) ? 'below' : '';
}

function content(list, captioned, m, look, pictured, doing) {
  const special = { document: () => list.map(documentLine), voice: () => voice(m), contact: () => contact(m), location: () => location(m) }[m.kind]?.();
  if (m.kind === 'sticker') return h('span', { class: 'sticker' }, m.raw.sticker?.emoji ?? '🙂');
  if (!special && !captioned.text && pictured) return null;
  return h('div', { class: 'body' }, special, captioned.text && textOf(captioned, m, look, doing));
}

// The text ends with room for the time, which stands in the corner.
function textOf(captioned, m, look, doing) {
  const raw = captioned.raw;
  const room = h('span', { class: 'room', 'aria-hidden': 'true' });
  room.style.width = `${metaWidth(m, look)}px`;
  return h('div', { class: 'text', dir: 'auto' }, rich(captioned.text, raw.entities ?? raw.caption_entities, doing.command), !m.reactions?.length && room);
}

function metaWidth(m, look) {
  return 40 + (look.own ? 22 : 0) + (m.edit_date ? 7 * t('edited').length + 4 : 0) + (m.pinned ? 17 : 0);
}

function meta(m, look, extra) {
  const tick = look.own && icon(look.read ? 'checks' : 'check');
  return h('div', { class: `meta ${extra}` }, m.pinned && icon('pin', 'pin'), m.edit_date && h('span', {}, t('edited')),
    h('time', { datetime: m.date }, clock(new Date(m.date))), tick, tick && h('span', { class: 'sr' }, t(look.read ? 'seen' : 'sent')));
}

function forwarded(origin) {
  if (!origin) return null;
  const from = origin.sender_user ?? origin.sender_chat ?? origin.chat ?? {};
  const name = [from.first_name ?? from.title ?? origin.sender_user_name, from.last_name].filter(Boolean).join(' ');
  return h('div', { class: 'forwarded' }, t('forwardedFrom', name));
}

// A topic's messages reply to its creation where they reply to nothing else:
// that is no quote.
function quote(m, look, doing) {
  const to = m.raw.reply_to_message;
  if (!to || to.forum_topic_created) return null;
  const name = [to.from?.first_name, to.from?.last_name].filter(Boolean).join(' ');
  const what = brief({ kind: kindOfRaw(to), text: to.text ?? to.caption ?? '', raw: to, from: name });
  return h('button', { type: 'button', class: 'reply', onclick: () => doing.jump(to.message_id), 'aria-label': `${t('replyTo')} ${name}: ${what}` },
    h('b', {}, to.from?.id === look.person ? t('you') : name), h('span', { dir: 'auto' }, what));
}

/** Rows of an inline keyboard under its message. */
function keys(m, look, doing) {
  if (!m.buttons) return null;
  return h('div', { class: 'keys' }, m.buttons.map((row) => h('div', { class: 'line' }, row.map((b) => key(m, b, look, doing)))));
}

function key(m, b, look, doing) {
  const text = h('span', { dir: 'auto' }, b.text);
  const href = b.url && safeURL(b.url);
  if (href) return h('a', { class: 'key', href, target: '_blank', rel: 'noopener noreferrer' }, text, icon('link'));
  const waiting = look.pressing.has(`${m.chat}:${m.id}:${b.data}`);
  return h('button', { type: 'button', class: waiting ? 'key waiting' : 'key', 'aria-busy': waiting ? 'true' : null, 'data-key': b.data ?? '', onclick: () => doing.press(m, b) }, text);
}

function reactions(m, look, doing) {
  const counts = new Map();
  for (const r of m.reactions) {
    const c = counts.get(r.emoji) ?? { n: 0, own: false };
    counts.set(r.emoji, { n: c.n + 1, own: c.own || r.user_id === look.person });
  }
  return h('div', { class: 'reactions' }, [...counts].map(([emoji, c]) => h('button', {
    type: 'button', 'aria-pressed': String(c.own), 'aria-label': `${t('react', emoji)}: ${c.n}`, onclick: () => doing.react(m, c.own ? '' : emoji),
  }, h('span', {}, emoji), String(c.n))));
}
