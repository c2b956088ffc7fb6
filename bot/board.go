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
	if next := s.boardAt(at.chat); next.After(s.now()) {
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
			s.boardShown(at.chat)
			return
		}
		r.err = nil
	}
	s.newBoard(ctx, at, part, r)
}

// newBoard sends a board, and pins it. One that cannot be pinned serves too.
func (s *sender) newBoard(ctx context.Context, at spot, part textPart, r *result) {
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
	s.boardShown(at.chat)
	r.board = int64(m.ID)
	_, err = s.api.PinChatMessage(ctx, &tg.PinChatMessageParams{ChatID: at.chat, MessageID: m.ID, DisableNotification: true})
	if err != nil {
		r.lacks = lackOf(err)
		s.log.Warn("the board cannot be pinned", "chat", at.chat, "cause", redact(s.api.Token(), err))
	}
}

// boardAt is when a chat's board may be shown next.
func (s *sender) boardAt(chat int64) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.boards[chat]
}

func (s *sender) boardShown(chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.boards[chat] = s.now().Add(boardRest)
}
