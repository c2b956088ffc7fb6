package bot

import (
	"strings"
	"testing"

	"intakebot/bot/telegramsim"
)

// losses are the ways in which Anna's thread can be lost. The fault, if any, is of
// the calls; back gives the thread back, and nil means that it does not come back.
var losses = []struct {
	name  string
	fault telegramsim.Fault
	lose  func(*shift, *telegramsim.Seat)
	back  func(*shift)
}{
	{name: "deleted by the customer", lose: func(s *shift, own *telegramsim.Seat) { s.does(nil, own.DeleteTopic(own.Thread())) }},
	{
		name: "switched off", lose: func(s *shift, _ *telegramsim.Seat) { s.bot.SetTopics(false, false) },
		back: func(s *shift) { s.bot.SetTopics(true, true) },
	},
	{name: "refused by the server", fault: refuseThreads("message thread not found"), back: func(*shift) {}},
	{name: "refused for a reason nobody knows", fault: refuseThreads("TOPICS_ARE_OUT_OF_ORDER"), back: func(*shift) {}},
}

// refuseThreads has whatever goes into a thread of a private chat fail.
func refuseThreads(why string) telegramsim.Fault {
	return func(c telegramsim.Call) (out telegramsim.Outcome) {
		if c.Chat() > 0 && c.Thread() != 0 {
			out = telegramsim.Refuse(400, "Bad Request: "+why, "")
		}
		return out
	}
}

// TestTheChatServesForALostThread: what fails in the thread is said in the chat
// itself, at once, once and in order; the thread is used again when it works
// again, and left alone till then.
func TestTheChatServesForALostThread(t *testing.T) {
	for _, loss := range losses {
		t.Run(loss.name, func(t *testing.T) {
			inThreads(t, func(s *shift) {
				id, topic, own := s.threaded("a.ru")
				if loss.lose != nil {
					loss.lose(s, own)
				}
				tries := 0
				s.world.SetFault(func(c telegramsim.Call) (out telegramsim.Outcome) {
					if c.Chat() > 0 && c.Thread() != 0 {
						tries++
					}
					if loss.fault != nil {
						out = loss.fault(c)
					}
					return out
				})
				s.does(s.olga.In(topic).Send("Первое"))
				album, err := s.olga.In(topic).SendAlbum([]telegramsim.AlbumItem{{Data: picture(t, "jpeg"), Caption: "первый"}, {Data: picture(t, "png")}})
				s.does(album, err)
				s.one(s.outside(), 2, "Olga")
				s.does(s.olga.In(topic).Send("Третье"))
				said := botTexts(s.outside())
				s.same("outside", shorts(said[len(said)-5:]), []string{"Первое", "💬 T-1001 · Olga, поддержка", "первый", "", "Третье"})
				if tries != 1 {
					t.Errorf("the lost thread was tried %d times", tries)
				}
				s.reacted(topic, album[0].ID)
				s.does(s.anna.Send("Отвечаю в общем")) // the only one that is open
				s.count(topic, "Отвечаю в общем", 1)
				if s.stored(id).Thread != int64(own.Thread()) {
					t.Error("the thread is forgotten")
				}
				s.pass(forumKept)
				s.world.SetFault(nil)
				if loss.back != nil {
					loss.back(s)
					s.does(s.olga.In(topic).Send("Снова внутри"))
					s.hears(own.Chat, "Снова внутри")
				} else {
					s.does(s.olga.In(topic).Send("Всё ещё снаружи"))
					s.hears(s.outside(), "Всё ещё снаружи")
				}
			})
		})
	}
}

// shorts are the last lines of texts.
func shorts(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s[strings.LastIndex(s, "\n")+1:]
	}
	return out
}

// TestALongAnswerGoesOnOutside: what was sent into the thread before it was
// lost is not sent again.
func TestALongAnswerGoesOnOutside(t *testing.T) {
	inThreads(t, func(s *shift) {
		id, _, own := s.threaded("a.ru")
		sends := 0
		s.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome {
			if c.Chat() > 0 && c.Thread() != 0 {
				if sends++; sends > 1 {
					return telegramsim.Refuse(400, "Bad Request: message thread not found", "")
				}
			}
			return telegramsim.Outcome{}
		})
		text := longText(7000)
		s.post(s.news(id, text), s.news(id, "Следом"))
		s.drain()
		inside, outside := botTexts(own.Chat), botTexts(s.outside())
		if len(inside) != 2 || len(outside) != 3 || outside[2] != "Следом" {
			t.Fatalf("%d messages inside, outside %q", len(inside), outside)
		}
		if got := inside[1] + "\n" + outside[1]; squeeze(got) != squeeze(text) {
			t.Errorf("came as %q", got)
		}
	})
}

