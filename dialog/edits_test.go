package dialog

import (
	"slices"
	"strings"
	"testing"

	"intakebot/tickets"
)

// edits has the customer edit an earlier message.
func (p *player) edits(message int64, text string) *player {
	p.t.Helper()
	return p.give(Input{Kind: Edited, Message: message, Text: text})
}

func TestEditOfEitherHalfOfATextThatWasCut(t *testing.T) {
	p := newPlayer(t).upTo(Error)
	p.types(strings.Repeat("я", 4000))
	first := p.message
	p.types("вторая").is(Steps)
	p.edits(first, "первая").hears("edit.changed")
	if got := p.draft().Report.Error; got != "первая вторая" {
		t.Errorf("error %q", got)
	}
	p.edits(first+1, "другая").hears("edit.changed")
	if got := p.draft().Report.Error; got != "первая другая" {
		t.Errorf("error %q", got)
	}
}

func TestTooLongOnlyWithItsSecondHalf(t *testing.T) {
	p := newPlayer(t).upTo(Error)
	p.types(strings.Repeat("я", 4096)).types(strings.Repeat("ю", 4000)).is(Steps).hears("noted.cut")
	if got := tickets.UTF16Len(p.draft().Report.Error); got > 6000 || got < 5990 {
		t.Errorf("kept %d units", got)
	}
}

func TestReviewIsWholeWhenItsLastTextCameInHalves(t *testing.T) {
	p := newPlayer(t).upTo(Changes).types(strings.Repeat("я", 4000)).is(Review)
	p.types("конец").is(Review).hears("ask.review")
}

func TestEditAtSeveralProblemsAsksAnew(t *testing.T) {
	p := newPlayer(t).upTo(Problem).types(threeProblems).presses("button.done").is(OneOrMany)
	message := p.message - 1
	p.edits(message, "1. Каталог не открывается, белая страница\n2. Не приходят письма о заказах").is(OneOrMany).hears("edit.changed", "ask.several")
	if n := len(p.draft().Parts); n != 2 {
		t.Errorf("%d parts", n)
	}
	p.edits(message, blankPage).is(Error)
	if got := p.draft().Report.Problem; got != blankPage {
		t.Errorf("problem %q", got)
	}
}

// TestEditAfterTheSplit: what the customer said of splitting holds for the
// message as it is now.
func TestEditAfterTheSplit(t *testing.T) {
	p := newPlayer(t).upTo(Problem).types(threeProblems)
	message := p.message
	p.presses("button.done").presses("button.split").is(Error).edits(message, "коротко").is(Error).hears("edit.refused", "noted.short")
	p.holds("Каталог не открывается, белая страница", "Не приходят письма о заказах", "Корзина считает неверную сумму")
	p.edits(message, "1. Корзина не открывается: белая страница\n2. Не приходят письма о заказах").is(Error).hears("edit.changed", "kept")
	p.holds("Корзина не открывается: белая страница", "Не приходят письма о заказах")
	p.types("HTTP 500").is(Steps).edits(message, blankPage).is(Steps).hears("edit.changed", "kept.none").holds(blankPage)
	p.edits(message, threeProblems).hears("kept").is(Steps)
	if kept := p.session().Kept; len(kept) != 2 {
		t.Errorf("kept %q", kept)
	}
}

// TestEditOfTheSplitFromTheReview: an edit stands, though what was begun with
// the description is taken back; and what was added since stays.
func TestEditOfTheSplitFromTheReview(t *testing.T) {
	p := newPlayer(t).upTo(Problem).types(threeProblems)
	message := p.message
	p.presses("button.done").presses("button.split").presses("button.no_error").presses("button.no_steps")
	p.give(Input{Kind: Sent, File: picture("two", 60), Text: "здесь видно ошибку"}).presses("button.done").presses("button.no_changes").is(Review)
	p.presses("button.edit").presses("field.problem").is(Problem).types("и ещё немного текста")
	p.edits(message, "1. Корзина не открывается: белая страница\n2. Не приходят письма о заказах").is(Problem).hears("edit.changed", "kept")
	p.commands("back").is(Review).hears("edit.undone")
	p.holds("Корзина не открывается: белая страница\nздесь видно ошибку", "Не приходят письма о заказах")
	p.edits(message, blankPage).is(Review).hears("ask.review").holds(blankPage + "\nздесь видно ошибку")
}

// TestEditOfWhatWasSplitTwice: both messages can be edited still.
func TestEditOfWhatWasSplitTwice(t *testing.T) {
	p := newPlayer(t).upTo(Problem).types("1. Каталог не открывается: белая страница\n2. Не приходят письма о заказах")
	one := p.message
	p.presses("button.done").presses("button.split").is(Error).commands("back").is(Problem)
	p.types("Ещё одна проблема: пропала картинка на главной странице.")
	two := p.message
	p.presses("button.done").is(OneOrMany).presses("button.split").is(Error)
	p.holds("Каталог не открывается: белая страница", "Не приходят письма о заказах", "Ещё одна проблема: пропала картинка на главной странице.")
	p.edits(two, "Так с самого утра.").hears("edit.changed", "kept")
	if kept := p.session().Kept; len(kept) != 1 {
		t.Errorf("kept %q", kept)
	}
	p.edits(one, blankPage).hears("kept.none").holds(blankPage + "\nТак с самого утра.")
}

// holds checks the description, and what is kept for later.
func (p *player) holds(problem string, kept ...string) *player {
	p.t.Helper()
	if d := p.draft(); d.Report.Problem != problem || d.description() != problem {
		p.t.Errorf("problem %q of %q, want %q", d.Report.Problem, d.description(), problem)
	}
	if got := p.session().Kept; !slices.Equal(got, kept) {
		p.t.Errorf("kept %q, want %q", got, kept)
	}
	return p
}

