package dialog

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"intakebot/tickets"
)

const threeProblems = "1. Каталог не открывается, белая страница\n2. Не приходят письма о заказах\n3. Корзина считает неверную сумму"

func TestSeveralProblemsAreKeptApart(t *testing.T) {
	p := newPlayer(t).upTo(Problem).types(threeProblems).presses("button.done").is(OneOrMany).hears("ask.several", "part")
	p.presses("button.split").is(Error).hears("kept")
	if got := p.draft().Report.Problem; !strings.Contains(got, "Каталог") || strings.Contains(got, "письма") {
		t.Errorf("first problem %q", got)
	}
	p.presses("button.no_error").presses("button.no_steps").presses("button.no_shots").presses("button.no_changes")
	p.presses("button.submit").is(Offer).hears("filed", "ask.offer")

	// The next draft has contact and site already.
	p.presses("button.file_kept").is(Topic).topic("error").is(Problem).hears("ask.problem.more")
	d := p.draft()
	if d.Report.Contact.Email != "anna@example.ru" || d.Report.Site != "https://example.ru" || !strings.Contains(d.description(), "письма") {
		t.Errorf("draft %+v", d)
	}
	p.presses("button.done").is(Error)
	p.commands("cancel").presses("button.drop").is(Offer)
	p.presses("button.forget").is(Idle)
	if kept := p.session().Kept; len(kept) != 0 {
		t.Errorf("kept %q", kept)
	}
}

func TestSeveralProblemsMayBeOne(t *testing.T) {
	p := newPlayer(t).upTo(Problem).types(threeProblems).presses("button.done").is(OneOrMany)
	p.presses("button.one").is(Error)
	if d := p.draft(); d.Report.Problem != threeProblems || len(p.session().Kept) != 0 {
		t.Errorf("problem %q", d.Report.Problem)
	}
	p.commands("back").presses("button.done").is(Error) // not asked twice about the same text
}

func TestKeptProblemsCanWait(t *testing.T) {
	p := newPlayer(t).upTo(Problem).types(threeProblems).presses("button.done").presses("button.split")
	p.presses("button.no_error").presses("button.no_steps").presses("button.no_shots").presses("button.no_changes")
	p.presses("button.submit").presses("button.later").is(Idle).hears("kept.later")
	p.presses("button.kept").is(Offer).hears("ask.offer")
	p.commands("new").is(Topic)
	if kept := p.session().Kept; len(kept) != 2 {
		t.Errorf("kept %q", kept)
	}
}

func TestOldAndDoublePresses(t *testing.T) {
	p := newPlayer(t).upTo(Topic)
	old := tickets.Press{Revision: p.session().Revision, Event: pressPick, Value: "error"}
	p.topic("error").is(Name)
	for range 2 {
		p.give(Input{Kind: Pressed, Press: old, PressedOn: 5}).is(Name)
		if p.reply.Toast == nil || p.reply.Toast.Key != "toast.old" || len(p.said()) != 0 {
			t.Errorf("an old press: toast %v, said %v", p.reply.Toast, p.said())
		}
	}
	p.give(Input{Kind: Pressed, Press: tickets.Press{Revision: 99, Event: "next"}}).is(Name)
	p.give(Input{Kind: Pressed, Press: tickets.Press{Revision: p.session().Revision, Event: "next"}}).is(Name)
}

func TestEditedMessageChangesItsAnswer(t *testing.T) {
	p := newPlayer(t).upTo(Email) // the name was message 3
	name := p.message
	p.upToFrom(Problem)
	p.types(blankPage)
	piece := p.message
	p.give(Input{Kind: Edited, Message: name, Text: "Анна Иванова"}).is(Problem).hears("edit.changed")
	p.give(Input{Kind: Edited, Message: piece, Text: blankPage + ", ошибка 500"}).hears("edit.changed")
	d := p.draft()
	if d.Report.Contact.Name != "Анна Иванова" || d.description() != blankPage+", ошибка 500" {
		t.Errorf("draft %+v", d)
	}
	p.presses("button.done").is(Error)
	p.give(Input{Kind: Edited, Message: piece, Text: "коротко"}).hears("edit.refused", "noted.short")
	p.give(Input{Kind: Edited, Message: piece, Text: blankPage}).hears("edit.changed")
	if d := p.draft(); d.Report.Problem != blankPage {
		t.Errorf("problem %q", d.Report.Problem)
	}
	p.give(Input{Kind: Edited, Message: 4040, Text: "x"})
	if len(p.said()) != 0 {
		t.Errorf("an edit of something else was answered: %v", p.said())
	}
}

