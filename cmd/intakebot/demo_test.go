package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// whole are lines of the whole story, in their order: filed, taken, answered, added
// to, noted, solved, rated, taken up again, closed, rated again.
var whole = map[tickets.Lang][]string{
	tickets.Russian: {
		"┌─ Чат с ботом: Анна Петрова", "│ Анна Петрова нажимает [ Отправить ]", "тема «🆕 T-1001»", "HTTP 500", "[снимок экрана]",
		"│ Олег Агентов нажимает [ Взять ]", "тема теперь называется: 🔧 T-1001", "│ Олег Агентов:", "Поддержка ставит 👌 на «Анна, здравствуйте!",
		"👤 Анна Петрова", "// Мария, это", "нажимает [ Решена ]", "— тема закрыта", "оценку 2 из 5", "— тема снова открыта",
		"│ Мария Ли нажимает [ Взять ]", "нажимает [ Закрыть ]", "Заявка T-1001 закрыта", "Ваша оценка: 5 из 5",
	},
	tickets.English: {
		"┌─ Chat with the bot: Emily Clark", "│ Emily Clark presses [ Send ]", "topic “🆕 T-1001”", "HTTP 500", "[screenshot]",
		"│ Oleg Agent presses [ Take ]", "topic's name is now: 🔧 T-1001", "│ Oleg Agent:", "Support puts 👌 on “Hello Emily!",
		"👤 Emily Clark", "// Maria, this", "presses [ Solved ]", "— the topic is closed", "T-1001 2 of 5", "— the topic is open again",
		"│ Maria Lee presses [ Take ]", "presses [ Close ]", "Ticket T-1001 is closed", "Your rating: 5 of 5",
	},
}

// TestPlay: a ticket's whole life, in both languages, in processes of their own.
func TestPlay(t *testing.T) {
	t.Parallel() // one message comes after another, which takes its time
	for lang, lines := range whole {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			p := start(t, nil, "demo", "--play", "--lang", string(lang))
			if code := p.wait(t); code != 0 {
				t.Errorf("exit status %d\n%s", code, p.err)
			}
			rest := p.out.String()
			for _, line := range lines {
				_, after, found := strings.Cut(rest, line)
				if !found {
					t.Fatalf("the story lacks %q from here on:\n%s", line, rest)
				}
				rest = after
			}
			if said := p.err.String(); said != "" {
				t.Errorf("it complains: %s", said)
			}
		})
	}
}

// TestPlayKeepsItsLines: no line is wider than a window that is not wide, and a line
// goes on where it began.
func TestPlayKeepsItsLines(t *testing.T) {
	got := wrapped("    one two three", 12)
	if want := []string{"    one two", "    three"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for _, whole := range []string{"", "    averyveryverylongword"} {
		if got := wrapped(whole, 12); !slices.Equal(got, []string{whole}) {
			t.Errorf("%q became %q", whole, got)
		}
	}
}

// TestPlayBreaksOff: where the bot cannot go on, the story ends with an error.
func TestPlayBreaksOff(t *testing.T) {
	for name, refusal := range map[string]telegramsim.Outcome{
		"sendmessage": telegramsim.Refuse(403, "Forbidden: bot was blocked by the user", ""), // nothing is heard of it any more
		"getupdates":  telegramsim.Refuse(401, "Unauthorized", ""),                           // it ends
		"copymessage": telegramsim.Refuse(400, "Bad Request: message can't be copied", ""),   // a picture never arrives
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			err := brokenPlay(t, ctx, func(c telegramsim.Call) telegramsim.Outcome {
				switch {
				case c.Method != name:
					return telegramsim.Outcome{}
				case name != "getupdates":
					cancel() // the two minutes that a story may take, in short
				}
				return refusal
			})
			if status(err) == 0 {
				t.Error("a story that broke off ends well")
			}
		})
	}
}

func brokenPlay(t *testing.T, ctx context.Context, fault telegramsim.Fault) error {
	s := newStage(tickets.English)
	defer s.world.Close()
	server, address, err := s.open("127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	cfg, err := s.settings(address, filepath.Join(t.TempDir(), "x.db")).config()
	if err != nil {
		t.Fatal(err)
	}
	cfg.policy.Agents.Lang, cfg.limiter = tickets.English, newHurry()
	s.world.SetFault(fault)
	c := demoCmd{Play: true, Lang: "en"}
	return c.play(ctx, s, cfg, slog.New(slog.DiscardHandler), streams{io.Discard, io.Discard})
}

// TestDemo: the page is there, the file is kept where it was asked for, and
// Ctrl-C ends it.
func TestDemo(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "kept")
	p := start(t, nil, "demo", "--lang", "en", "--listen", "127.0.0.1:0", "--data", folder)
	if err := p.out.expect(patient(t), p.exited, "Ctrl-C ends it."); err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(p.out.String())
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(page), "<html") {
		t.Errorf("the page: %s, %v\n%s", resp.Status, err, page)
	}
	if code := p.stop(t); code != 0 {
		t.Errorf("exit status %d after Ctrl-C\n%s", code, p.err)
	}
	if _, err := os.Stat(filepath.Join(folder, "intakebot.db")); err != nil {
		t.Error(err)
	}
}

// TestDemoLeavesNothing: without --data the file is gone afterwards.
func TestDemoLeavesNothing(t *testing.T) {
	tmp := t.TempDir()
	p := start(t, map[string]string{"TMPDIR": tmp}, "demo", "--listen", "127.0.0.1:0")
	if err := p.out.expect(patient(t), p.exited, "Ctrl-C"); err != nil {
		t.Fatal(err)
	}
	if code := p.stop(t); code != 0 {
		t.Errorf("exit status %d\n%s", code, p.err)
	}
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestTwoDemos: a second one takes another port where the first has the usual.
func TestTwoDemos(t *testing.T) {
	addresses := map[string]bool{}
	for range 2 {
		p := start(t, nil, "demo")
		if err := p.out.expect(patient(t), p.exited, "Ctrl-C"); err != nil {
			t.Fatal(err)
		}
		addresses[regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(p.out.String())] = true
	}
	if len(addresses) != 2 || addresses[""] {
		t.Errorf("two demos at %v", addresses)
	}
}
