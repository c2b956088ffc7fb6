package bot

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/go-telegram/bot/models"

	"intakebot/dialog"
	"intakebot/tickets"
)

// whither is where a customer's message belongs.
type whither struct {
	ticket  int64 // 0: the customer has to be asked
	said    bool  // by the customer, with a reply or by the thread
	merged  bool  // that was about a ticket that goes on in this one
	comment bool  // on the ticket's rating
	thanks  bool  // for a ticket that has ended, and nothing else
	fresh   bool  // it looks like a problem of its own
}

// whither finds the ticket that a message belongs to: the one in whose thread it
// is, the one it replies to, the one that was just rated, the one that it gives
// thanks for, or the only one that is open.
func (in *Intake) whither(ctx context.Context, m *models.Message, input dialog.Input, list []tickets.Ticket, own tickets.Ticket) (whither, error) {
	w, err := in.said(ctx, m, input, list, own)
	if err != nil || w.comment || input.Kind != dialog.Typed || !isThanks(input.Text) {
		return w, err
	}
	if id := in.thanked(list, own, w); id != 0 {
		return whither{ticket: id, said: w.said, thanks: true}, nil
	}
	return w, nil
}

// thanked is the ticket that a customer thanks for: the one that is meant, where it
// has ended, or else the one that ended last, for a day; 0: none. Where support has
// spoken last in one that is open, the words are an answer to that.
func (in *Intake) thanked(list []tickets.Ticket, own tickets.Ticket, w whither) int64 {
	if w.said {
		list = only(append(slices.Clone(list), own), w.ticket)
	} else if slices.ContainsFunc(list, func(t tickets.Ticket) bool {
		return (t.State == tickets.StateWork || t.State == tickets.StateWaiting) && t.Life.Since.IsZero()
	}) {
		return 0
	}
	best, found := in.cfg.Now().Add(-24*time.Hour), int64(0)
	for _, t := range list {
		if t.State.Ended() && t.Life.MergedTo == 0 && (w.said || t.Life.Ended.After(best)) {
			best, found = t.Life.Ended, t.ID
		}
	}
	return found
}

// said finds the ticket that a message belongs to by everything but thanks.
func (in *Intake) said(ctx context.Context, m *models.Message, input dialog.Input, list []tickets.Ticket, own tickets.Ticket) (whither, error) {
	if own.ID != 0 {
		comment := input.Kind == dialog.Typed && own.Life.MergedTo == 0 && in.rated([]tickets.Ticket{own}) != 0
		goesOn := mergedInto(list, own.ID)
		return whither{ticket: goesOn, said: true, merged: goesOn != own.ID, comment: comment}, nil
	}
	id, err := in.repliedTicket(ctx, m)
	if err != nil {
		return whither{}, err
	}
	if len(only(list, id)) == 1 { // P7
		goesOn := mergedInto(list, id)
		return whither{ticket: goesOn, said: true, merged: goesOn != id}, nil
	}
	if id := in.rated(list); id != 0 && input.Kind == dialog.Typed {
		return whither{ticket: id, comment: true}, nil
	}
	open := slices.DeleteFunc(slices.Clone(list), func(t tickets.Ticket) bool { return t.State.Ended() })
	w := whither{fresh: len(open) > 0 && isFresh(m.Text+m.Caption, open)}
	if len(open) == 1 && !w.fresh {
		w.ticket = open[0].ID
	}
	return w, nil
}

// mergedInto is the ticket in which one of the list goes on, that one itself
// where it was not merged.
func mergedInto(list []tickets.Ticket, id int64) int64 {
	for range list {
		found := only(list, id)
		if len(found) == 0 || found[0].Life.MergedTo == 0 || len(only(list, found[0].Life.MergedTo)) == 0 {
			break
		}
		id = found[0].Life.MergedTo
	}
	return id
}

// repliedTicket is the ticket of the message that a message replies to; 0: none.
func (in *Intake) repliedTicket(ctx context.Context, m *models.Message) (int64, error) {
	to := repliedTo(m)
	if to == nil {
		return 0, nil
	}
	id, err := in.carriedTicket(ctx, tickets.Spot{Chat: m.Chat.ID, Message: int64(to.ID)})
	if id == 0 && err == nil {
		id = numberIn(to)
	}
	return id, err
}

// rated is the ticket that was rated just now, and has no comment on that rating
// yet; 0: none. Whoever has filed another since has gone on.
func (in *Intake) rated(list []tickets.Ticket) int64 {
	since := in.cfg.Now().Add(-tickets.CommentWait)
	for _, t := range list {
		if t.Opened.After(since) {
			since = t.Opened
		}
	}
	best, found := time.Time{}, int64(0)
	for _, t := range list {
		l := t.Life
		if t.State.Ended() && l.Rating > 0 && !l.Remarked.After(l.Rated) && l.Rated.After(since) && l.Rated.After(best) {
			best, found = l.Rated, t.ID
		}
	}
	return found
}

// only is the one of the tickets with an ID.
func only(list []tickets.Ticket, id int64) []tickets.Ticket {
	return slices.DeleteFunc(slices.Clone(list), func(t tickets.Ticket) bool { return t.ID != id })
}

// freshWords are said of a problem that has no ticket yet.
var freshWords = []string{
	"новая проблема", "другая проблема", "ещё одна проблема", "новый вопрос", "другой вопрос", "ещё один вопрос",
	"new problem", "another problem", "different problem", "new issue", "another issue", "different issue", "another question",
}

// thanks are words of which one is in every thanks, and in every word that all is well
// now; polite are those that go along.
var (
	thanks = wordSet(`спасибо спасибочки спс благодарю благодарна благодарен ок окей хорошо отлично супер здорово прекрасно замечательно класс ура принято понятно ясно
		работает заработало помогло получилось thanks thank thx ok okay great perfect fine good cool works worked fixed solved`)
	polite = wordSet(`большое огромное вам тебе всем всё очень за помощь ответ работу оперативность быструю быстрый теперь уже да и так
		you very much so a lot many for the your help answer it all now is and yes that`)
	cheers = "👍👌🙏🤝❤🔥🎉😊🙂☺💪✅👏"
)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[tickets.Fold(w)] = true
	}
	return set
}

// isThanks tells whether a text is thanks, or that all is well, and nothing else: no
// reason to take a ticket up again.
func isThanks(text string) bool {
	found := strings.ContainsAny(text, cheers)
	for _, w := range strings.FieldsFunc(tickets.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if !thanks[w] && !polite[w] {
			return false
		}
		found = found || thanks[w]
	}
	return found && !strings.Contains(text, "?")
}

// isFresh tells whether a message looks like a problem of its own: it says so,
// or names a site that none of the tickets is about.
func isFresh(text string, open []tickets.Ticket) bool {
	folded := tickets.Fold(text)
	for _, words := range freshWords {
		if strings.Contains(folded, tickets.Fold(words)) {
			return true
		}
	}
	for _, site := range tickets.Sites(text) {
		if !slices.ContainsFunc(open, func(t tickets.Ticket) bool { return tickets.SameSite(site, t.Report.Site) }) {
			return true
		}
	}
	return false
}