// upToFrom goes on from Email to Problem.
func (p *player) upToFrom(want State) {
	p.t.Helper()
	p.types("anna@example.ru").types("anna").types("8 495 123-45-67").types("example.ru").is(want)
}

func TestPictureComesAtAnyStep(t *testing.T) {
	p := newPlayer(t).upTo(Problem)
	p.give(Input{Kind: Sent, File: picture("shot", 50), Text: blankPage}).is(Problem).hears("noted.file", "noted.more")
	p.presses("button.done").presses("button.no_error").presses("button.no_steps").is(Shots).hears("ask.shots.more")
	p.sends("second").sends("third").hears("noted.file")
	p.sends("fourth").is(Shots).hears("refuse.file.many")
	p.sends("shot").hears("refuse.file.same")
	p.give(Input{Kind: Sent, Refused: RefusedType, FileName: "virus.exe"}).hears("refuse.file.type")
	if got := len(p.draft().Report.Files); got != 3 {
		t.Errorf("%d files", got)
	}
	for _, n := range p.reply.Change.Notices {
		if n.Merge == "files" {
			t.Error("a refusal may be dropped for a later count")
		}
	}
	old, err := tickets.DecodePress(p.find("button.clear.shots"))
	if err != nil {
		t.Fatal(err)
	}
	p.presses("button.clear.shots").is(Shots).hears("ask.shots")
	if got := len(p.draft().Report.Files); got != 0 {
		t.Errorf("%d files after clearing", got)
	}
	p.sends("another").give(Input{Kind: Pressed, Press: old, PressedOn: 5}) // a second press, which comes late
	if got := len(p.draft().Report.Files); got != 1 {
		t.Errorf("%d files after a late press, want 1", got)
	}
}

func TestTextCutByTheApp(t *testing.T) {
	p := newPlayer(t).upTo(Error)
	p.types(strings.Repeat("я", 4096)).is(Steps).types(strings.Repeat("ю", 904)).is(Steps)
	if got := tickets.UTF16Len(p.draft().Report.Error); got != 5001 { // and the space between the halves
		t.Errorf("error of %d units", got)
	}
	if len(p.said()) != 0 {
		t.Errorf("said %v", p.said())
	}
	p.env.Now = p.env.Now.Add(time.Minute)
	p.types("Открыла").is(Shots)
}

func TestRestOfARefusedTextIsNoAnswer(t *testing.T) {
	p := newPlayer(t)
	p.env.Policy.Limits.TextMax = 1000
	p.upTo(Error).types(strings.Repeat("я", 4096)).is(Error).hears("refuse.text.long")
	p.types(strings.Repeat("ю", 904)).is(Error)
	p.env.Now = p.env.Now.Add(time.Minute)
	p.types("HTTP 500").is(Steps)
}

func TestFirstMessageIsNotLost(t *testing.T) {
	p := newPlayer(t).types(blankPage).is(Topic).hears("noted.text")
	p.topic("error").types("Анна").upToFrom(Problem)
	p.hears("ask.problem.more")

	p = newPlayer(t).types("привет").is(Idle).hears("idle")
	p.sends("one").is(Topic)
	if got := len(p.draft().Report.Files); got != 1 {
		t.Errorf("%d files", got)
	}
}