// TestAThreadThatCannotBeMade: the chat serves where Telegram says no, and what
// only failed for the moment is tried again, reminders too.
func TestAThreadThatCannotBeMade(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer telegramsim.Outcome
		inside bool
	}{
		{"switched off", telegramsim.Refuse(400, "Bad Request: the chat is not a forum", ""), false},
		{"too many", telegramsim.Refuse(400, "Bad Request: TOPICS_TOO_MUCH", ""), false},
		{"too fast", telegramsim.Refuse(429, "Too Many Requests: retry after 5", `{"retry_after":5}`), true},
		{"no answer", telegramsim.Outcome{Drop: true}, true},
		{"a server's error", telegramsim.Outcome{Status: 502, Body: "<html>"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			inThreads(t, func(s *shift) {
				id, _ := s.ticket(s.anna, "a.ru")
				failed := false
				s.world.SetFault(func(call telegramsim.Call) (out telegramsim.Outcome) {
					if call.Chat() > 0 && call.Method == "createforumtopic" && !failed {
						failed, out = true, c.answer
					}
					return out
				})
				reminder := s.news(id, "Ждём ответа")
				reminder.Once = true
				s.post(reminder, s.news(id, "Следом"))
				s.drain()
				at := s.outside()
				if c.inside {
					at = s.inside(id).Chat
				}
				said := botTexts(at)
				s.same("said", said[max(0, len(said)-2):], []string{"Ждём ответа", "Следом"})
				s.count(s.anna.Chat, "Ждём ответа", 1)
			})
		})
	}
}

// TestNoThreadIsPromised where none could be made.
func TestNoThreadIsPromised(t *testing.T) {
	inThreads(t, func(s *shift) {
		s.fills(s.anna)
		s.bot.SetTopics(false, false)
		s.presses(s.anna, "Отправить")
		s.hears(s.anna.Chat, "T-1001 принята")
		s.count(s.anna.Chat, "в отдельной теме", 0)
	})
}

// TestABlockedCustomerGetsNoThread, and whoever wrote to them is told why.
func TestABlockedCustomerGetsNoThread(t *testing.T) {
	inThreads(t, func(s *shift) {
		id, topic := s.ticket(s.anna, "a.ru")
		s.does(nil, s.anna.Block())
		s.does(s.olga.In(topic).Send("Смотрю"))
		s.count(topic, "клиент заблокировал бота", 1)
		if len(s.anna.Topics()) != 0 || s.stored(id).Thread != 0 {
			t.Errorf("topics: %v", s.anna.Topics())
		}
	})
}

// TestAThreadIsMadeOnce, though the store is away when it is to be recorded.
func TestAThreadIsMadeOnce(t *testing.T) {
	inThreads(t, func(s *shift) {
		id, _ := s.ticket(s.anna, "a.ru")
		s.store.mu.Lock()
		s.store.settle = 3
		s.store.mu.Unlock()
		s.post(s.news(id, "Принята"))
		s.drain()
		if topics := s.anna.Topics(); len(topics) != 1 {
			t.Errorf("topics: %v", topics)
		}
		s.same("inside", botTexts(s.inside(id).Chat), []string{"Принята"})
	})
}

// TestWhatIsSaidInAThreadKeepsItsTurn among everything else of the chat: one
// line of sending, one lane of work (P2, P4).
func TestWhatIsSaidInAThreadKeepsItsTurn(t *testing.T) {
	inThreads(t, func(s *shift) {
		_, one, own := s.threaded("a.ru")
		for i, text := range []string{"1", "2", "3", "4", "5", "6"} {
			seat := own
			if i%2 == 1 {
				seat = s.anna
			}
			if _, err := seat.Send(text); err != nil {
				t.Fatal(err)
			}
		}
		s.settled()
		var got []string
		for line := range strings.Lines(strings.Join(botTexts(one)[1:], "\n")) {
			if line = strings.TrimSpace(line); len(line) == 1 {
				got = append(got, line)
			}
		}
		s.same("the topic", got, []string{"1", "2", "3", "4", "5", "6"})
	})
}
