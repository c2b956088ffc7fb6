// The field where one types, with everything around it.

import { act } from './api.js';
import { offer } from './attach.js';
import { h, icon, iconButton } from './dom.js';
import { item, menu, toastsIn } from './layers.js';
import { brief } from './media.js';
import { messagesOf, openTopic, person } from './store.js';
import { pick, t } from './words.js';

const smileys = [...'😀😅😂🙂😉😍🤔😐🙄😢😭😡👍👎👌🙏👏💪🔥🎉✅❌❓❗⚠💡📷📎🐛🚀⏰🌍'];
const stickers = ['👋', '🎉', '🙏', '😭', '🤯', '😎', '🐱', '🚀'];

/** The composer of a chat. where() gives the place, toasts the box for notes. */
export class Composer {
  constructor(where, toasts) {
    this.where = where;
    this.toasts = toasts;
    this.drafts = new Map(); // place -> {text, reply, editing}
    this.field = h('textarea', { rows: 1, dir: 'auto', oninput: () => this.typed(), onkeydown: (e) => this.key(e), onbeforeinput: (e) => this.lineBreak(e) });
    this.chooser = h('input', { type: 'file', multiple: true, hidden: true, onchange: () => this.chosen() });
    this.el = h('div', { class: 'composer', onfocusin: () => toastsIn(toasts) });
  }

  draft() {
    const { chat, thread, person: who } = this.where();
    const key = `${chat}:${thread}:${who}`;
    if (!this.drafts.has(key)) this.drafts.set(key, { text: '' });
    return this.drafts.get(key);
  }

  focus() {
    this.field.focus();
  }

  /** Draws the composer anew when what it offers has changed. */
  update(offers) {
    const d = this.draft();
    const mark = JSON.stringify([this.where(), offers, d.reply?.id, d.editing?.id, t('send'), this.keysShown]);
    if (mark === this.mark) return;
    this.mark = mark;
    this.offers = offers;
    const focused = this.el.contains(document.activeElement) && document.activeElement === this.field;
    if (this.field.value !== d.text) this.field.value = d.text;
    this.el.replaceChildren(...this.parts(offers, d));
    if (focused) this.field.focus();
  }

  parts(offers, d) {
    if (offers.note) return [h('p', { class: 'closed-note' }, offers.note)];
    if (offers.only) return [h('button', { type: 'button', class: 'wide', onclick: offers.only.act }, offers.only.label)];
    this.field.setAttribute('aria-label', t('messageIn', offers.name));
    this.field.placeholder = t('message');
    return [this.suggestions(offers.suggestions ?? []), this.context(d), this.entry(offers), this.replyKeys(offers.keyboard), this.chooser].filter(Boolean);
  }

  entry(offers) {
    const button = (name, label, open, extra) => {
      const el = iconButton(name, label, () => open(el), extra);
      return el;
    };
    const pill = offers.commands?.length && h('button', { type: 'button', class: 'menu-pill', 'aria-haspopup': 'menu', onclick: (e) => this.commandMenu(e.currentTarget) }, icon('menu'), t('menu'));
    return h('div', { class: 'entry' }, pill,
      button('clip', t('attach'), (el) => this.attachMenu(el), 'attach'), this.field,
      offers.keyboard?.length && button('keys', t('keyboard'), () => this.toggleKeys()),
      button('smile', t('emoji'), (el) => this.emojiMenu(el)),
      button('send', t('send'), () => this.send(), 'send'));
  }

  suggestions(list) {
    if (!list.length) return null;
    return h('div', { class: 'suggestions' }, list.map((s, i) => h('button', { type: 'button', onclick: () => this.suggest(s, i) },
      icon(s.pictures ? 'photo' : 'spark'), h('span', {}, pick(s.label)))));
  }

  async suggest(s, index) {
    if (s.pictures) await act('suggest', this.where(), { index });
    const text = pick(s.text);
    if (text) this.put(text);
  }

  put(text) {
    this.field.value = text;
    this.typed();
    this.focus();
  }

  context(d) {
    const m = d.editing ?? d.reply;
    if (!m) return null;
    const label = d.editing ? t('editing') : `${t('replyTo')}: ${m.from}`;
    return h('div', { class: 'context' }, icon(d.editing ? 'edit' : 'reply'), h('span', {}, h('b', {}, label), h('i', { dir: 'auto' }, brief(m))),
      iconButton('close', t('cancel'), () => this.leave()));
  }

  replyKeys(rows) {
    if (!rows?.length || this.keysShown === false) return null;
    return h('div', { class: 'reply-keys' }, rows.map((row) => h('div', { class: 'line' }, row.map((b) => h('button', { type: 'button', class: 'key', onclick: () => this.replyKey(b) },
      h('span', { dir: 'auto' }, b.text), b.request_contact && icon('contact'))))));
  }

  replyKey(b) {
    return b.request_contact ? act('contact', this.where()) : act('send', this.where(), { text: b.text });
  }

  toggleKeys() {
    this.keysShown = this.keysShown === false;
    this.update(this.offers);
  }

