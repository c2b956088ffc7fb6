package dialog

import (
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

func TestEditAfterTheSplitIsAnswered(t *testing.T) {
	p := newPlayer(t).upTo(Problem).types(threeProblems)
	message := p.message
	p.presses("button.done").presses("button.split").is(Error).edits(message, "иначе").is(Error).hears("edit.split")
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
