// Every word of the page, in Russian and English.

const words = {
  ru: {
    note: 'локальный Telegram: всё происходит на этой машине',
    customer: 'Клиент', agents: 'Операторы', view: 'Сторона', language: 'Язык страницы',
    toDark: 'Тёмная тема', toLight: 'Светлая тема', lost: 'Связь потеряна, подключаемся снова…',
    customers: 'Клиенты', addCustomer: 'Добавить клиента', add: 'Добавить', name: 'Имя', appLanguage: 'Язык приложения',
    newCustomer: 'Новый клиент', nameHint: 'Мария Иванова', cancel: 'Отмена', ok: 'ОК', close: 'Закрыть', send: 'Отправить',
    youAre: 'Вы — ', actAs: 'Вы отвечаете как', bot: 'бот', typing: 'печатает', sendingPhoto: 'отправляет фото', sendingFile: 'отправляет файл',
    members: (n) => `${n} ${plural(n, 'участник', 'участника', 'участников')}`, topics: 'Темы', mainChat: 'Чат', groups: 'Группы', general: 'General',
    noMessages: 'Пока пусто', startTitle: 'Что умеет этот бот?', startText: 'Нажмите «Начать», чтобы открыть разговор.',
    start: 'Начать', unblock: 'Разблокировать', message: 'Сообщение', messageIn: (name) => `Сообщение: ${name}`, menu: 'Меню', commands: 'Команды бота',
    attach: 'Прикрепить', emoji: 'Эмодзи', keyboard: 'Клавиатура бота', photoOrFile: 'Фото', file: 'Файл', gif: 'GIF', sticker: 'Стикер',
    voice: 'Голосовое сообщение', contact: 'Мой контакт', replyTo: 'В ответ', editing: 'Изменение', reply: 'Ответить', edit: 'Изменить', copy: 'Копировать текст',
    remove: 'Удалить', messages: 'Сообщения', chatMenu: 'Действия с чатом', block: 'Заблокировать бота', pinned: 'Закреплено', edited: 'изм.', toEnd: 'К последним сообщениям',
    unread: (n) => `${n} ${plural(n, 'непрочитанное', 'непрочитанных', 'непрочитанных')}`, closed: 'закрыта', you: 'Вы', today: 'Сегодня', yesterday: 'Вчера',
    photo: 'Фотография', photos: (n) => `${n} фото`, document: 'Файл', animation: 'GIF', video: 'Видео', location: 'Место', album: 'Альбом',
    topicCreated: (n) => `Создана тема «${n}»`, topicRenamed: (n) => `Тема названа «${n}»`, topicChangedIcon: 'Значок темы изменён', topicWasClosed: 'Тема закрыта', topicReopened: 'Тема открыта снова', closeTopic: 'Закрыть тему', reopenTopic: 'Открыть тему снова', messageMenu: 'Действия с сообщением', forwardedFrom: (who) => `Переслано от ${who}`,
    pinnedA: (who) => `${who} закрепляет сообщение`, joined: (who) => `${who} в группе`, left: (who) => `${who} больше не в группе`, migrated: 'Группа стала супергруппой', serviceMessage: 'Служебное сообщение',
    sendPhotos: 'Отправить фотографии', sendFiles: 'Отправить файлы', asPhotos: 'Как фото', asFiles: 'Как файлы, без сжатия', caption: 'Подпись', dropHere: 'Отпустите файлы, чтобы отправить',
    noAnswer: 'Бот не ответил на нажатие', copied: 'Скопировано', back: 'К списку тем', prev: 'Предыдущее', next: 'Следующее', picture: 'Изображение', spoiler: 'Скрытый текст, нажмите, чтобы показать',
    react: (e) => `Реакция ${e}`, switchLanguage: (name) => `Язык приложения: ${name}`, sent: 'отправлено', seen: 'прочитано', tooLarge: 'Файл больше 50 МБ.', remove1: 'Убрать',
    failed: 'Не получилось', not_member: 'Этот человек не состоит в группе.', no_topic: 'Тема закрыта или удалена.', no_message: 'Сообщения больше нет.', no_right: 'На это нет прав.', blocked: 'Бот заблокирован.', no_place: 'Такого чата нет.', bad_request: 'Запрос не прочитан.', too_large: 'Слишком большой файл.', offline: 'Нет связи.',
    sizes: ['Б', 'КБ', 'МБ'],
  },
  en: {
    note: 'a local Telegram: nothing leaves this machine',
    customer: 'Customer', agents: 'Agents', view: 'Side', language: 'Language of the page',
    toDark: 'Dark theme', toLight: 'Light theme', lost: 'Connection lost, trying again…',
    customers: 'Customers', addCustomer: 'Add a customer', add: 'Add', name: 'Name', appLanguage: 'App language',
    newCustomer: 'New customer', nameHint: 'Mary Jones', cancel: 'Cancel', ok: 'OK', close: 'Close', send: 'Send',
    youAre: 'You are ', actAs: 'You answer as', bot: 'bot', typing: 'typing', sendingPhoto: 'sending a photo', sendingFile: 'sending a file',
    members: (n) => `${n} ${n === 1 ? 'member' : 'members'}`, topics: 'Topics', mainChat: 'Chat', groups: 'Groups', general: 'General',
    noMessages: 'Nothing here yet', startTitle: 'What can this bot do?', startText: 'Press “Start” to open the conversation.',
    start: 'Start', unblock: 'Unblock', message: 'Message', messageIn: (name) => `Message: ${name}`, menu: 'Menu', commands: 'Commands of the bot',
    attach: 'Attach', emoji: 'Emoji', keyboard: 'Keyboard of the bot', photoOrFile: 'Photo', file: 'File', gif: 'GIF', sticker: 'Sticker',
    voice: 'Voice message', contact: 'My contact', replyTo: 'Reply to', editing: 'Editing', reply: 'Reply', edit: 'Edit', copy: 'Copy text',
    remove: 'Delete', messages: 'Messages', chatMenu: 'Actions of the chat', block: 'Block the bot', pinned: 'Pinned message', edited: 'edited', toEnd: 'To the newest messages',
    unread: (n) => `${n} unread`, closed: 'closed', you: 'You', today: 'Today', yesterday: 'Yesterday',
    photo: 'Photo', photos: (n) => `${n} photos`, document: 'File', animation: 'GIF', video: 'Video', location: 'Location', album: 'Album',
    topicCreated: (n) => `Topic “${n}” created`, topicRenamed: (n) => `Topic renamed to “${n}”`, topicChangedIcon: 'Topic icon changed', topicWasClosed: 'Topic closed', topicReopened: 'Topic reopened', closeTopic: 'Close the topic', reopenTopic: 'Reopen the topic', messageMenu: 'Actions of the message', forwardedFrom: (who) => `Forwarded from ${who}`,
    pinnedA: (who) => `${who} pinned a message`, joined: (who) => `${who} joined the group`, left: (who) => `${who} left the group`, migrated: 'The group became a supergroup', serviceMessage: 'Service message',
    sendPhotos: 'Send photos', sendFiles: 'Send files', asPhotos: 'As photos', asFiles: 'As files, not compressed', caption: 'Caption', dropHere: 'Drop the files to send them',
    noAnswer: 'The bot did not answer the press', copied: 'Copied', back: 'Back to the topics', prev: 'Previous', next: 'Next', picture: 'Picture', spoiler: 'Hidden text, press to show',
    react: (e) => `Reaction ${e}`, switchLanguage: (name) => `App language: ${name}`, sent: 'sent', seen: 'seen', tooLarge: 'The file is over 50 MB.', remove1: 'Remove',
    failed: 'That did not work', not_member: 'This person is not in the group.', no_topic: 'The topic is closed or gone.', no_message: 'The message is gone.', no_right: 'There is no right to do that.', blocked: 'The bot is blocked.', no_place: 'There is no such chat.', bad_request: 'The request was not understood.', too_large: 'The file is too large.', offline: 'No connection.',
    sizes: ['B', 'KB', 'MB'],
  },
};

