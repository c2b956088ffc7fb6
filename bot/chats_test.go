package bot

import (
	"fmt"
	"testing"

	"intakebot/tickets"
)

// joins is the news that the bot's standing in a group changed.
func joins(id int, chat int64, before, after string) string {
	return fmt.Sprintf(`{"update_id":%d,"my_chat_member":{"chat":{"id":%d,"type":"supergroup","title":"G"},
		"from":{"id":5,"first_name":"E","language_code":"ru"},"date":3,
		"old_chat_member":{"status":%q},"new_chat_member":{"status":%q,"is_member":true}}}`, id, chat, before, after)
}

func TestLeavesStrangeGroups(t *testing.T) {
	b := newBench(t)
	b.start()
	id := b.inject(joins(200001, -1005, "left", "member"))
	say, leave := b.notice(), b.notice()
	if say.Kind != tickets.NoticeSend || say.To.Chat != -1005 || say.Message.Text[0].Key != TextForeign || say.Lang != tickets.Russian {
		t.Errorf("said %+v", say)
	}
	if leave.Kind != tickets.NoticeLeave || leave.To.Chat != -1005 || leave.ID <= say.ID {
		t.Errorf("then %+v", leave)
	}
	if seen, err := b.store.Seen(b.ctx, tickets.Update{ID: id}); err != nil || !seen {
		t.Errorf("seen: %v, %v", seen, err)
	}

	// One that it is in already is left as soon as somebody speaks to it.
	b.inject(`{"update_id":200002,"message":{"message_id":1,"date":1,"chat":{"id":-9,"type":"group"},"from":{"id":5},"text":"/new"}}`)
	if say, leave := b.notice(), b.notice(); say.To.Chat != -9 || leave.Kind != tickets.NoticeLeave {
		t.Errorf("said %+v, then %+v", say, leave)
	}
}

// TestStaysAmongTheAgents gives news of groups that are no reason to leave.
func TestStaysAmongTheAgents(t *testing.T) {
	b := newBench(t)
	b.cfg.Groups = []int64{-77, -78, testDesk}
	b.cfg.Telegram = &quiet{becomes: -1_000_000_000_077}
	in, hook := b.hook()
	for name, body := range map[string]string{
		"the agents' group":    joins(1, testDesk, "left", "administrator"),
		"promoted elsewhere":   joins(2, -1005, "member", "administrator"),
		"thrown out elsewhere": joins(3, -1005, "member", "left"),
		"grown out of ours":    joins(4, -1_000_000_000_077, "left", "member"),
		"talk among agents":    fmt.Sprintf(`{"update_id":6,"message":{"message_id":1,"date":1,"chat":{"id":%d,"type":"supergroup"},"from":{"id":5},"text":"/new"}}`, testDesk),
		"our group moves":      `{"update_id":7,"message":{"message_id":1,"date":1,"chat":{"id":-78,"type":"group"},"migrate_to_chat_id":-1000000000078}}`,
		"and moved":            `{"update_id":8,"message":{"message_id":1,"date":1,"chat":{"id":-1000000000078,"type":"supergroup"},"migrate_from_chat_id":-78}}`,
		"a strange one moves":  `{"update_id":9,"message":{"message_id":1,"date":1,"chat":{"id":-79,"type":"group"},"migrate_to_chat_id":-1000000000079}}`,
	} {
		if rec := bring(hook, testSecret, body); rec.Code != 200 {
			t.Errorf("%s: %d", name, rec.Code)
		}
	}
	if in.Counters.Passed.Load() != 8 || len(b.outbox.pushed) != 2 {
		t.Errorf("%d passed, %d notices", in.Counters.Passed.Load(), len(b.outbox.pushed))
	}
	for range 2 { // each group is told once, whichever news of its move came first
		if n := b.notice(); n.Message.Text[0].Key != "desk.grown" || n.To.Chat > -1_000_000_000_077 {
			t.Errorf("said %+v", n)
		}
	}
	for _, ours := range []int64{-77, -78, -1_000_000_000_077, -1_000_000_000_078} {
		if !in.isDesk(ours) {
			t.Errorf("the agents' group %d is not known", ours)
		}
	}
	if in.isDesk(-1005) || in.isDesk(-1_000_000_000_079) {
		t.Error("a strange group is taken for the agents'")
	}
	if !b.logged.has("AGENT_GROUP_ID") {
		t.Error("the log does not say what to change")
	}
}

// TestEveryPressIsAnswered presses ours, a foreign button, one in a group, one
// while the store is away, and one that fails.
func TestEveryPressIsAnswered(t *testing.T) {
	const press = `{"update_id":%d,"callback_query":{"id":"9","from":{"id":5,"first_name":"E","language_code":"en"},"data":%q,
		"message":{"message_id":1,"date":1700000000,"chat":{"id":%d,"type":%q}}}}`
	b := newBench(t)
	tele := &quiet{answers: make(chan string, 9)}
	b.cfg.Telegram = tele
	in, hook := b.hook()
	for i, c := range []struct {
		data, kind string
		chat       int64
		away       bool
		reject     int32
		want       string
		code       int
	}{
		{"1:ok:", "private", 5, false, 0, "ru toast", 200},
		{"vote_12", "private", 5, false, 0, "ru " + TextOutdated, 200},
		{"1:ok:", "supergroup", testDesk, false, 0, " carry.old", 200}, // in the agents' language
		{"1:ok:", "group", -8, false, 0, "", 200},
		{"1:ok:", "private", 5, true, 0, "en " + TextBusy, 503},
		{"1:ok:", "private", 5, false, attempts, "ru " + TextFailed, 200},
		{"1:ok:", "private", 5, false, 0, "", 200}, // brought again
	} {
		b.store.away.Store(c.away)
		b.store.reject.Store(c.reject)
		rec := bring(hook, testSecret, fmt.Sprintf(press, min(i+1, 6), c.data, c.chat, c.kind))
		if got := next(b, tele.answers); got != c.want || rec.Code != c.code {
			t.Errorf("press %d: %d %q, want %d %q", i+1, rec.Code, got, c.code, c.want)
		}
	}
	in.presses.Wait()
	if n := in.Counters.Presses.Load(); n != 7 || len(tele.answers) != 0 {
		t.Errorf("%d answers failed harmlessly and %d came twice, want 7 and none", n, len(tele.answers))
	}
}

// TestWhatOnlyLooksLikeAMessage brings one from nowhere, whose chat there is none
// to leave.
func TestWhatOnlyLooksLikeAMessage(t *testing.T) {
	b := newBench(t)
	in, hook := b.hook()
	if rec := bring(hook, testSecret, `{"update_id":7,"message":{"text":"x"}}`); rec.Code != 200 {
		t.Errorf("%d, want 200", rec.Code)
	}
	if n := in.Counters.Passed.Load(); n != 1 || len(b.outbox.pushed) != 0 {
		t.Errorf("%d passed, %d notices", n, len(b.outbox.pushed))
	}
}
