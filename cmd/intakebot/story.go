package main

import "intakebot/tickets"

// beat is one moment of a story: somebody waits for what they are to see, then
// does one thing.
type beat struct {
	by     int    // 0: the customer, in the chat with the bot; 1 and 2: an agent, in the ticket's topic
	hears  string // part of what the bot says there; of the newest message not yet heard
	seen   bool   // waits until the bot has confirmed what this one said last
	topic  string // waits until the topic's name begins so, and it is open or closed as that says
	says   string // typed
	press  string // a button's label, or part of it
	shares bool   // the own contact
	shows  int    // so many of the samples, as one album
	photo  string // one sample, with these words
}

// stories are how a ticket is filed, the same in every language: two problems in
// one description, a mistake, screenshots.
var stories = map[tickets.Lang][]beat{
	tickets.Russian: {
		{says: "/start"},
		{hears: "служба поддержки", press: "Новая заявка"},
		{hears: "О чём ваша заявка", press: "Ошибка или сбой"},
		{hears: "Как вас зовут", press: "Анна Петрова"},
		{hears: "электронная почта", says: "anna@myshop"},
		{hears: "не похоже на адрес почты", says: "anna@myshop.ru"},
		{hears: "логин", says: "anna"},
		{hears: "Телефон", shares: true},
		{hears: "Адрес сайта", says: "Сайт https://мойсалон.рф/каталог"},
		{hears: "В чём проблема", says: "1. Каталог товаров не открывается: вместо него белая страница.\n2. Ещё перестали приходить письма о новых заказах."},
		{hears: "Добавил к описанию", press: "Готово"},
		{hears: "разные проблемы", press: "Подать по отдельности"},
		{hears: "текст ошибки", says: "HTTP 500 Internal Server Error"},
		{hears: "действия приводят", says: "Открываю главную, нажимаю «Каталог»"},
		{hears: "снимки экрана", shows: 2},
		{hears: "2 снимка", press: "Готово"},
		{hears: "Что меняли на сайте", says: "Вчера обновили модуль оплаты"},
		{hears: "Проверьте заявку", press: "Отправить"},
		{hears: "принята"},
		{hears: "Осталась ещё 1 проблема", press: "Позже"},
		{hears: "Вернуться можно кнопкой"},
	},
	tickets.English: {
		{says: "/start"},
		{hears: "support desk", press: "New ticket"},
		{hears: "What is your ticket about", press: "Errors on the site"},
		{hears: "What is your name", press: "Emily Clark"},
		{hears: "e-mail address", says: "emily@myshop"},
		{hears: "does not look like an e-mail", says: "emily@myshop.com"},
		{hears: "login", says: "emily"},
		{hears: "phone number", shares: true},
		{hears: "site's address", says: "It is https://myshop.com/catalogue"},
		{hears: "What is the problem", says: "1. The catalogue does not open: there is a blank page instead.\n2. Also, e-mails about new orders stopped coming."},
		{hears: "Added to the description", press: "Done"},
		{hears: "different problems", press: "File them separately"},
		{hears: "error message", says: "HTTP 500 Internal Server Error"},
		{hears: "What leads to the problem", says: "I open the home page and press “Catalogue”"},
		{hears: "Send screenshots", shows: 2},
		{hears: "2 screenshots", press: "Done"},
		{hears: "changed on the site", says: "The payment module was updated yesterday"},
		{hears: "Please check the ticket", press: "Send"},
		{hears: "is accepted"},
		{hears: "1 more problem", press: "Later"},
		{hears: "brings you back to it"},
	},
}

// lives are what becomes of the ticket once it is filed: it is taken, answered,
// added to, solved and rated low, taken up again, and ends well.
var lives = map[tickets.Lang][]beat{
	tickets.Russian: {
		{by: 1, hears: "новая", press: "Взять"},
		{hears: "ею занимается Олег"},
		{by: 1, topic: "🔧", says: "Анна, здравствуйте! Очистите, пожалуйста, кэш браузера и откройте каталог ещё раз. Что на экране?"},
		{by: 1, seen: true},
		{hears: "Очистите, пожалуйста, кэш", says: "Очистила, не помогло: страница всё такая же белая"},
		{by: 1, hears: "не помогло"},
		{seen: true, photo: "Вот что показывает другой браузер"},
		{by: 1, hears: "другой браузер", says: "// Мария, это после обновления модуля оплаты. Такое уже было?"},
		{by: 2, says: "// Да, на прошлой неделе. Помогает откат модуля"},
		{by: 1, says: "Причина нашлась: обновление модуля оплаты. Мы вернули прежнюю версию, каталог открывается."},
		{by: 1, seen: true, press: "Решена"},
		{hears: "решена", press: "2 ★"},
		{hears: "жаль, что так вышло", says: "Каталог открылся, но в нём пропали цены"},
		{by: 2, hears: "пропали цены"},
		{by: 2, topic: "✅"},
		{hears: "Ваши слова прочтут", press: "Открыть снова"},
		{hears: "снова открыта"},
		{by: 2, hears: "открыл заявку", topic: "🔁", press: "Взять"},
		{hears: "ею занимается Мария"},
		{by: 2, topic: "🔧", says: "Анна, простите за цены: после отката не обновился их кэш. Теперь они на месте."},
		{by: 2, seen: true},
		{hears: "они на месте", says: "Вижу, теперь всё хорошо. Спасибо!"},
		{by: 2, hears: "всё хорошо", press: "Решена"},
		{hears: "решена"},
		{by: 2, topic: "✅", press: "Ещё"},
		{by: 2, hears: "решена", press: "Закрыть"},
		{hears: "закрыта", press: "5 ★"},
		{hears: "Ваша оценка: 5 из 5"},
	},
	tickets.English: {
		{by: 1, hears: "new", press: "Take"},
		{hears: "Oleg Agent has taken it"},
		{by: 1, topic: "🔧", says: "Hello Emily! Please clear the browser's cache and open the catalogue again. What is on the screen?"},
		{by: 1, seen: true},
		{hears: "clear the browser's cache", says: "I did, it is no help: the page is as blank as before"},
		{by: 1, hears: "no help"},
		{seen: true, photo: "This is what another browser shows"},
		{by: 1, hears: "another browser", says: "// Maria, this began with the update of the payment module. Have we seen it before?"},
		{by: 2, says: "// Yes, last week. Rolling the module back helps"},
		{by: 1, says: "We have found it: the payment module's update. The earlier version is back, and the catalogue opens."},
		{by: 1, seen: true, press: "Solved"},
		{hears: "is solved", press: "2 ★"},
		{hears: "we are sorry", says: "The catalogue opens, but the prices are gone"},
		{by: 2, hears: "prices are gone"},
		{by: 2, topic: "✅"},
		{hears: "will read your words", press: "Reopen"},
		{hears: "is open again"},
		{by: 2, hears: "has reopened", topic: "🔁", press: "Take"},
		{hears: "Maria Lee has taken it"},
		{by: 2, topic: "🔧", says: "Sorry about the prices, Emily: their cache was left behind. They are back now."},
		{by: 2, seen: true},
		{hears: "They are back", says: "I see them, all is well. Thank you!"},
		{by: 2, hears: "all is well", press: "Solved"},
		{hears: "is solved"},
		{by: 2, topic: "✅", press: "More"},
		{by: 2, hears: "solved", press: "Close"},
		{hears: "is closed", press: "5 ★"},
		{hears: "Your rating: 5 of 5"},
	},
}

// notes are words of the notes, which the customer must not see.
var notes = map[tickets.Lang]string{tickets.Russian: "откат модуля", tickets.English: "Rolling the module back"}
