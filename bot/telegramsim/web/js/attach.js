// Files on their way: chosen, dropped or pasted, looked at, then sent.

import { upload } from './api.js';
import { h, icon, iconButton } from './dom.js';
import { dialog, toast } from './layers.js';
import { size, t } from './words.js';

const most = 10; // files of one album
const largest = 50 * 1024 * 1024; // bytes, as Telegram takes from a bot's customer

const isPicture = (f) => /^image\/(png|jpe?g|gif|webp)$/.test(f.type);

/** Shows files with a caption, and sends them when confirmed. as: 'photo', 'document' or 'animation'. */
export function offer(place, chosen, as, text, sent) {
  let files = [...chosen].slice(0, most).filter((f) => f.size <= largest || toast(t('tooLarge')));
  if (!files.length) return;
  const compress = h('input', { type: 'checkbox', checked: as === 'photo' && files.some(isPicture) });
  const caption = h('textarea', { rows: 1, value: text, dir: 'auto' });
  const previews = h('div', { class: 'previews' });
  const draw = () => previews.replaceChildren(...files.map((f) => preview(f, () => {
    files = files.filter((one) => one !== f);
    if (files.length) draw();
    else el.close();
  })));
  const submit = async () => {
    el.close();
    const kind = as === 'animation' ? as : compress.checked ? 'photo' : 'document';
    sent();
    await send(place, files, kind, caption.value.trim());
  };
  const el = dialog(t(as === 'photo' ? 'sendPhotos' : 'sendFiles'), previews,
    as !== 'animation' && files.some(isPicture) && h('label', { class: 'check' }, compress, t('asPhotos')),
    h('label', { class: 'field' }, t('caption'), caption),
    h('footer', {}, h('button', { type: 'button', class: 'flat', onclick: () => el.close() }, t('cancel')),
      h('button', { type: 'button', class: 'flat main', onclick: submit }, t('send'))));
  caption.addEventListener('keydown', (e) => {
    if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
    e.preventDefault();
    submit();
  });
  draw();
  caption.focus();
}

// What is no picture cannot be a photo: it goes by itself, as a file.
async function send(place, files, kind, caption) {
  const photos = kind === 'photo' ? files.filter(isPicture) : [];
  const others = files.filter((f) => !photos.includes(f));
  if (photos.length) await upload(place, photos, 'photo', caption, place.reply);
  if (others.length) await upload(place, others, kind === 'animation' ? kind : 'document', photos.length ? '' : caption, place.reply);
}

function preview(f, remove) {
  const url = isPicture(f) && URL.createObjectURL(f);
  const picture = url ? h('img', { src: url, alt: '', onload: () => URL.revokeObjectURL(url) }) : icon('file');
  return h('figure', {}, picture, h('figcaption', {}, f.name, h('small', {}, size(f.size))), iconButton('close', `${t('remove1')}: ${f.name}`, remove));
}

/** Lets files be dropped on an element, and pasted while the focus is in it. */
export function accept(el, take) {
  let depth = 0;
  const sign = h('div', { class: 'drop' });
  const has = (e) => [...(e.dataTransfer?.types ?? [])].includes('Files');
  const over = (step) => (e) => {
    if (!has(e)) return;
    e.preventDefault();
    depth = Math.max(0, depth + step);
    sign.textContent = t('dropHere');
    if (depth && !sign.isConnected) el.append(sign);
    if (!depth) sign.remove();
  };
  el.addEventListener('dragenter', over(1));
  el.addEventListener('dragleave', over(-1));
  el.addEventListener('dragover', (e) => { if (has(e)) e.preventDefault(); });
  el.addEventListener('drop', (e) => {
    if (!has(e)) return;
    e.preventDefault();
    depth = 0;
    sign.remove();
    take([...e.dataTransfer.files]);
  });
  el.addEventListener('paste', (e) => {
    const files = [...(e.clipboardData?.files ?? [])];
    if (!files.length) return;
    e.preventDefault();
    take(files);
  });
}
