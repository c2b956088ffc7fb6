package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// floodEvery is the time between two messages of somebody who sends a thousand
// a minute.
const floodEvery = 60 * time.Millisecond

// flooding is a desk with somebody who sends a thousand messages a minute, and
// another customer who says something now and then meanwhile.
type flooding struct {
	*shift
	id    int64             // of the flooder's ticket
	topic *telegramsim.Chat // of the flooder's ticket
	boris *telegramsim.Seat
	other *telegramsim.Chat // of Boris's ticket
}

func atFlood(t *testing.T, test func(*flooding)) {
	t.Helper()
	atDesk(t, func(s *shift) {
		f := &flooding{shift: s, boris: s.world.AddPerson("Boris").With(s.bot)}
		s.does(f.boris.Start(""))
		f.id, f.topic = s.ticket(s.anna, "anna.ru")
		_, f.other = s.ticket(f.boris, "boris.ru")
		s.pass(2 * time.Minute) // nothing is counted any more
		test(f)
	})
}

// flood has Anna do something a thousand times a minute for three minutes. Boris
// adds something to his ticket every 20 seconds; the longest that this took to
// be in his topic comes back, after the last of it.
func (f *flooding) flood(do func(i int) error) (slowest time.Duration) {
	f.Helper()
	said := map[string]time.Time{}
	look := func() {
		for text, since := range said {
			if f.isIn(f.other, text) {
				slowest = max(slowest, time.Since(since))
				delete(said, text)
			}
		}
	}
	for i, end := 0, time.Now().Add(3*time.Minute); time.Now().Before(end); i++ {
		if err := do(i); err != nil {
			f.Fatal(err)
		}
		if i%333 == 0 {
			text := fmt.Sprint("Вопрос ", i)
			if _, err := f.boris.Send(text); err != nil {
				f.Fatal(err)
			}
			said[text] = time.Now()
		}
		f.pass(floodEvery)
		look()
	}
	for len(said) > 0 {
		f.pass(time.Second)
		look()
	}
	return slowest
}

// acts checks that somebody could do something.
func (f *flooding) acts(_ any, err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f *flooding) isIn(ch *telegramsim.Chat, words string) bool {
	for _, m := range botMessages(ch) {
		if m.Has(words) {
			return true
		}
	}
	return false
}

// told is how often the flooder was asked for patience.
func (f *flooding) told() int {
	n := 0
	for _, m := range botMessages(f.anna.Chat) {
		if m.Has("Слишком много сообщений") {
			n++
		}
	}
	return n
}

// floods are ways to do something a thousand times a minute, by their names, and
// how often the flooder is told at least.
var floods = map[string]struct {
	told int
	do   func(*flooding) func(i int) error
}{
	"short texts": {3, func(f *flooding) func(int) error {
		return func(i int) error { _, err := f.anna.Send(fmt.Sprint("Ау ", i)); return err }
	}},
	"long texts": {3, func(f *flooding) func(int) error {
		long := strings.Repeat("ы ", 2000)
		return func(i int) error { _, err := f.anna.Send(fmt.Sprint(i, long)); return err }
	}},
	"pictures": {3, func(f *flooding) func(int) error {
		shot := pngBytes(f, 1)
		return func(int) error { _, err := f.anna.SendPhoto(shot, ""); return err }
	}},
	"albums": {3, func(f *flooding) func(int) error {
		ten := slices.Repeat([]telegramsim.AlbumItem{{Data: pngBytes(f, 1)}}, 10)
		return func(i int) (err error) {
			if i%10 == 0 {
				_, err = f.anna.SendAlbum(ten)
			}
			return err
		}
	}},
	"edits": {3, func(f *flooding) func(int) error {
		m, err := f.anna.Send("Ещё вот что")
		f.does(m, err)
		return func(i int) error { _, err := f.anna.Edit(m.ID, fmt.Sprint("Ещё вот что ", i)); return err }
	}},
	"presses": {3, func(f *flooding) func(int) error {
		data, on := tickets.TicketPress("c.show", f.id, ""), botMessages(f.anna.Chat)[0].ID
		return func(int) error { _, err := f.anna.PressData(on, data); return err }
	}},
	"reactions": {0, func(f *flooding) func(int) error { // nobody looks at a customer's
		on := botMessages(f.anna.Chat)[0].ID
		return func(i int) error { return f.anna.React(on, []string{"👍", "👎"}[i%2]) }
	}},
}