  /** Begins a reply to a message. */
  reply(m) {
    Object.assign(this.draft(), { reply: m, editing: undefined });
    this.update(this.offers);
    this.focus();
  }

  /** Begins to edit one's own message. */
  edit(m) {
    Object.assign(this.draft(), { reply: undefined, editing: m });
    this.put(m.text);
    this.update(this.offers);
  }

  // leave gives up a reply or an edit.
  leave() {
    const d = this.draft();
    if (d.editing) this.put('');
    d.reply = d.editing = undefined;
    this.update(this.offers);
    this.focus();
  }

  typed() {
    this.draft().text = this.field.value;
    if (this.field.value === '/' && this.offers?.commands?.length) this.commandMenu(this.field);
  }

  // lineBreak lets only Shift and Enter break a line, whatever key the screen's
  // keyboard says that Enter is.
  lineBreak(e) {
    if (e.inputType === 'insertLineBreak' && !this.shift) e.preventDefault();
  }

  key(e) {
    this.shift = e.shiftKey;
    if (e.isComposing) return;
    const d = this.draft();
    if (e.key === 'Enter' && !e.shiftKey) {
      e.preventDefault();
      this.send();
    } else if (e.key === 'Escape' && (d.reply || d.editing)) {
      e.stopPropagation();
      this.leave();
    } else if (e.key === 'ArrowUp' && !this.field.value) {
      const where = this.where();
      const own = messagesOf(where).findLast((m) => m.from_id === where.person && m.kind === 'text');
      if (own) {
        e.preventDefault();
        this.edit(own);
      }
    }
  }

  // send empties the field at once and fills it again when sending failed.
  async send() {
    const d = this.draft();
    const text = this.field.value;
    if (!text.trim()) return;
    const { reply, editing } = d;
    const where = this.where();
    this.put('');
    Object.assign(d, { reply: undefined, editing: undefined });
    this.update(this.offers);
    const ok = editing ? await act('edit', where, { message: editing.id, text }) : await act('send', where, { text, reply: reply?.id ?? 0 });
    if (ok || d.text) return;
    Object.assign(d, { text, reply, editing });
    this.mark = '';
    this.update(this.offers);
  }

  attachMenu(at) {
    menu(at, t('attach'), [
      item('photo', t('photoOrFile'), () => this.choose('photo', 'image/png,image/jpeg,image/gif,image/webp')),
      item('file', t('file'), () => this.choose('document', '')),
      item('gif', t('gif'), () => act('gif', this.where())),
      item('sticker', t('sticker'), () => queueMicrotask(() => this.stickerMenu(this.el.querySelector('.attach')))),
      item('mic', t('voice'), () => act('voice', this.where())),
      this.where().chat > 0 && item('contact', t('contact'), () => act('contact', this.where())),
    ]);
  }

  choose(as, types) {
    this.as = as;
    this.chooser.accept = types;
    this.chooser.value = '';
    this.chooser.click();
  }

  chosen() {
    this.take([...this.chooser.files], this.as);
  }

  /** Offers files for sending: pictures as photos, unless told otherwise. */
  take(files, as = files.some((f) => f.type.startsWith('image/')) ? 'photo' : 'document') {
    toastsIn(this.toasts);
    if (this.offers?.note || this.offers?.only) return;
    const d = this.draft();
    offer({ ...this.where(), reply: d.reply?.id }, files, as, d.text, () => {
      d.reply = undefined;
      this.put('');
      this.update(this.offers);
    });
  }

  stickerMenu(at) {
    menu(at, t('sticker'), h('div', { class: 'faces stickers' }, stickers.map((emoji) => h('button', { type: 'button', role: 'menuitem', tabindex: -1, onclick: () => act('sticker', this.where(), { emoji }) }, emoji))));
  }

  emojiMenu(at) {
    menu(at, t('emoji'), h('div', { class: 'faces' }, smileys.map((emoji) => h('button', { type: 'button', role: 'menuitem', tabindex: -1, onclick: () => this.insert(emoji) }, emoji))));
  }

  insert(text) {
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, 'end');
    this.typed();
    queueMicrotask(() => this.focus());
  }

  commandMenu(at) {
    const run = (c) => {
      this.put('');
      act('send', this.where(), { text: `/${c.command}` });
    };
    menu(at, t('commands'), this.offers.commands.map((c) => h('button', { type: 'button', role: 'menuitem', tabindex: -1, onclick: () => run(c) },
      h('span', { class: 'cmd-name' }, `/${c.command}`), h('span', { class: 'cmd-text' }, c.description))));
  }
}

/** What a customer's composer offers. */
export function customerOffers(id, scene, where) {
  const p = person(id);
  if (!p || !scene.bot) return { note: t('noMessages') };
  if (p.blocked) return { only: { label: t('unblock'), act: () => act('block', where(), { on: false }) } };
  if (!p.started) return { only: { label: t('start'), act: () => act('send', where(), { text: '/start' }) } };
  return { name: openTopic()?.name ?? scene.bot.name, commands: p.commands, keyboard: p.keyboard, suggestions: scene.suggestions };
}
