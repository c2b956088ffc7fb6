package telegramsim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

// Play plays the acts, each at its time, until the storm is over or the context
// ends; then everything that was taken is back. Acts on the stage are done here;
// each is told, others too, and told acts may take their time.
func (st *Storm) Play(ctx context.Context, g *Group, customers []*Person, told func(Scene)) {
	var undo sync.WaitGroup
	defer undo.Wait()
	for _, e := range st.scenes {
		if !st.until(ctx, e.At) {
			return
		}
		st.note(string(e.Act))
		if back := st.act(e, g, customers); back != nil {
			undo.Go(func() {
				st.until(ctx, e.At+e.Lasts)
				back()
			})
		}
		if told != nil {
			told(e)
		}
	}
	st.until(ctx, st.script.Length)
}

// until waits for a time of the storm.
func (st *Storm) until(ctx context.Context, at time.Duration) bool {
	select {
	case <-st.w.after(max(at-st.elapsed(), 0)):
		return true
	case <-ctx.Done():
		return false
	case <-st.w.closed:
		return false
	}
}

// act does what is done on the stage, and returns how to take it back; nil:
// nothing to take back.
func (st *Storm) act(e Scene, g *Group, customers []*Person) (back func()) {
	dice := rand.New(rand.NewPCG(e.Dice, 0))
	b := st.w.Bots()[0]
	switch e.Act {
	case DeleteATopic:
		st.deleteTopic(g, dice)
	case MigrateGroup:
		_ = g.Migrate() // once, and only a plain group
	case TakeRights:
		g.SetBotRights(b, AllRights&^[]Rights{ManageTopics, PinMessages, DeleteMessages}[dice.IntN(3)])
		return func() { g.SetBotRights(b, AllRights) }
	case KickTheBot:
		g.KickBot(b)
		return func() { g.SetBotRights(b, AllRights) }
	case BlockTheBot:
		p := customers[dice.IntN(len(customers))]
		_ = p.Block()
		return func() { _, _ = p.Start("") }
	case RepeatUpdate:
		if pending := b.PendingUpdates(); len(pending) > 0 {
			_, _ = b.Inject(pending[dice.IntN(len(pending))])
		}
	case SkipUpdateIDs:
		b.SkipUpdateIDs(1 + dice.Int64N(100000))
	case StrangeUpdate:
		_, _ = b.Inject(strange(customers, dice))
	case NonsenseUpdate:
		_, _ = b.Inject(nonsense(dice))
	}
	return nil
}

// deleteTopic deletes a topic as an administrator does. From then on half of
// the calls into it are refused with the one text, half with the other.
func (st *Storm) deleteTopic(g *Group, dice *rand.Rand) {
	topics := g.Topics()
	if len(topics) == 0 {
		return
	}
	t := topics[dice.IntN(len(topics))]
	owner := g.Members()[0]
	if err := owner.In(g.Chat).DeleteTopic(t.ID); errors.Is(err, ErrNoRight) {
		panic("telegramsim: the first member of the group owns it")
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.lost[t.ID] = true
}

// strange makes an update whose shape nobody expects, some of them from a
// customer, whose queue must not stop for it.
func strange(customers []*Person, dice *rand.Rand) []byte {
	id := customers[dice.IntN(len(customers))].UserID()
	return []byte([]string{
		fmt.Sprintf(`{"message":{"message_id":"no number","chat":{"id":%d,"type":"private"}}}`, id),
		fmt.Sprintf(`{"callback_query":{"id":"1","from":{"id":%d},"data":7}}`, id),
		`{"message":[1,2,3]}`,
		`{"a_kind_of_the_future":{"x":{}}}`,
		fmt.Sprintf(`{"message":{"message_id":1,"date":0,"chat":{"id":%d,"type":"private"}}}`, id),
		`{"edited_message":null,"poll":{"id":5}}`,
	}[dice.IntN(6)])
}

// nonsense is 100 KB that are JSON and nothing else.
func nonsense(dice *rand.Rand) []byte {
	words := strings.Repeat(fmt.Sprintf("чепуха %d \u202e", dice.Uint32()), 4500)
	body, _ := json.Marshal(map[string]any{"nonsense": words, "message": map[string]any{"text": words[:1000]}})
	return body
}