func TestPauses(t *testing.T) {
	p := newPlayer(t).upTo(Site)
	start := p.env.Now
	if want := start.Add(time.Hour); !p.customer.Wake.Equal(want) {
		t.Fatalf("wakes at %v, want %v", p.customer.Wake, want)
	}
	wake := func() {
		t.Helper()
		p.env.Now = p.customer.Wake
		r, err := Wake(p.customer, p.env)
		if err != nil {
			t.Fatal(err)
		}
		p.take(r)
	}
	wake()
	p.is(Site).hears("remind", "ask.site")
	if n := p.reply.Change.Notices[0]; !n.Once || n.Priority != tickets.PriorityReminder {
		t.Errorf("reminder %+v", n)
	}
	if want := start.Add(7 * 24 * time.Hour); !p.customer.Wake.Equal(want) {
		t.Fatalf("wakes again at %v, want %v", p.customer.Wake, want)
	}
	wake()
	p.is(Idle).hears("draft.expired")
	if !p.customer.Wake.IsZero() {
		t.Error("wakes without a draft")
	}
}

// TestAReminderOffersTheName, as the question did.
func TestAReminderOffersTheName(t *testing.T) {
	p := newPlayer(t).upTo(Name)
	asked := p.reply.Change.Notices[0].Message.Buttons
	p.env.Now = p.customer.Wake
	r, err := Wake(p.customer, p.env)
	if err != nil {
		t.Fatal(err)
	}
	p.take(r)
	p.hears("remind", "ask.name")
	if got := p.reply.Change.Notices[0].Message.Buttons; !reflect.DeepEqual(got, asked) {
		t.Errorf("buttons %+v, want %+v", got, asked)
	}
}

// TestPausesAfterAStep: who goes on meanwhile is reminded an hour after the last
// step, whenever the clock looks.
func TestPausesAfterAStep(t *testing.T) {
	p := newPlayer(t).upTo(Site)
	p.env.Now = p.env.Now.Add(40 * time.Minute)
	step := p.types("example.ru").env.Now
	var looks []time.Duration
	for len(looks) == 0 || len(p.said()) == 0 {
		p.env.Now = p.customer.Wake
		r, err := Wake(p.customer, p.env)
		if err != nil {
			t.Fatal(err)
		}
		p.take(r)
		looks = append(looks, p.env.Now.Sub(step))
	}
	if want := []time.Duration{20 * time.Minute, time.Hour}; !slices.Equal(looks, want) {
		t.Errorf("looked at after %v, want %v", looks, want)
	}
	p.hears("remind", "ask.problem")
}

func TestAnswerAfterTheLongestPause(t *testing.T) {
	p := newPlayer(t).upTo(Site)
	p.env.Now = p.env.Now.Add(8 * 24 * time.Hour)
	p.types(blankPage).is(Topic).hears("draft.expired", "noted.text")
}

func TestBlockedCustomerIsLeftAlone(t *testing.T) {
	p := newPlayer(t).upTo(Site).give(Input{Kind: Blocked})
	if !p.customer.Blocked || !p.customer.Wake.IsZero() || len(p.said()) != 0 {
		t.Errorf("customer %+v", p.customer)
	}
	p.give(Input{Kind: Unblocked}).is(Site)
	if p.customer.Blocked || p.customer.Wake.IsZero() {
		t.Errorf("customer %+v", p.customer)
	}
}

func TestLanguage(t *testing.T) {
	p := newPlayer(t).upTo(Site)
	if p.customer.Lang != tickets.Russian {
		t.Fatalf("language %s", p.customer.Lang)
	}
	p.commands("language").is(Site).presses("language.en").is(Site).hears("language.set", "ask.site")
	if p.customer.Lang != tickets.English || p.reply.Change.Notices[0].Lang != tickets.English {
		t.Errorf("language %s", p.customer.Lang)
	}
}

func TestKeyboardGoesWithItsQuestion(t *testing.T) {
	p := newPlayer(t).upTo(Phone)
	if !p.session().Keyboard {
		t.Fatal("no keyboard")
	}
	p.commands("new").is(Again)
	gone := false
	for _, n := range p.reply.Change.Notices {
		gone = gone || (n.Message.Keyboard != nil && len(n.Message.Keyboard.Rows) == 0)
	}
	if !gone || p.session().Keyboard {
		t.Error("the keyboard stays")
	}
}
