package bot

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"intakebot/bot/telegramsim"
)

// dayQuestion is a question of the intake as a person knows it again, and what the
// person does then.
type dayQuestion struct {
	ru, en string
	answer func(*dayCustomer, telegramsim.Message)
}

// dayQuestions are looked for in this order: some hold the words of others.
var dayQuestions = []dayQuestion{
	{"Отменить заявку?", "Cancel the ticket?", (*dayCustomer).leaves},
	{"У вас уже есть неотправленная", "You already have a ticket that is not sent", presses("Продолжить", "Go on")},
	{"Подадим заявку?", "Shall we file it?", (*dayCustomer).offered},
	{"Проверьте заявку", "Please check the ticket", (*dayCustomer).reviews},
	{"О чём ваша заявка", "What is your ticket about", (*dayCustomer).choosesTopic},
	{"Заявку всё же можно подать", "You can file a ticket all the same", presses("Всё равно", "all the same")},
	{"Как вас зовут", "What is your name", (*dayCustomer).names},
	{"электронная почта", "e-mail address?", (*dayCustomer).mails},
	{"Ваш логин", "Your login", (*dayCustomer).logs},
	{"Телефон для экстренной", "A phone number for", (*dayCustomer).phones},
	{"Адрес сайта?", "The site's address?", (*dayCustomer).sites},
	{"Похоже, здесь", "There seem", (*dayCustomer).severs},
	{"Добавил к описанию", "Added to the description", (*dayCustomer).describesMore},
	{"Пока записано", "So far you wrote", presses("Готово", "Done")},
	{"В чём проблема?", "What is the problem?", (*dayCustomer).describes},
	{"Какой текст ошибки", "What does the error message say", (*dayCustomer).errs},
	{"Какие действия приводят", "What leads to the problem", (*dayCustomer).steps},
	{"Сохранил: ", "Saved: ", (*dayCustomer).showsMore},
	{"Уже есть", "so far, of", (*dayCustomer).showsMore},
	{"Пришлите снимки экрана", "Send screenshots", (*dayCustomer).shows},
	{"Что меняли на сайте в", "What was changed on the site", (*dayCustomer).changes},
}

// question is the newest question in the customer's chat; false: there is none.
func (c *dayCustomer) question() (telegramsim.Message, dayQuestion, bool) {
	for _, m := range slices.Backward(botMessages(c.seat.Chat)) {
		for _, q := range dayQuestions {
			if m.Has(q.ru) || m.Has(q.en) {
				return m, q, true
			}
		}
	}
	return telegramsim.Message{}, dayQuestion{}, false
}

// answers takes the next step of the intake.
func (c *dayCustomer) answers() time.Duration {
	m, q, ok := c.question()
	switch {
	case !c.draft.sent.IsZero(): // the receipt is on its way
		return 5 * time.Second
	case !ok:
		c.d.fault("%s waits for a question\n%s", c, c.tail())
		c.draft = nil
		return time.Hour
	case m.ID == c.answered && c.asked < 4:
		c.asked++ // it is still on its way
		return 20 * time.Second
	case m.ID == c.answered:
		c.d.fault("%s has no answer to what was said after %q\n%s", c, m.Text, c.tail())
	}
	c.answered, c.asked = m.ID, 0
	if c.draft.lies(c) {
		return time.Duration(40+c.rand.IntN(200)) * time.Minute
	}
	q.answer(c, m)
	return c.between(3, 40)
}

// lies tells whether the customer lets the draft lie for a while, once.
func (f *dayDraft) lies(c *dayCustomer) bool {
	if f.lay || c.rand.IntN(60) > 0 {
		return false
	}
	f.lay, c.answered = true, 0
	return true
}

func presses(ru, en string) func(*dayCustomer, telegramsim.Message) {
	return func(c *dayCustomer, m telegramsim.Message) { c.press(m, c.in(ru, en)) }
}

// chance is true so many times of a hundred.
func (c *dayCustomer) chance(percent int) bool { return c.rand.IntN(100) < percent }

func (c *dayCustomer) leaves(m telegramsim.Message) {
	if c.chance(50) {
		c.press(m, c.in("Продолжить", "Go on"))
		return
	}
	c.press(m, c.in("Да, удалить", "Yes, delete"))
	c.draft = nil
	if len(c.kept) > 0 { // they are offered next
		c.draft = &dayDraft{}
	}
}

// offered goes on with a problem that was kept, or does not.
func (c *dayCustomer) offered(m telegramsim.Message) {
	switch n := c.rand.IntN(10); {
	case n < 6:
		c.press(m, c.in("Да, подать", "Yes, file"))
		c.draft = &dayDraft{tokens: c.kept[:1:1], problem: c.kept[0]}
		c.kept = c.kept[1:]
	case n < 8:
		c.press(m, c.in("Не нужно", "No need"))
		c.kept = c.kept[1:]
		if len(c.kept) == 0 {
			c.draft = nil
		}
	default:
		c.press(m, c.in("Позже", "Later"))
		c.draft = nil
	}
}

func (c *dayCustomer) reviews(m telegramsim.Message) {
	switch {
	case c.chance(10) && c.draft.edit != 0 && c.draft.second == "":
		c.editsDraft()
		c.answered = 0
	case c.chance(4):
		c.press(m, c.in("Отмена", "Cancel"))
	default:
		c.submits()
		c.press(m, c.in("Отправить", "Send"))
	}
}

