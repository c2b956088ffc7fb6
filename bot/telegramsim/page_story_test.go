package telegramsim_test

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
)

func quoteJS(s string) string {
	quoted, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(quoted)
}

// story is a help desk in the middle of a day: two customers, two agents, a
// forum with tickets, and everything that a message can hold.
type story struct {
	*stage
	ivan, mary, anna, oleg *telegramsim.Person
	desk                   *telegramsim.Group
	ticket                 int
}

func newStory(s *stage) *story {
	st := &story{stage: s}
	st.ivan = s.world.AddPerson("Иван Петров", telegramsim.Language("ru"))
	st.mary = s.world.AddPerson("Mary Jones", telegramsim.Language("en"))
	st.anna = s.world.AddPerson("Анна Смирнова")
	st.oleg = s.world.AddPerson("Олег Ким")
	st.desk = s.world.AddForum("Служба поддержки", st.anna, st.oleg)
	s.must(s.api.SetMyCommands(s.ctx, &bot.SetMyCommandsParams{Commands: []models.BotCommand{
		{Command: "new", Description: "Новое обращение"}, {Command: "cancel", Description: "Отменить"},
		{Command: "help", Description: "Помощь"}, {Command: "language", Description: "Язык"},
	}}))
	return st
}

func (s *stage) must(_ any, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// says sends a text of the bot in HTML with rows of buttons, each a label.
func (s *stage) says(chat int64, thread int, html string, rows ...[]string) *models.Message {
	s.t.Helper()
	params := &bot.SendMessageParams{ChatID: chat, MessageThreadID: thread, Text: html, ParseMode: models.ParseModeHTML}
	if len(rows) > 0 {
		params.ReplyMarkup = keyboard(rows)
	}
	m, err := s.api.SendMessage(s.ctx, params)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

func keyboard(rows [][]string) models.InlineKeyboardMarkup {
	var markup models.InlineKeyboardMarkup
	for _, row := range rows {
		var line []models.InlineKeyboardButton
		for _, label := range row {
			line = append(line, models.InlineKeyboardButton{Text: label, CallbackData: "1:" + label[:min(len(label), 40)]})
		}
		markup.InlineKeyboard = append(markup.InlineKeyboard, line)
	}
	return markup
}

// tell plays the story.
func (st *story) tell() {
	st.customersPart()
	st.agentsPart()
	st.otherTickets()
	st.marysPart()
}

func pictures() [][]byte {
	return [][]byte{
		telegramsim.SampleScreenshot("500", "Internal Server Error", "https://shop.example/cart").Data,
		telegramsim.SampleScreenshot("502", "Bad Gateway", "https://shop.example/pay").Data,
		telegramsim.SampleScreenshot("404", "Page not found", "https://shop.example/order/42").Data,
	}
}

func (st *story) customersPart() {
	chat := st.ivan.UserID()
	st.must(st.ivan.Start(""))
	st.says(chat, 0, "Здравствуйте, Иван! Я приму обращение в поддержку.\n\n<b>Шаг 1 из 8.</b> О чём оно?",
		[]string{"🔥 Сайт не открывается"}, []string{"Ошибка в работе", "Скорость"}, []string{"Подключение сторонних сервисов"}, []string{"Пожелание к продукту", "Отмена"})
	st.says(chat, 0, "Тема: <b>ошибка в работе</b>.\n\n<b>Шаг 3 из 8.</b> Какой у вас сайт?", []string{"← Назад", "Отмена"})
	st.must(st.ivan.Send("магазин.рф/корзина"))
	asked := st.says(chat, 0, "<b>Шаг 4 из 8.</b> Что происходит? Опишите одну проблему как можно подробнее.", []string{"← Назад", "Отмена"})
	st.must(st.ivan.Send("После нажатия на «Оплатить» открывается белая страница с ошибкой 500. Так у всех покупателей с самого утра, заказы не проходят.", telegramsim.ReplyTo(asked.ID)))
	st.says(chat, 0, "<b>Шаг 7 из 8.</b> Пришлите снимки экрана: JPG, PNG или GIF, до 10 штук.", []string{"Снимков нет"}, []string{"← Назад", "Отмена"})
	var items []telegramsim.AlbumItem
	for _, data := range pictures() {
		items = append(items, telegramsim.AlbumItem{Data: data})
	}
	items[0].Caption = "Вот что видно в браузере"
	st.must(st.ivan.SendAlbum(items))
	st.says(chat, 0, "Принято снимков: 3 из 10. Можно прислать ещё.", []string{"Готово"}, []string{"← Назад", "Отмена"})
}

func (st *story) agentsPart() {
	topic, err := st.api.CreateForumTopic(st.ctx, &bot.CreateForumTopicParams{ChatID: st.desk.ID(), Name: "T-1042 · Ошибка 500 при оплате", IconCustomEmojiID: "5312241539987020022"})
	if err != nil {
		st.t.Fatal(err)
	}
	st.ticket = topic.MessageThreadID
	card := st.says(st.desk.ID(), st.ticket, "<b>T-1042 · Ошибка в работе</b>\nУровень: <b>стандартный</b>, ответить до <b>15:30</b> МСК\n\n"+
		"<b>Клиент:</b> Иван Петров, ivan@example.ru, логин <code>ivan-shop</code>\n<b>Сайт:</b> https://shop.example/cart\n"+
		"<blockquote>После нажатия на «Оплатить» открывается белая страница с ошибкой 500.</blockquote>\n"+
		"<b>Текст ошибки</b>\n<pre><code class=\"language-php\">Fatal error: Uncaught PDOException: SQLSTATE[HY000] [2002]\nConnection refused in /app/pay.php:42</code></pre>\n"+
		"<b>Что менялось:</b> <tg-spoiler>обновили модуль оплаты вчера вечером</tg-spoiler>",
		[]string{"Взять в работу", "Запросить сведения"}, []string{"Передать разработчикам", "Закрыть"})
	st.album(st.desk.ID(), st.ticket)
	st.must(st.api.PinChatMessage(st.ctx, &bot.PinChatMessageParams{ChatID: st.desk.ID(), MessageID: card.ID}))
	seat := st.anna.In(st.desk.Topic(st.ticket))
	st.must(seat.Send("Похоже на базу: соединение отвергнуто. Смотрю журналы.", telegramsim.ReplyTo(card.ID)))
	sent, err := st.oleg.In(st.desk.Topic(st.ticket)).Send("У соседнего клиента на том же сервере то же самое")
	st.must(sent, err)
	st.must(nil, seat.React(sent.ID, "👍"))
	st.must(st.oleg.In(st.desk.Topic(st.ticket)).SendDocument("журнал-nginx-2026-03-02.log", bytes.Repeat([]byte("500\n"), 9000), ""))
}

func (st *story) album(chat int64, thread int) {
	var media []models.InputMedia
	for i, data := range pictures() {
		media = append(media, &models.InputMediaPhoto{Media: "attach://p" + string(rune('0'+i)), MediaAttachment: bytes.NewReader(data)})
	}
	st.must(st.api.SendMediaGroup(st.ctx, &bot.SendMediaGroupParams{ChatID: chat, MessageThreadID: thread, Media: media}))
}

func (st *story) otherTickets() {
	icons := []string{"5237699328843200968", "", "5312016608254762256", "", "5377316857231450742", "5312536423851630001"}
	for i, name := range []string{"T-1036 · Медленно открывается каталог", "T-1037 · Не приходят письма о заказах", "T-1038 · Slow admin panel",
		"T-1039 · Ошибка при обновлении до новой версии с очень длинным названием темы", "T-1040 · How to connect a payment system?", "T-1041 · Пожелание: тёмная тема"} {
		topic, err := st.api.CreateForumTopic(st.ctx, &bot.CreateForumTopicParams{ChatID: st.desk.ID(), Name: name, IconCustomEmojiID: icons[i]})
		if err != nil {
			st.t.Fatal(err)
		}
		st.says(st.desk.ID(), topic.MessageThreadID, "<b>Новое обращение</b> от клиента: "+name, []string{"Взять в работу"})
		if i == 0 {
			st.must(st.api.CloseForumTopic(st.ctx, &bot.CloseForumTopicParams{ChatID: st.desk.ID(), MessageThreadID: topic.MessageThreadID}))
		}
	}
	st.says(st.desk.ID(), 0, "Бот подключён. Новые обращения приходят темами.")
}

func (st *story) marysPart() {
	chat := st.mary.UserID()
	st.must(st.mary.Start(""))
	st.says(chat, 0, "Hello, Mary! <i>Step 2 of 8.</i> Please share <u>your contact</u>, or type your e-mail.\n<a href=\"https://example.com/docs\">Read the guide first</a>: <s>nobody does</s>")
	st.must(st.api.SendMessage(st.ctx, &bot.SendMessageParams{ChatID: chat, Text: "Or press the button below.", ReplyMarkup: models.ReplyKeyboardMarkup{
		ResizeKeyboard: true, Keyboard: [][]models.KeyboardButton{{{Text: "📱 Share my contact", RequestContact: true}}, {{Text: "Skip"}, {Text: "Back"}}}}}))
	st.must(st.mary.ShareContact())
	st.must(st.mary.SendVoice([]byte("OggS\x00\x02")))
	st.must(st.mary.SendSticker())
	st.must(st.mary.Send("👍🎉"))
	st.must(st.mary.Send("שלום, האתר שלי לא עובד והתשלום נכשל כל פעם מחדש"))
	st.must(st.mary.Send("Word" + strings.Repeat("wordword", 40) + " <b>not bold</b> & [not](markdown)"))
	sent, err := st.mary.Send("It is slow since yesterday")
	st.must(sent, err)
	st.must(st.mary.Edit(sent.ID, "It is slow since Monday"))
	st.must(st.mary.SendPhoto(pictures()[1], "This is what I see. مرحبا بالعالم"))
	st.says(chat, 0, strings.TrimSpace(strings.Repeat("A long answer of the desk, as long as one may be. ", 81)))
	st.says(chat, 0, "Thank you. One more question:", []string{"Да, это одна и та же проблема, просто я описал её подробно и по шагам"}, []string{"Нет, это несколько разных проблем, разделить их"})
}
