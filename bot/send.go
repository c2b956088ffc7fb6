package bot

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

const (
	// sendTimeout is how long one call may take.
	sendTimeout = 20 * time.Second
	// forumKept is how long it is believed that a group has no topics: agents
	// may switch them on, or give the bot the right.
	forumKept = 10 * time.Minute
)

// errNothing says that nothing of a message can be seen.
var errNothing = errors.New("nothing to show: its texts are empty")

// sender carries out claims.
type sender struct {
	api    *API
	render *Renderer
	log    *slog.Logger
	now    func() time.Time
	card   func(ctx context.Context, ticket int64) (tickets.Notice, error) // nil: lost cards are not made anew
	home   func(ctx context.Context, ticket, group int64) (int64, error)   // nil: tickets stay where they are
	thread func(ctx context.Context, ticket int64) (tickets.Line, error)   // nil: customers have no threads
	remade func(chat, thread int64)                                        // nil: nobody is told

	mu    sync.Mutex
	flat  map[int64]time.Time // groups without topics, until when that is believed
	forum map[int64]bool      // groups with topics

	lost map[topicKey]time.Time // customers' threads that are left alone, until when

	refused map[int64]int    // by ticket: how often its card made anew was found fault with
	topics  map[topicKey]int // whether they are closed, as far as is known
}

func newSender(cfg OutboxConfig) *sender {
	return &sender{
		api: cfg.API, render: cfg.Render, log: cfg.Log, now: cfg.Now, card: cfg.Card, home: cfg.Home, thread: cfg.Thread, remade: cfg.Remade,
		flat: map[int64]time.Time{}, forum: map[int64]bool{}, lost: map[topicKey]time.Time{}, refused: map[int64]int{}, topics: map[topicKey]int{},
	}
}

// result is how far sending came.
type result struct {
	chat   int64            // that it was sent to
	sent   []int64          // of all parts, earlier ones too
	place  *tickets.Place   // made or moved
	made   int64            // the customer's thread of the ticket, where it was made; 0: it was not
	inside int64            // the customer's thread that it was sent into; 0: none
	board  int64            // message of the board, where it was made or edited; 0: neither
	lacks  string           // text key of a right that the bot lacks, where that was no failure; "": none
	then   []tickets.Notice // to be sent besides
	err    error            // redacted; nil: all was sent, unless pause says otherwise
	pause  bool             // stopped on the way without failing; to go on at until
	until  time.Time
}

// gate is asked before each call but the first, with what was sent so far and
// the number of messages that the call makes: whether to go on, or when.
type gate func(ctx context.Context, sent []int64, messages int) (until time.Time, open bool)

// spot is where a message goes.
type spot struct {
	chat   int64
	thread int
	reply  int // message to reply to; 0: none
}

// send carries out a claim, from where an earlier try left off. More texts may
// go along with it, as one message. One that makes the program panic cannot be
// sent, and must not end it for all others (P6).
func (s *sender) send(ctx context.Context, c tickets.Claim, more []tickets.Notice, open gate) (r result) {
	c.Notice = leftBehind(c)
	n, at := c.Notice, s.spot(c)
	r = result{chat: at.chat, sent: n.Sent}
	defer func() {
		if p := recover(); p != nil {
			r.err = &panicked{panicError(p)}
			s.log.Error("panic", "notice", n.ID, "cause", r.err, "stack", string(debug.Stack()))
		}
	}()
	switch n.Kind {
	case tickets.NoticeEdit, tickets.NoticeSend, tickets.NoticeCopy, tickets.NoticeCard, tickets.NoticeTopic:
		if s.moves(ctx, c, &r) {
			return r
		}
	}
	switch n.Kind {
	case tickets.NoticeEdit:
		s.editOrCard(ctx, c, at, &r)
	case tickets.NoticeLeave:
		r.err = s.leave(ctx, at.chat)
	case tickets.NoticeReact:
		r.err = s.react(ctx, n, at)
	case tickets.NoticeDelete:
		s.remove(ctx, n, at, &r)
	case tickets.NoticeTopic:
		s.topic(ctx, c, at, &r)
	case tickets.NoticeBoard:
		s.board(ctx, c, at, &r)
	case tickets.NoticePin:
		s.pin(ctx, n, at, &r)
	case tickets.NoticeUntopic:
		s.untopic(ctx, n, at, &r)
	default:
		s.message(ctx, c, more, at, open, &r)
	}
	r.err = redact(s.api.Token(), r.err)
	if r.lacks == "" {
		r.lacks = lackOf(r.err)
	}
	return r
}

// spot finds where a claim goes: its chat, or the place of its ticket.
func (s *sender) spot(c tickets.Claim) spot {
	n := c.Notice
	at := spot{chat: n.To.Chat, reply: int(n.Target)}
	if n.To.Ticket != 0 {
		at.chat = cmp.Or(c.Place.Group, n.To.Chat)
		at.thread = int(c.Place.Thread)
		if at.thread == 0 && (n.Kind == tickets.NoticeSend || n.Kind == tickets.NoticeCopy) {
			at.reply = cmp.Or(at.reply, int(c.Place.Card))
		}
	}
	return at
}

