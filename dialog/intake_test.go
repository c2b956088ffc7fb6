package dialog

import (
	"strings"
	"testing"
	"time"

	"intakebot/tickets"
)

func TestWholeIntake(t *testing.T) {
	p := newPlayer(t).upTo(Review).hears("ask.review", "field.show.problem", "field.show.contact")
	p.presses("button.submit").is(Idle).hears("filed", "filed.level", "filed.due")

	c := p.reply.Change
	if c.File == nil || c.File.Draft != "draft-1" || c.File.Customer != 77 || c.File.Level != "support" {
		t.Fatalf("filed %+v", c.File)
	}
	r := c.File.Report
	want := tickets.Report{
		Contact: tickets.Contact{Name: "Анна Петрова", Email: "anna@example.ru", Login: "anna", Phone: "+74951234567", Account: "Анна Петрова @anna"},
		Site:    "https://example.ru", Problem: blankPage, Error: "HTTP 500", Steps: "Открыла каталог", Changes: "Обновили шаблон",
	}
	if r.Contact != want.Contact || r.Site != want.Site || r.Problem != want.Problem || r.Error != want.Error ||
		r.Steps != want.Steps || r.Changes != want.Changes || len(r.Files) != 1 || r.Files[0].Unique != "one" {
		t.Errorf("report %+v", r)
	}
	// Filed on Tuesday at 15:00 in Moscow: 3 hours that day, 6 the next.
	if due := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC); !c.File.Due.Equal(due) {
		t.Errorf("due %v, want %v", c.File.Due, due)
	}
	card := c.Notices[len(c.Notices)-1]
	if card.Kind != tickets.NoticeCard || card.To != (tickets.Address{Chat: -100, Ticket: tickets.Filed}) || len(card.Message.Files) != 1 {
		t.Errorf("card %+v", card)
	}
	if len(c.Events) != 1 || c.Events[0].Kind != "filed" || c.Events[0].Actor.ID != 77 {
		t.Errorf("events %+v", c.Events)
	}
	if !c.Customer.Wake.IsZero() || p.draft() != nil {
		t.Error("the draft outlives its ticket")
	}
}

func TestSecondTicketNeedsOnePressForContactAndSite(t *testing.T) {
	p := newPlayer(t).upTo(Review).presses("button.submit")
	p.presses("button.new").is(Topic).topic("error").is(Name)
	p.presses("button.known").is(Site)
	p.presses("button.site").is(Problem)
	d := p.draft()
	if d.Report.Contact.Email != "anna@example.ru" || d.Report.Site != "https://example.ru" {
		t.Errorf("draft %+v", d.Report)
	}
}

func TestTopicOutOfScope(t *testing.T) {
	p := newPlayer(t).upTo(Topic).presses("button.topics.outside").is(Topic).hears("ask.topic")
	p.presses("button.topic").is(Scope).hears("ask.scope", "link")
	p.types("но мне очень надо").is(Scope).hears("refuse.button")
	p.presses("button.back").is(Topic).topic("design").presses("button.insist").is(Name)
	if got := p.draft().Topic; got != "design" {
		t.Errorf("topic %q", got)
	}
}

func TestCriticalTopicShowsPhones(t *testing.T) {
	p := newPlayer(t).upTo(Review)
	p.presses("button.edit").presses("field.topic").is(Topic).topic("down").is(Review)
	p.presses("button.submit").is(Idle).hears("filed.phones", "phone")
	if !p.reply.Change.File.Critical {
		t.Error("not critical")
	}
}

func TestFiledOutOfHoursSaysWhenSupportOpens(t *testing.T) {
	p := newPlayer(t)
	p.env.Now = time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC) // 23:00 in Moscow
	p.upTo(Review).presses("button.submit").hears("filed.closed")
}

