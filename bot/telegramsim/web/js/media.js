// What a message holds besides its text.

import { fileURL } from './api.js';
import { avatar, h, icon } from './dom.js';
import { view } from './layers.js';
import { size, t } from './words.js';

/** The pictures of messages as an album's grid, or as one large picture. */
export function album(messages) {
  const pictures = messages.map((m) => ({ url: fileURL(m.file_id), label: t('picture'), video: m.kind === 'video' }));
  const spans = gridSpans(messages.length);
  const shots = messages.map((m, i) => {
    const open = () => view(pictures, i);
    const shot = h('button', { type: 'button', class: `shot span-${spans[i]}`, 'aria-label': alt(m), onclick: open, 'data-message': m.id },
      frame(m, pictures[i]), m.kind === 'animation' && h('span', { class: 'label' }, 'GIF'));
    if (messages.length === 1) sizeUp(shot, m);
    return shot;
  });
  return h('div', { class: messages.length === 1 ? 'album single' : 'album' }, shots);
}

function alt(m) {
  return `${t(m.kind === 'animation' ? 'animation' : 'photo')}${m.text ? `: ${m.text}` : ''}`;
}

// An animation that was a GIF is still a picture here; any other is a video.
function frame(m, picture) {
  if (picture.video) return video(picture.url);
  const img = h('img', { src: picture.url, alt: '', decoding: 'async' });
  if (m.kind === 'animation') img.addEventListener('error', () => { picture.video = true; img.replaceWith(video(picture.url)); });
  return img;
}

function video(src) {
  return h('video', { src, muted: true, loop: true, autoplay: true, playsinline: true });
}

const room = { width: 380, height: 360, least: 120 }; // pixels

function sizeUp(el, m) {
  const s = m.raw.photo?.at(-1) ?? m.raw.animation ?? m.raw.video ?? {};
  const width = s.width || 320;
  const height = s.height || 240;
  const scale = Math.min(room.width / width, room.height / height, 1.6);
  el.style.width = `${Math.max(room.least, Math.round(width * scale))}px`;
  el.style.maxWidth = '100%';
  el.style.aspectRatio = `${Math.max(room.least, width * scale)} / ${Math.max(room.least, height * scale)}`;
  el.style.height = 'auto';
}

// Spans of six columns: rows of three, with rows of two or a wide one first.
function gridSpans(n) {
  if (n === 1) return [6];
  if (n === 3) return [6, 3, 3];
  const pairs = { 0: 0, 1: 4, 2: 2 }[n % 3];
  return Array.from({ length: n }, (_, i) => (i < pairs ? 3 : 2));
}

/** A document with its name and size; a picture sent as a file shows itself. */
export function documentLine(m) {
  const d = m.raw.document ?? {};
  const picture = /^image\/(png|jpe?g|gif|webp)$/.test(d.mime_type ?? '');
  const url = fileURL(m.file_id);
  const face = picture ? h('img', { class: 'thumb', src: url, alt: '' }) : h('span', { class: 'disc' }, icon('file'));
  const lines = h('span', {}, h('span', { class: 'name', dir: 'auto' }, d.file_name || t('document')), h('span', { class: 'size' }, size(d.file_size ?? 0)));
  if (!picture) return h('a', { class: 'doc', href: url, download: d.file_name || 'file' }, face, lines);
  return h('button', { type: 'button', class: 'doc', onclick: () => view([{ url, label: d.file_name }], 0) }, face, lines);
}

/** A voice message's wave; there is nothing to hear. */
export function voice(m) {
  const seconds = m.raw.voice?.duration ?? 0;
  const bars = Array.from({ length: 32 }, (_, i) => {
    const bar = h('i');
    bar.style.height = `${5 + Math.round(Math.abs(Math.sin((m.id + i) * 1.7) * Math.cos(i * 0.6)) * 19)}px`;
    return bar;
  });
  return h('div', { class: 'doc voice', role: 'img', 'aria-label': t('voice') }, h('span', { class: 'disc' }, icon('play')),
    h('span', {}, h('span', { class: 'wave' }, bars), h('span', { class: 'size' }, `0:${String(seconds).padStart(2, '0')}`)));
}

/** A shared contact's card. */
export function contact(m) {
  const c = m.raw.contact;
  const name = [c.first_name, c.last_name].filter(Boolean).join(' ');
  return h('div', { class: 'doc contact-card' }, avatar(c.user_id ?? 0, name), h('span', {},
    h('span', { class: 'name' }, name), h('span', { class: 'size' }, c.phone_number)));
}

/** A place by its degrees. */
export function location(m) {
  const { latitude, longitude } = m.raw.location;
  return h('div', { class: 'doc' }, h('span', { class: 'disc' }, icon('globe')), h('span', {},
    h('span', { class: 'name' }, t('location')), h('span', { class: 'size' }, `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`)));
}

/** A message in a few words, for lists, quotes and announcements. */
export function brief(m) {
  const word = { photo: t('photo'), document: m.raw?.document?.file_name ?? t('document'), animation: t('animation'), video: t('video'),
    sticker: `${m.raw?.sticker?.emoji ?? ''} ${t('sticker')}`, voice: t('voice'), contact: t('contact'), location: t('location') }[m.kind];
  if (m.kind === 'service') return service(m);
  return [word, m.text].filter(Boolean).join(', ').replace(/\s+/g, ' ');
}

/** A service message in words. */
export function service(m) {
  const raw = m.raw;
  const who = m.from;
  if (raw.forum_topic_created) return t('topicCreated', raw.forum_topic_created.name);
  if (raw.forum_topic_edited) return raw.forum_topic_edited.name ? t('topicRenamed', raw.forum_topic_edited.name) : t('topicChangedIcon');
  if (raw.forum_topic_closed) return t('topicWasClosed');
  if (raw.forum_topic_reopened) return t('topicReopened');
  if (raw.pinned_message) return t('pinnedA', who);
  if (raw.new_chat_members) return t('joined', raw.new_chat_members.map((u) => u.first_name).join(', '));
  if (raw.left_chat_member) return t('left', raw.left_chat_member.first_name);
  if (raw.migrate_to_chat_id || raw.migrate_from_chat_id) return t('migrated');
  return t('serviceMessage');
}

/** What kind of content a Bot API message holds, as Message.Kind says. */
export function kindOfRaw(raw) {
  for (const kind of ['photo', 'animation', 'document', 'video', 'voice', 'sticker', 'contact', 'location']) if (raw[kind]) return kind;
  return raw.text ? 'text' : 'service';
}