// TestAFloodFillsNoTopic has a customer with a ticket send a thousand messages a
// minute, of each kind. Their topic gets what the limit lets through and no
// more, another's addition has its turn within half a minute, though the group
// has but 20 messages a minute, the flooder is told once a minute that the rest
// was not taken, and is taken again after it.
//
// Without the counter the topic gets thousands. Without the turns of the queue
// and the weights Boris waited for six minutes behind long texts, and edits were
// counted by nobody.
func TestAFloodFillsNoTopic(t *testing.T) {
	for name, c := range floods {
		t.Run(name, func(t *testing.T) {
			atFlood(t, func(f *flooding) {
				do, before := c.do(f), len(botMessages(f.topic))
				if slowest := f.flood(do); slowest > 30*time.Second {
					f.Errorf("another customer's message was %v on its way", slowest)
				}
				f.drain()
				if n := len(botMessages(f.topic)) - before; n > 60 {
					f.Errorf("%d messages of three minutes are in the topic", n)
				}
				if n := f.told(); n < c.told || n > 4 {
					f.Errorf("told %d times in three minutes\n%s", n, f.anna.Chat.Transcript())
				}
				f.pass(time.Minute)
				f.does(f.anna.Send("Теперь спокойно"))
				if !f.isIn(f.topic, "Теперь спокойно") {
					f.Errorf("not taken after the flood\n%s", f.topic.Transcript())
				}
			})
		})
	}
}

// TestAFloodInTheIntake has somebody flood in the middle of a draft, while
// another customer is asked question after question: none waits because of it,
// the agents hear nothing, and the draft is what it was.
func TestAFloodInTheIntake(t *testing.T) {
	atDesk(t, func(s *shift) {
		f := &flooding{shift: s, boris: s.world.AddPerson("Boris").With(s.bot)}
		s.does(s.anna.Send("/new"))
		s.does(f.boris.Start(""))
		before := len(botMessages(s.desk.Chat))
		for i := range 1000 {
			f.acts(s.anna.Send(fmt.Sprint("Ау ", i)))
			if i%100 == 50 {
				f.acts(f.boris.Send("/new"))
				n := len(botMessages(f.boris.Chat))
				s.pass(2 * time.Second)
				if len(botMessages(f.boris.Chat)) <= n {
					s.Errorf("the other customer waits\n%s", f.boris.Chat.Transcript())
				}
			}
			s.pass(floodEvery)
		}
		s.settled()
		if n := f.told(); n < 1 || n > 2 {
			s.Errorf("told %d times\n%s", n, s.anna.Chat.Transcript())
		}
		if n := len(botMessages(s.desk.Chat)) - before; n > 0 {
			s.Errorf("%d messages to the agents", n)
		}
		s.pass(time.Minute)
		s.does(s.anna.Send("Теперь спокойно"))
		s.hears(s.anna.Chat, "О чём ваша заявка?")
	})
}

// TestWhatFloodedIsNamed has the refusal stand below the first message that was
// not taken, so that the customer knows from where on to send again.
func TestWhatFloodedIsNamed(t *testing.T) {
	atFlood(t, func(f *flooding) {
		var sent []telegramsim.Message
		for i := range 70 {
			m, err := f.anna.Send(fmt.Sprint("Часть ", i))
			if err != nil {
				f.Fatal(err)
			}
			sent = append(sent, m)
		}
		f.settled()
		no := f.hears(f.anna.Chat, "не принял", "отправьте их ещё раз")
		if to := no.Raw.ReplyToMessage; to == nil || to.ID != sent[60].ID {
			f.Errorf("it stands below %v, want %d", to, sent[60].ID)
		}
		if !f.isIn(f.topic, "Часть 59") || f.isIn(f.topic, "Часть 60") {
			f.Errorf("not what was said\n%s", f.topic.Transcript())
		}
	})
}
