package bot

import (
	"context"
	"time"

	tg "github.com/go-telegram/bot"

	"intakebot/tickets"
)

// boardRest is the least time between two calls for one board: it shows the same
// tickets again and again, and a group has 20 messages a minute (P3).
const boardRest = 30 * time.Second

// board shows the one pinned message of a chat: edited where there is one, else
// made and pinned.
func (s *sender) board(ctx context.Context, c tickets.Claim, at spot, r *result) {
	if next := c.Shown.Add(boardRest); next.After(s.now()) {
		r.pause, r.until = true, next
		return
	}
	content := s.render.content(c.Notice)
	content.keyboard = nil
	parts := textParts(content)
	if len(parts) == 0 {
		r.err = errNothing
		return
	}
	part := parts[0]
	part.markup = content.inline
	if c.Board != 0 {
		r.err = s.editText(ctx, at.chat, c.Board, part)
		if !isGone(r.err) {
			r.board = c.Board
			return
		}
		r.err = nil
	}
	s.newBoard(ctx, c.Notice, at, part, r)
}

// newBoard sends a board, and has it pinned.
func (s *sender) newBoard(ctx context.Context, n tickets.Notice, at spot, part textPart, r *result) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	m, err := s.api.SendMessage(ctx, &tg.SendMessageParams{
		ChatID: at.chat, Text: part.text.text, Entities: part.text.entities, LinkPreviewOptions: noPreview,
		ReplyMarkup: part.markup, DisableNotification: true,
	})
	if err != nil {
		r.err = err
		return
	}
	r.board = int64(m.ID)
	r.then = append(r.then, tickets.Notice{
		To: n.To, Kind: tickets.NoticePin, Priority: n.Priority, Lang: n.Lang, Target: r.board, Merge: "pin",
	})
}

// pin pins a message. One that cannot be pinned serves too, until somebody gives
// the right.
func (s *sender) pin(ctx context.Context, n tickets.Notice, at spot, r *result) {
	if n.Target == 0 { // it was left behind
		return
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	_, err := s.api.PinChatMessage(ctx, &tg.PinChatMessageParams{ChatID: at.chat, MessageID: int(n.Target), DisableNotification: true})
	if r.lacks = lackOf(err); r.lacks != "" || classify(err).fate == fateBad {
		s.log.Warn("the board cannot be pinned", "chat", at.chat, "cause", redact(s.api.Token(), err))
	}
	if r.err = err; r.lacks == "" {
		r.err = harmless(err)
	}
}
