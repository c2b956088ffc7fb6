package bot

import (
	"context"
	"unicode/utf16"

	"intakebot/dialog"
	"intakebot/tickets"
)

// mostToast is how many characters a toast can have.
const mostToast = 200

// showReply answers the press that an answer was worked out for.
func (in *Intake) showReply(r *received, reply dialog.Reply, lang tickets.Lang) {
	text := ""
	if reply.Toast != nil && r.press() != nil {
		text = in.cfg.Render(lang, *reply.Toast)
	}
	in.answerPress(r, text, reply.Alert && text != "")
}

// toast answers a press with a text of the intake's own, in the customer's
// language where the store can tell it.
func (in *Intake) toast(ctx context.Context, r *received, key string) {
	if r.press() == nil || r.answered {
		return
	}
	tag, id := "", int64(0)
	if from := r.sender(); from != nil {
		tag, id = from.LanguageCode, from.ID
	}
	c, err := in.cfg.Store.Customer(ctx, id)
	if err != nil {
		c = tickets.Customer{}
	}
	in.answerPress(r, in.cfg.Render(in.langOf(c, tickets.Change{}, tag), tickets.Line{Key: key}), false)
}

// answerPress ends the waiting of a pressed button, once. It does not hold up
// the lane, and failing is harmless: the button stops by itself after a while.
func (in *Intake) answerPress(r *received, text string, alert bool) {
	q := r.press()
	if q == nil || r.answered {
		return
	}
	r.answered = true
	in.slots <- struct{}{}
	in.presses.Go(func() {
		defer func() { <-in.slots }()
		ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
		defer cancel()
		if err := in.cfg.Telegram.AnswerPress(ctx, q.ID, shorten(text), alert); err != nil {
			in.Counters.Presses.Add(1)
			in.log.Debug("press not answered", "update", r.id, "cause", err)
		}
	})
}

// shorten cuts a toast to what Telegram takes.
func shorten(s string) string {
	if len(utf16.Encode([]rune(s))) <= mostToast {
		return s
	}
	return units(s, mostToast-2) + "…"
}
