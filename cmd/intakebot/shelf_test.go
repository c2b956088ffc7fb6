package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/tickets"
)

// TestShelf: an update that was set aside is listed without its words (P8), and
// worked on when somebody asks for it (P6).
func TestShelf(t *testing.T) {
	th := newTheatre(t)
	file := filepath.Join(t.TempDir(), "x.db")
	env, anna := th.env(t, "sqlite:"+file), th.person("Anna")
	u := anna.User()
	body, err := json.Marshal(models.Update{ID: 77, Message: &models.Message{
		ID: 5, Date: int(time.Now().Unix()), Text: "My basket stays empty, whatever I put there", From: &u,
		Chat: models.Chat{ID: anna.ID(), Type: models.ChatTypePrivate},
	}})
	if err != nil {
		t.Fatal(err)
	}
	shelve(t, file, tickets.Shelved{
		Update: tickets.Update{ID: 77, Chat: anna.ID(), Message: 5}, Body: body, Cause: "panic: out of ideas", At: time.Now(),
	})
	for _, look := range []struct{ args, says string }{
		{"shelf", fmt.Sprintf("update 77  chat %d  panic: out of ideas\n1 set aside\n", anna.ID())},
		{"shelf --retry", "update 77: done\n"},
		{"shelf", "0 set aside\n"},
	} {
		p := start(t, env, strings.Fields(look.args)...)
		if code := p.wait(t); code != 0 || !strings.HasSuffix(p.out.String(), look.says) {
			t.Errorf("%s: status %d\n%s%s", look.args, code, p.out, p.err)
		}
		if strings.Contains(p.out.String()+p.err.String(), "basket") {
			t.Errorf("%s tells a customer's words", look.args)
		}
	}
	if _, err := anna.Send("/help"); err != nil { // a bot may write to those who have written
		t.Fatal(err)
	}
	p := start(t, env, "run")
	if _, err := anna.Expect(patient(t), "I kept this for the description"); err != nil {
		t.Error(err)
	}
	for _, look := range []struct {
		args, says string
		code       int
	}{
		{"shelf", "0 set aside", 0}, // while the bot runs
		{"shelf --retry", "another intakebot has it open: stop that one first", exitFailed},
	} {
		q := start(t, env, strings.Fields(look.args)...)
		if code := q.wait(t); code != look.code || !strings.Contains(q.out.String()+q.err.String(), look.says) {
			t.Errorf("%s beside a bot: status %d\n%s%s", look.args, code, q.out, q.err)
		}
	}
	if code := p.stop(t); code != 0 {
		t.Errorf("exit status %d\n%s", code, p.err)
	}
}

func shelve(t *testing.T, file string, s tickets.Shelved) {
	t.Helper()
	store, err := openStore(t.Context(), database{file: file}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(store.Shelve(t.Context(), s), store.Close()); err != nil {
		t.Fatal(err)
	}
}