// submits notes what the ticket holds.
func (c *dayCustomer) submits() {
	f := c.draft
	f.sent = time.Now()
	if f.second != "" && !f.split {
		f.tokens = append(f.tokens, f.second)
	}
}

func (c *dayCustomer) choosesTopic(m telegramsim.Message) {
	labels := m.Labels()
	labels = labels[:len(labels)-2] // without back and cancel
	label := labels[c.rand.IntN(len(labels))]
	c.draft.topic = label
	c.press(m, label)
}

func (c *dayCustomer) names(m telegramsim.Message) {
	c.press(m, c.seat.Person().Name()) // or what is known from an earlier ticket
}

func (c *dayCustomer) mails(telegramsim.Message) {
	c.say(fmt.Sprintf("client%d@example.ru", c.n))
}

func (c *dayCustomer) logs(telegramsim.Message) { c.say(fmt.Sprintf("client%d", c.n)) }

func (c *dayCustomer) phones(telegramsim.Message) {
	if c.chance(50) {
		c.d.could(c.seat.ShareContact())
		return
	}
	c.d.could(c.seat.Press(c.in("Пропустить", "Skip")))
}

func (c *dayCustomer) sites(telegramsim.Message) {
	c.say(fmt.Sprintf("shop%d-%d.example.ru", c.n, c.rand.IntN(2)))
}

var dayProblems = [][2]string{
	{"Каталог товаров не открывается с самого утра", "The catalogue of goods has not opened since morning"},
	{"После обновления пропали картинки в карточках товаров", "The pictures of the goods are gone after the update"},
	{"Страница оплаты показывает пустой экран", "The payment page shows an empty screen"},
}

// describes writes the problem; sometimes several at once, sometimes two messages.
func (c *dayCustomer) describes(telegramsim.Message) {
	p := dayProblems[c.rand.IntN(len(dayProblems))]
	one := c.draftToken()
	c.draft.problem = one
	text := c.in(p[0], p[1]) + " " + one
	if c.chance(15) {
		two := c.token("draft")
		c.draft.second = two
		text = "1. " + text + ".\n2. " + c.in("Ещё перестали приходить письма о новых заказах ", "Also, e-mails about new orders stopped coming ") + two + "."
	}
	c.draft.edit = c.say(text)
	c.draft.words = text
}

func (c *dayCustomer) describesMore(m telegramsim.Message) {
	if c.chance(20) && !c.draft.more && c.draft.second == "" {
		c.draft.more = true
		c.say(c.in("Проверяли на разных устройствах, везде одинаково ", "It is the same on every device that we tried ") + c.draftToken())
		return
	}
	c.press(m, c.in("Готово", "Done"))
}

func (c *dayCustomer) severs(m telegramsim.Message) {
	if c.chance(70) {
		c.press(m, c.in("Подать по отдельности", "File them separately"))
		c.draft.split, c.kept = true, append(c.kept, c.draft.second)
		return
	}
	c.press(m, c.in("Это одна", "It is one"))
}

func (c *dayCustomer) errs(m telegramsim.Message) {
	c.maybe(m, c.in("Текста ошибки нет", "no error text"), "HTTP 500 ")
}

func (c *dayCustomer) steps(m telegramsim.Message) {
	c.maybe(m, c.in("Не знаю", "I don't know"), c.in("Открываю главную и нажимаю кнопку ", "I open the home page and press the button "))
}

func (c *dayCustomer) changes(m telegramsim.Message) {
	c.maybe(m, c.in("Ничего не меняли", "Nothing was changed"), c.in("Обновили модуль ", "A module was updated "))
}

// maybe answers with words, or with the button that says that there are none.
func (c *dayCustomer) maybe(m telegramsim.Message, none, words string) {
	if c.chance(40) {
		c.press(m, none)
		return
	}
	c.say(words + c.draftToken())
}

func (c *dayCustomer) shows(m telegramsim.Message) {
	switch n := c.rand.IntN(4); n {
	case 0:
		c.press(m, c.in("Без снимков", "No screenshots"))
	case 1:
		c.d.could(c.seat.SendPhoto(tokenPicture(c.draftToken()), ""))
	default:
		c.d.could(c.seat.SendAlbum(album(n, c.draftToken)))
	}
}

func (c *dayCustomer) showsMore(m telegramsim.Message) { c.press(m, c.in("Готово", "Done")) }

// album is so many pictures, each with a token of its own.
func album(n int, token func() string) []telegramsim.AlbumItem {
	var items []telegramsim.AlbumItem
	for range n {
		items = append(items, telegramsim.AlbumItem{Data: tokenPicture(token())})
	}
	return items
}

// editsDraft edits the description before it is sent off.
func (c *dayCustomer) editsDraft() {
	old := c.draft.problem
	c.draft.tokens = slices.DeleteFunc(c.draft.tokens, func(s string) bool { return s == old })
	c.draft.problem = c.draftToken()
	c.draft.words = strings.Replace(c.draft.words, old, c.draft.problem, 1)
	c.d.could(c.seat.Edit(c.draft.edit, c.draft.words))
}

// dayDraft is a ticket on its way.
type dayDraft struct {
	topic       string   // the label that was pressed
	tokens      []string // of what it holds
	problem     string   // the token of the description
	second      string   // the token of a second problem in the description
	split, more bool
	lay         bool
	edit        int // the message of the description
	words       string
	sent        time.Time
}

func newRand(seed uint64, actor int) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(actor))) }