// message sends a message in as many parts as it takes, into the ticket's place.
func (s *sender) message(ctx context.Context, c tickets.Claim, more []tickets.Notice, at spot, open gate, r *result) {
	n := c.Notice
	if n.Extra.Threaded && c.Thread == 0 {
		return
	}
	if !s.inPlace(ctx, c, at, r) || !s.inThread(ctx, c, &at, r) {
		return
	}
	steps := s.steps(n, at)
	if len(more) > 0 {
		steps = s.together(n, more, at)
	}
	if len(steps) == 0 {
		r.err = errNothing
		return
	}
	run(ctx, steps, open, r)
	if n.Kind == tickets.NoticeCard && n.To.Ticket != 0 && len(r.sent) > 0 {
		r.place = &tickets.Place{Group: at.chat, Thread: int64(at.thread), Card: r.sent[0]}
	}
	if classify(r.err).fate == fateGone && len(n.Extra.Source.Messages) <= mostCopies {
		s.takeBack(ctx, at, r.sent)
	}
}

// takeBack deletes the lines that went before something that could not follow.
func (s *sender) takeBack(ctx context.Context, at spot, sent []int64) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	for _, id := range sent {
		if id == 0 {
			continue
		}
		if _, err := s.api.DeleteMessage(ctx, &tg.DeleteMessageParams{ChatID: at.chat, MessageID: int(id)}); err != nil {
			s.log.Warn("lines above a message that is gone stay", "chat", at.chat, "cause", redact(s.api.Token(), err))
		}
	}
}

// run takes the steps that are left, as far as it comes.
func run(ctx context.Context, steps []step, open gate, r *result) {
	skip, called := len(r.sent), false
	for _, st := range steps {
		if skip >= st.messages {
			skip -= st.messages
			continue
		}
		if called {
			if until, ok := open(ctx, r.sent, st.messages); !ok {
				r.pause, r.until = true, until
				return
			}
		}
		called = true
		ids, err := st.run(ctx, r.sent)
		if err != nil {
			r.err = err
			return
		}
		r.sent = append(r.sent[:len(r.sent):len(r.sent)], ids...)
	}
}

// isForum tells whether a group has topics.
func (s *sender) isForum(ctx context.Context, chat int64) (bool, error) {
	s.mu.Lock()
	forum, flat := s.forum[chat], s.now().Before(s.flat[chat])
	s.mu.Unlock()
	if forum || flat {
		return forum, nil
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	info, err := s.api.GetChat(ctx, &tg.GetChatParams{ChatID: chat})
	if err != nil {
		return false, &unsentError{err} // a read: whatever became of it, nothing was sent
	}
	s.learn(chat, info.IsForum)
	return info.IsForum, nil
}

func (s *sender) learn(chat int64, forum bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forum[chat] = forum
	if !forum {
		s.flat[chat] = s.now().Add(forumKept)
	}
}

// edit puts a message in the place of another. The card's first message is the
// one that is edited; it shows the newest when it is made anew.
func (s *sender) edit(ctx context.Context, claim tickets.Claim, at spot) error {
	n := claim.Notice
	c := s.render.content(n)
	parts := c.text.split(maxText)
	if n.Extra.Card {
		n.Target, parts = claim.Place.Card, c.text.againAsCard()
	}
	if n.Target == 0 {
		return nil
	}
	if len(parts) == 0 {
		ctx, cancel := context.WithTimeout(ctx, sendTimeout)
		defer cancel()
		_, err := s.api.EditMessageReplyMarkup(ctx, &tg.EditMessageReplyMarkupParams{
			ChatID: at.chat, MessageID: int(n.Target), ReplyMarkup: c.inline,
		})
		return err
	}
	err := s.editText(ctx, at.chat, n.Target, textPart{parts[0], c.inline})
	if classify(err).fate != fateNotText {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	caption := c.text.split(maxCaption)[0]
	_, err = s.api.EditMessageCaption(ctx, &tg.EditMessageCaptionParams{
		ChatID: at.chat, MessageID: int(n.Target), Caption: caption.text, CaptionEntities: caption.entities, ReplyMarkup: c.inline,
	})
	return err
}

func (s *sender) editText(ctx context.Context, chat, message int64, p textPart) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	_, err := s.api.EditMessageText(ctx, &tg.EditMessageTextParams{
		ChatID: chat, MessageID: int(message), Text: p.text.text, Entities: p.text.entities,
		LinkPreviewOptions: noPreview, ReplyMarkup: p.markup,
	})
	return err
}

// leave leaves a chat. Not being there is as good.
func (s *sender) leave(ctx context.Context, chat int64) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	_, err := s.api.LeaveChat(ctx, &tg.LeaveChatParams{ChatID: chat})
	switch classify(err).fate {
	case fateBlocked, fateNoChat, fateMigrated:
		return nil
	}
	return err
}

// panicked says that a notice made the program panic.
type panicked struct{ error }

// unsentError is a failure of a read on the way: nothing was sent by it.
type unsentError struct{ err error }

func (e *unsentError) Error() string { return e.err.Error() }
func (e *unsentError) Unwrap() error { return e.err }

var noPreview = &models.LinkPreviewOptions{IsDisabled: tg.True()}