// TestAnswers holds every step of the table against good and bad input.
func TestAnswers(t *testing.T) {
	text := func(s string) func(*player) { return func(p *player) { p.types(s) } }
	press := func(key string) func(*player) { return func(p *player) { p.presses(key) } }
	shared := func(own bool) func(*player) {
		return func(p *player) { p.give(Input{Kind: Shared, Phone: "79161234567", Own: own}) }
	}
	other := func(p *player) { p.give(Input{Kind: Other}) }
	key := func(k string) func(*player) { return func(p *player) { p.keys(k) } }
	for _, c := range []struct {
		name string
		at   State
		do   func(*player)
		then State
		said string
	}{
		{"topic by text", Topic, text("ошибка"), Topic, "refuse.button"},
		{"description before the topic", Topic, text(blankPage), Topic, "noted.text"},
		{"topic unknown", Topic, func(p *player) { p.topic("gone") }, Topic, "refuse.button"},
		{"name", Name, text("Анна"), Email, "ask.email"},
		{"name of the account", Name, press("button.name"), Email, "ask.email"},
		{"name empty", Name, text(" \u200b "), Name, "refuse.name.empty"},
		{"name long", Name, text(strings.Repeat("Ы", 300)), Name, "refuse.name.long"},
		{"e-mail", Email, text("anna@пример.рф"), Login, "ask.login"},
		{"e-mail in a sentence", Email, text("моя почта anna@example.ru, пишите туда"), Login, "ask.login"},
		{"two e-mails", Email, text("anna@example.ru или anna@example.com"), Email, "refuse.email.invalid"},
		{"e-mail bad", Email, text("anna(at)example.ru"), Email, "refuse.email.invalid"},
		{"login bad", Login, text("my login"), Login, "refuse.login.invalid"},
		{"phone", Phone, text("+7 495 123 45 67"), Site, "ask.site"},
		{"phone bad", Phone, text("нет"), Phone, "refuse.phone.invalid"},
		{"phone skipped", Phone, key("key.skip"), Site, "all_right"},
		{"phone back", Phone, key("key.back"), Login, "ask.login"},
		{"phone shared", Phone, shared(true), Site, "ask.site"},
		{"phone of somebody else", Phone, shared(false), Phone, "refuse.contact"},
		{"contact too early", Name, shared(true), Name, "refuse.other"},
		{"site", Site, text("Мой сайт: https://пример.рф/страница."), Problem, "ask.problem"},
		{"site none", Site, text("главная"), Site, "refuse.site.none"},
		{"sites several", Site, text("a.ru и b.ru"), Site, "refuse.site.several"},
		{"site local", Site, text("http://localhost/"), Site, "refuse.site.local"},
		{"site private", Site, text("192.168.0.1"), Site, "refuse.site.local"},
		{"site of another scheme", Site, text("ftp://example.ru"), Site, "refuse.site.scheme"},
		{"problem short", Problem, text("не работает"), Problem, "noted.short"},
		{"problem", Problem, text(blankPage), Problem, "noted.more"},
		{"problem as picture", Problem, func(p *player) { p.sends("x") }, Problem, "ask.problem"},
		{"no error", Error, press("button.no_error"), Steps, "ask.steps"},
		{"steps unknown", Steps, press("button.no_steps"), Shots, "ask.shots"},
		{"picture", Shots, func(p *player) { p.sends("x") }, Shots, "noted.file"},
		{"text for a picture", Shots, text("вот"), Shots, "refuse.shots"},
		{"no pictures", Shots, press("button.no_shots"), Changes, "ask.changes"},
		{"no changes", Changes, press("button.no_changes"), Review, "ask.review"},
		{"text at the review", Review, text("отправляй"), Review, "refuse.button"},
		{"sticker", Site, other, Site, "refuse.other"},
		{"long text", Error, text(strings.Repeat("я", 6001)), Error, "refuse.text.long"},
		{"back at the first step", Topic, press("button.back"), Leave, "ask.leave"},
		{"cancel", Email, press("button.cancel"), Leave, "ask.leave"},
		{"unknown command", Email, func(p *player) { p.commands("frobnicate") }, Email, "refuse.command"},
		{"/help", Email, func(p *player) { p.commands("help") }, Email, "ask.email"},
		{"/start", Email, func(p *player) { p.commands("start") }, Email, "welcome"},
		{"/new", Email, func(p *player) { p.commands("new") }, Again, "ask.again"},
		{"/back", Email, func(p *player) { p.commands("back") }, Name, "ask.name"},
		{"/cancel", Email, func(p *player) { p.commands("cancel") }, Leave, "ask.leave"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlayer(t).upTo(c.at)
			c.do(p)
			p.is(c.then).hears(c.said)
		})
	}
}