func TestSplittingTwiceKeepsOnce(t *testing.T) {
	p := newPlayer(t).upTo(Problem)
	for range 2 {
		p.types(threeProblems).presses("button.done").presses("button.split").is(Error)
		p.commands("back").is(Problem).presses("button.clear.text")
	}
	if kept := p.session().Kept; len(kept) != 2 {
		t.Errorf("kept %q", kept)
	}
}

func TestBackFromTheDescriptionTakesTheChangeBack(t *testing.T) {
	p := newPlayer(t).upTo(Review).presses("button.edit").presses("field.problem").is(Problem)
	p.types("и ещё немного текста").commands("back").is(Review).hears("edit.undone")
	if d := p.draft(); d.Report.Problem != blankPage || d.description() != blankPage {
		t.Errorf("draft %+v", d)
	}
	p.presses("button.edit").presses("field.problem").presses("button.clear.text").commands("back").is(Review)
	if d := p.draft(); d.description() != blankPage {
		t.Errorf("pieces %+v", d.Pieces)
	}
}

func TestCorrectionOfARefusedAnswer(t *testing.T) {
	p := newPlayer(t).upTo(Email).types("anna@shop").is(Email)
	p.edits(p.message, "anna@shop.ru").is(Login)
	if got := p.draft().Report.Contact.Email; got != "anna@shop.ru" {
		t.Errorf("e-mail %q", got)
	}
}

func TestCaptionsAreNotLost(t *testing.T) {
	p := newPlayer(t).upTo(Shots)
	p.give(Input{Kind: Sent, File: picture("two", 60), Text: "здесь видно ошибку"}).is(Shots).hears("noted.file", "noted.caption")
	if got := p.draft().Report.Problem; !strings.HasSuffix(got, "здесь видно ошибку") {
		t.Errorf("problem %q", got)
	}
	p = newPlayer(t).upTo(Problem)
	p.give(Input{Kind: Sent, Refused: RefusedType, FileName: "log.pdf", Text: blankPage}).hears("refuse.file.type", "noted.more")
	if got := p.draft().description(); got != blankPage {
		t.Errorf("description %q", got)
	}
	p = newPlayer(t).give(Input{Kind: Sent, Refused: RefusedType, FileName: "log.pdf", Text: blankPage})
	p.is(Topic).hears("refuse.file.type", "noted.text")
}

func TestAnotherPictureWithItsCaption(t *testing.T) {
	p := newPlayer(t).upTo(Problem)
	p.give(Input{Kind: Sent, Message: 70, File: picture("a", 70), Text: blankPage})
	p.give(Input{Kind: Edited, Message: 70, File: picture("b", 70), Text: blankPage + "!"}).hears("edit.changed")
	d := p.draft()
	if d.Report.Files[0].Unique != "b" || d.description() != blankPage+"!" {
		t.Errorf("draft %+v", d)
	}
}

// TestCaptionAtTheReview: what is written under a late picture is not lost.
func TestCaptionAtTheReview(t *testing.T) {
	p := newPlayer(t).upTo(Review)
	p.give(Input{Kind: Sent, File: picture("late", 60), Text: "здесь видно ошибку"}).is(Review).hears("noted.file", "noted.caption", "ask.review")
	p.holds(blankPage + "\nздесь видно ошибку")
	p.presses("button.edit").give(Input{Kind: Sent, File: picture("later", 61), Text: "и здесь"}).is(Choose).hears("noted.caption", "ask.choose")
	p.holds(blankPage + "\nздесь видно ошибку\nи здесь")
}

// TestWhenThereIsNoRoomForMore does not ask for more.
func TestWhenThereIsNoRoomForMore(t *testing.T) {
	p := newPlayer(t).upTo(Shots).sends("a").sends("b").sends("c").presses("button.done").commands("back").is(Shots).hears("ask.shots.full")
	p.presses("button.clear.shots").hears("ask.shots")
}

// TestAnEditThatAddsAProblemIsNoticed before it is filed (R3.4), and only once.
func TestAnEditThatAddsAProblemIsNoticed(t *testing.T) {
	upTo := func() (*player, int64) {
		p := newPlayer(t).upTo(Problem).types(blankPage)
		message := p.message
		p.presses("button.done").presses("button.no_error").presses("button.no_steps").presses("button.no_shots").presses("button.no_changes")
		return p.is(Review), message
	}
	p, message := upTo()
	p.edits(message, threeProblems).is(Review).presses("button.submit").is(OneOrMany).hears("ask.several")
	p.presses("button.one").is(Review).presses("button.submit").is(Idle).hears("filed")
	p, message = upTo()
	p.edits(message, threeProblems).presses("button.submit").commands("back").is(Review).presses("button.submit").presses("button.split").is(Review)
	p.holds("Каталог не открывается, белая страница", "Не приходят письма о заказах", "Корзина считает неверную сумму")
	p.edits(message, threeProblems+" без скидки").is(Review).presses("button.submit").is(Offer).hears("filed")
}

// TestAnEditOfWhatIsOneProblemIsNotAskedAbout: the customer has said so.
func TestAnEditOfWhatIsOneProblemIsNotAskedAbout(t *testing.T) {
	p := newPlayer(t).upTo(Problem).types(threeProblems)
	message := p.message
	p.presses("button.done").presses("button.one").edits(message, threeProblems+" без скидки")
	p.presses("button.no_error").presses("button.no_steps").presses("button.no_shots").presses("button.no_changes").is(Review)
	p.presses("button.submit").is(Idle).hears("filed")
}
