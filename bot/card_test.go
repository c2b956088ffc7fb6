package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

func TestACardGetsATopicOfItsOwn(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		desk := o.world.AddForum("Desk", o.world.AddPerson("Agent"))
		id := o.file(desk.ID(), cardOf("the card", o.pictures(10, tickets.Photo)...))
		o.outbox.Push(o.commit(toTicket(desk.ID(), id, "more"), note(desk.ID(), "general")))
		o.drain()
		topics := desk.Topics()
		if len(topics) != 1 || topics[0].Name != "пример.рф: не открывается" {
			t.Fatalf("topics: %+v", topics)
		}
		inside := botMessages(desk.Topic(topics[0].ID))
		if len(inside) != 12 || inside[0].Text != "the card" || inside[11].Text != "more" {
			t.Fatalf("in the topic:\n%s", desk.Transcript())
		}
		album := inside[1].Raw.MediaGroupID
		for _, m := range inside[1:11] {
			if m.Kind != "photo" || album == "" || m.Raw.MediaGroupID != album {
				t.Errorf("not in the album: %v", m)
			}
		}
		p := o.place(id)
		if p.Thread != int64(topics[0].ID) || p.Card != int64(inside[0].ID) || p.Group != desk.ID() {
			t.Errorf("place: %+v", p)
		}
	}, telegramsim.WithRateLimits())
}

func botMessages(ch *telegramsim.Chat) []telegramsim.Message {
	var out []telegramsim.Message
	for _, m := range ch.Messages() {
		if m.FromBot && m.Kind != "service" {
			out = append(out, m)
		}
	}
	return out
}

// TestATopicIsMadeOnce: a crash right after the topic leaves one topic, as its
// ID was recorded before the card was sent.
func TestATopicIsMadeOnce(t *testing.T) {
	inOffice(t, func(o *office) {
		stop := o.start()
		desk := o.world.AddForum("Desk", o.world.AddPerson("Agent"))
		o.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome {
			return telegramsim.Outcome{Drop: c.Method == "sendmessage"}
		})
		o.file(desk.ID(), cardOf("the card"))
		o.pass(10 * time.Second)
		stop()
		o.world.SetFault(nil)
		o.start()
		o.drain()
		if topics := desk.Topics(); len(topics) != 1 {
			t.Errorf("topics: %+v", topics)
		}
		o.same("the group", botTexts(desk.Chat), []string{"the card"})
	})
}

func TestADeletedTopicIsMadeAgain(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		agent := o.world.AddPerson("Agent")
		desk := o.world.AddForum("Desk", agent)
		id := o.file(desk.ID(), cardOf("the card"))
		o.drain()
		first := o.place(id).Thread
		if err := agent.In(desk.Chat).DeleteTopic(int(first)); err != nil {
			t.Fatal(err)
		}
		o.outbox.Push(o.commit(toTicket(desk.ID(), id, "more"), toTicket(desk.ID(), id, "and more")))
		o.drain()
		topics := desk.Topics()
		if len(topics) != 1 || topics[0].ID == int(first) || topics[0].Name != tickets.Number(id) {
			t.Fatalf("topics: %+v", topics)
		}
		o.same("the new topic", botTexts(desk.Topic(topics[0].ID)), []string{"more\n\nand more"})
	})
}

func TestAPlainGroupGetsFilesAsReplies(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		desk := o.world.AddGroup("Desk", o.world.AddPerson("Agent"))
		files := append(o.pictures(1, tickets.Photo), o.pictures(3, tickets.Document)...)
		files = append(files, o.pictures(2, tickets.Animation)...)
		id := o.file(desk.ID(), cardOf("the card", files...))
		o.outbox.Push(o.commit(toTicket(desk.ID(), id, "more")))
		o.drain()
		all := botMessages(desk.Chat)
		var kinds []string
		for _, m := range all {
			kinds = append(kinds, m.Kind)
		}
		o.same("kinds", kinds, []string{"text", "photo", "document", "document", "document", "animation", "animation", "text"})
		for _, m := range all[1:] {
			if r := m.Raw.ReplyToMessage; r == nil || r.ID != all[0].ID {
				t.Errorf("no reply to the card: %v", m)
			}
		}
		if all[2].Raw.MediaGroupID == "" || all[2].Raw.MediaGroupID != all[4].Raw.MediaGroupID || all[5].Raw.MediaGroupID != "" {
			t.Error("the documents are no album, or the animations are one")
		}
	})
}

func TestAForumWithoutTheRightGetsTheCardItself(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		desk := o.world.AddForum("Desk", o.world.AddPerson("Agent"))
		desk.SetBotRights(o.bot, telegramsim.PinMessages)
		id := o.file(desk.ID(), cardOf("the card"))
		o.drain()
		o.same("the group", withoutWarnings(botTexts(desk.Chat)), []string{"the card"})
		if p := o.place(id); p.Thread != 0 || p.Card == 0 {
			t.Errorf("place: %+v", p)
		}
		desk.SetBotRights(o.bot, telegramsim.AllRights)
		o.pass(time.Hour)
		second := o.file(desk.ID(), cardOf("another card"))
		o.outbox.Push(o.commit(toTicket(desk.ID(), id, "more")))
		o.drain()
		if topics := desk.Topics(); len(topics) != 1 || int64(topics[0].ID) != o.place(second).Thread {
			t.Errorf("topics: %+v", topics)
		}
		for _, m := range botMessages(desk.Chat) {
			if m.Text == "more" && (m.Thread != 0 || m.Raw.ReplyToMessage == nil) {
				t.Errorf("not below its card: %v", m)
			}
		}
	})
}

// withoutWarnings leaves out what the bot says of rights that it lacks.
func withoutWarnings(said []string) []string {
	return slices.DeleteFunc(said, func(s string) bool { return strings.HasPrefix(s, "⚠️") })
}

func TestAGroupThatHasMovedIsFollowed(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		desk := o.world.AddGroup("Desk", o.world.AddPerson("Agent"))
		old := desk.ID()
		if err := desk.Migrate(); err != nil {
			t.Fatal(err)
		}
		id := o.file(old, cardOf("the card"))
		o.drain()
		o.outbox.Push(o.commit(note(old, "to all")))
		o.drain()
		if p := o.place(id); p.Group != desk.ID() || p.Group == old {
			t.Errorf("place: %+v, moved from %d to %d", p, old, desk.ID())
		}
		o.same("the supergroup", withoutWarnings(botTexts(desk.Chat)), []string{"the card", "to all"})
	})
}

func TestTheDeskMayBeMended(t *testing.T) {
	inOffice(t, func(o *office) {
		o.start()
		agent := o.world.AddPerson("Agent")
		desk := o.world.AddForum("Desk", agent)
		desk.KickBot(o.bot)
		o.file(desk.ID(), cardOf("the card"))
		foreign := o.world.AddGroup("Foreign", agent)
		foreign.KickBot(o.bot)
		o.outbox.Push(o.commit(note(foreign.ID(), "goodbye"), tickets.Notice{To: tickets.Address{Chat: foreign.ID()}, Kind: tickets.NoticeLeave}))
		o.pass(time.Hour)
		o.counted("undeliverable", o.outbox.Counters.Undeliverable.Load(), 1)
		o.counted("left", o.outbox.Counters.Delivered.Load(), 1)
		desk.AddBot(o.bot, agent)
		desk.SetBotRights(o.bot, telegramsim.AllRights)
		o.drain()
		o.same("the group", botTexts(desk.Chat), []string{"the card"})
	})
}
