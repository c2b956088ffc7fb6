package main

import (
	"context"
	"fmt"
	"testing"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/dialog"
	"intakebot/tickets"
)

// TestMenus asks Telegram what the menus of commands have come to: in a private
// chat in the reader's language, Russian for all that is not English, and in the
// group the agents' commands in the desk's language.
func TestMenus(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), hangs)
	defer cancel()
	s := newStage(tickets.Russian)
	events := s.world.Subscribe()
	defer events.Close()
	api, err := tg.New(demoToken, tg.WithSkipGetMe(), tg.WithServerURL(startDesk(t, s, tickets.English)))
	if err != nil {
		t.Fatal(err)
	}
	menu := func(scope models.BotCommandScope, lang string) (list []models.BotCommand) {
		for len(list) == 0 {
			if list, err = api.GetMyCommands(ctx, &tg.GetMyCommandsParams{Scope: scope, LanguageCode: lang}); err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				if _, err := events.Next(ctx); err != nil {
					t.Fatalf("no menu for %T in %q: %v", scope, lang, err)
				}
			}
		}
		return list
	}
	for lang, want := range map[string]string{"": "новая заявка", "en": "new ticket"} {
		list := menu(&models.BotCommandScopeAllPrivateChats{}, lang)
		var names, rows []string
		for _, c := range dialog.Commands {
			rows = append(rows, c.Name)
		}
		for _, c := range list {
			names = append(names, c.Command)
		}
		if fmt.Sprint(names) != fmt.Sprint(rows) || list[0].Description != want {
			t.Errorf("in %q: %v", lang, list)
		}
	}
	list := menu(&models.BotCommandScopeChat{ChatID: s.desk.ID()}, "")
	if len(list) != len(tickets.Actions) || list[0] != (models.BotCommand{Command: "take", Description: "take the ticket and begin the work"}) {
		t.Errorf("the agents': %v", list)
	}
}