let current = 'en';

/** Sets the language, 'ru' or 'en'. */
export function speak(lang) {
  current = words[lang] ? lang : 'en';
  document.documentElement.lang = current;
}

/** The language that is set. */
export function language() {
  return current;
}

/** A word by its key, with its arguments. */
export function t(key, ...args) {
  const word = words[current][key];
  return typeof word === 'function' ? word(...args) : (word ?? key);
}

/** One of a pair {ru, en}. */
export function pick(pair) {
  return pair[current] || pair.en || pair.ru || '';
}

function plural(n, one, few, many) {
  const tail = n % 10;
  const teen = n % 100 > 10 && n % 100 < 15;
  if (teen || tail === 0 || tail > 4) return many;
  return tail === 1 ? one : few;
}

const pad = (n) => String(n).padStart(2, '0');

/** A time as HH:MM. */
export function clock(date) {
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

const days = new Map(); // named days, as naming one takes long

/** A day as one says it: today, yesterday, 5 March. */
export function day(date) {
  const key = [current, new Date().getDate(), date.getFullYear(), date.getMonth(), date.getDate()].join();
  if (!days.has(key)) days.set(key, nameDay(date));
  return days.get(key);
}

function nameDay(date) {
  const start = (d) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  const ago = Math.round((start(new Date()) - start(date)) / 86400000);
  if (ago === 0) return t('today');
  if (ago === 1) return t('yesterday');
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : 'numeric';
  return date.toLocaleDateString(current, { day: 'numeric', month: 'long', year });
}

/** A file's size in bytes, readable. */
export function size(bytes) {
  const units = t('sizes');
  let at = 0;
  let n = bytes;
  while (n >= 1024 && at < units.length - 1) {
    n /= 1024;
    at += 1;
  }
  return `${at && n < 10 ? n.toFixed(1) : Math.round(n)} ${units[at]}`;
}
