package bot

import (
	"context"

	tg "github.com/go-telegram/bot"

	"intakebot/tickets"
)

// Customers' threads are the topics of their private chats. Telegram says of one
// that was deleted, of all of them once the bot's owner has switched them off,
// and of all of them again while its servers are at fault (as they have been
// after roll-outs: https://github.com/tdlib/telegram-bot-api/issues/847) the same
// "message thread not found". So a thread that fails is neither forgotten nor
// made again: the chat itself serves, the thread is left alone for a while, and
// then tried again. A customer who deleted it is not pressed to have it back.

// privateChats stands for all private chats together, where groups have their IDs.
const privateChats = 0

// ThreadOf names the customer's thread of a ticket of a store, for
// OutboxConfig.Thread. A ticket that has ended gets none any more.
func ThreadOf(store tickets.Store) func(context.Context, int64) (tickets.Line, error) {
	return func(ctx context.Context, id int64) (tickets.Line, error) {
		t, err := store.Ticket(ctx, id)
		if err != nil || t.State.Ended() {
			return tickets.Line{}, err
		}
		return t.ThreadName(), nil
	}
}

// inThread finds where in a customer's chat a message goes. A ticket's thread
// that is not there yet is made, and recorded before anything else can go wrong:
// then it says no, and the notice is tried again at once.
func (s *sender) inThread(ctx context.Context, c tickets.Claim, at *spot, r *result) bool {
	n := c.Notice
	thread := n.Extra.Thread
	if thread == 0 || n.To.Chat < 0 || s.isFlat(at.chat) {
		return true
	}
	if thread == tickets.InThread {
		if s.thread == nil {
			return true
		}
		if thread = c.Thread; thread == 0 {
			return s.makeThread(ctx, n, at.chat, r)
		}
	}
	if !s.isLost(topicKey{at.chat, thread}) {
		at.thread, r.inside = int(thread), thread
	}
	return true
}

// makeThread makes the customer's thread of a ticket, and tells whether the
// notice can go on without one.
func (s *sender) makeThread(ctx context.Context, n tickets.Notice, chat int64, r *result) bool {
	name, err := s.thread(ctx, n.About)
	if err != nil {
		r.err = &unsentError{err}
		return false
	}
	if name.Key == "" {
		return true
	}
	n.Title = name
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	topic, err := s.api.CreateForumTopic(ctx, &tg.CreateForumTopicParams{ChatID: chat, Name: s.render.title(n)})
	switch classify(err).fate {
	case fateDone:
		r.pause, r.made = true, int64(topic.MessageThreadID)
	case fateNoForum:
		s.without(privateChats, err)
		return true
	case fateBad, fateNoTopic:
		s.without(chat, err)
		return true
	default:
		r.err = &unsentError{err} // whatever became of the thread, the notice was not sent
	}
	return false
}

// without notes that no thread can be made in a chat, or in any.
func (s *sender) without(chat int64, cause error) {
	s.log.Warn("no thread can be made; the customer's chat itself serves", "chat", chat, "cause", redact(s.api.Token(), cause))
	s.learn(chat, false)
}

// isFlat tells whether a customer's chat has no threads, as far as is known.
func (s *sender) isFlat(chat int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	return now.Before(s.flat[chat]) || now.Before(s.flat[privateChats])
}

func (s *sender) isLost(key topicKey) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now().Before(s.lost[key])
}

// lose tells whether a send failed for the customer's thread that it was made
// into, and has that left alone.
func (s *sender) lose(r result, v verdict) bool {
	switch v.fate {
	case fateNoTopic, fateNoForum, fateBad:
	default:
		return false
	}
	if r.inside == 0 {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.lost) >= mostTopics {
		clear(s.lost)
	}
	s.lost[topicKey{r.chat, r.inside}] = s.now().Add(forumKept)
	return true
}