// TestBackFromTheSite leads to the question before, which is another one where
// the contact came on one press.
func TestBackFromTheSite(t *testing.T) {
	newPlayer(t).upTo(Site).commands("back").is(Phone).commands("back").is(Login)
	p := newPlayer(t).upTo(Review).presses("button.submit").commands("new").topic("error").is(Name)
	p.presses("button.known").is(Site).commands("back").is(Name)
	p.types("Пётр").is(Email).types("p@example.ru").types("petr").keys("key.skip").is(Site).commands("back").is(Phone)
}

// TestWhatIsNoTextIsNotAnsweredWithButtons: where a text is asked for, there is
// none to press.
func TestWhatIsNoTextIsNotAnsweredWithButtons(t *testing.T) {
	for _, s := range []State{Email, Site, Problem, Error} {
		newPlayer(t).upTo(s).give(Input{Kind: Shared, Phone: "+79991234567", Own: true}).is(s).hears("refuse.other")
	}
}

// TestTheKeyboardGoesWithTrueWords: nothing is noted by going back.
func TestTheKeyboardGoesWithTrueWords(t *testing.T) {
	newPlayer(t).upTo(Phone).keys("key.back").is(Login).hears("all_right")
	newPlayer(t).upTo(Phone).commands("cancel").is(Leave).hears("all_right")
	newPlayer(t).upTo(Phone).types("8 495 123-45-67").is(Site).hears("noted")
}

// TestALongTextIsRefusedOnce, though the app has cut it in two.
func TestALongTextIsRefusedOnce(t *testing.T) {
	p := newPlayer(t).upTo(Email).types(strings.Repeat("я", 4000)).is(Email).hears("refuse.email.invalid")
	if p.types("и ещё"); len(p.said()) > 0 {
		t.Errorf("said %v", p.said())
	}
}

// keys presses a key of the keyboard.
func (p *player) keys(key string) *player {
	p.t.Helper()
	return p.give(Input{Kind: Keyed, Key: key, Text: key})
}

func TestBackAndCancelAtEveryStep(t *testing.T) {
	for _, row := range Intake {
		if row.Step == 0 || row.State == Scope || row.State == OneOrMany {
			continue
		}
		t.Run(string(row.State), func(t *testing.T) {
			p := newPlayer(t).upTo(row.State)
			p.commands("cancel").is(Leave).presses("button.continue").is(row.State)
			p.commands("new").is(Again).presses("button.continue").is(row.State)
			p.commands("back").is(row.On[Back])
		})
	}
}

func TestCancelDropsOnlyAfterAsking(t *testing.T) {
	p := newPlayer(t).upTo(Site).commands("cancel").is(Leave)
	if p.draft() == nil {
		t.Fatal("dropped at once")
	}
	p.types("да").is(Leave).presses("button.drop").is(Idle).hears("draft.dropped")
	if p.draft() != nil {
		t.Error("kept")
	}
}

func TestEditAnyFieldFromReview(t *testing.T) {
	for _, f := range fields {
		t.Run(string(f.State), func(t *testing.T) {
			p := newPlayer(t).upTo(Review).presses("button.edit").is(Choose)
			p.presses("field." + string(f.State)).is(f.State).commands("back").is(Review)
			if p.draft().Editing {
				t.Error("still editing")
			}
		})
	}
	p := newPlayer(t).upTo(Review).presses("button.edit").presses("field.email").types("new@example.ru").is(Review)
	if got := p.draft().Report.Contact.Email; got != "new@example.ru" {
		t.Errorf("e-mail %q", got)
	}
	p.presses("button.edit").presses("field.topic").topic("design").is(Scope).presses("button.back").is(Review)
	if got := p.draft().Topic; got != "error" {
		t.Errorf("the topic changed to %q though it was not insisted on", got)
	}
}

// TestAPressThatAsksAnewTakesItsButtonsOff: the same ones stand below.
func TestAPressThatAsksAnewTakesItsButtonsOff(t *testing.T) {
	for name, p := range map[string]*player{
		"other topics":  newPlayer(t).upTo(Topic).presses("button.topics.outside"),
		"written anew":  newPlayer(t).upTo(Problem).types(blankPage).presses("button.clear.text"),
		"no more shots": newPlayer(t).upTo(Shots).sends("one").presses("button.clear.shots"),
	} {
		list := p.reply.Change.Notices
		if last := list[len(list)-1]; last.Kind != tickets.NoticeEdit || last.Target != 5 || len(last.Message.Buttons) != 0 {
			t.Errorf("%s: %+v", name, last)
		}
	}
}
